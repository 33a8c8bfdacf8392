//! A process that has the faults: this test binary runs itself.
#![cfg(all(unix, feature = "child"))]
#![allow(clippy::print_stderr, reason = "it says there what tests want to know")]
use std::{
    env,
    io::{Write as _, stdin, stdout},
    path::Path,
    process::{Command, exit, id},
    sync::{Arc, Mutex},
};

use tokio::sync::Notify;
use toolwright::client::{Child, Stderr};

use super::{
    case::LIMIT,
    place::{Framing, Step},
    server::{self, Reply},
};

const CHILD: &str = "TOOLWRIGHT_FAULTS_TEST_CHILD";

/// The server. Does nothing as a test.
#[test]
fn server() {
    if env::var_os(CHILD).is_none() {
        return;
    }
    eprintln!("pid {}", id());
    // The harness may have begun a line.
    let mut ended = false;
    for line in stdin().lines().map_while(Result::ok) {
        let message = serde_json::from_str(&line).unwrap();
        match server::reply(&message, Framing::Lines, false) {
            Reply::Accepted => {}
            Reply::Message(message) => write(format!("{message}\n").as_bytes(), &mut ended),
            Reply::Fault(reaction) => perform(&reaction.steps, &mut ended),
        }
    }
    exit(0);
}

fn perform(steps: &[Step], ended: &mut bool) {
    for (number, step) in steps.iter().enumerate() {
        match step {
            Step::Data(data) => {
                // Only the first piece can follow on something else.
                *ended |= number > 0;
                write(data, ended);
            }
            Step::Close => exit(3),
            Step::Kill => {
                Command::new("kill").args(["-KILL", &id().to_string()]).status().unwrap();
                loop {
                    std::thread::park();
                }
            }
            Step::Silence => {
                eprintln!("silent");
                return;
            }
        }
    }
    write(format!("{}\n", server::over()).as_bytes(), ended);
}

fn write(bytes: &[u8], ended: &mut bool) {
    let mut stdout = stdout().lock();
    if !*ended {
        stdout.write_all(b"\n").unwrap();
    }
    stdout.write_all(bytes).unwrap();
    stdout.flush().unwrap();
    *ended = bytes.ends_with(b"\n") || bytes.is_empty();
}

/// The processes that were started.
#[derive(Clone, Default)]
pub(super) struct Processes(Arc<Mutex<Vec<String>>>);

impl Processes {
    pub(super) fn are_gone(&self) -> bool {
        self.0.lock().unwrap().iter().all(|id| !Path::new("/proc").join(id).exists())
    }
}

pub(super) fn child(silent: &Arc<Notify>) -> (Processes, Child) {
    let (processes, silent) = (Processes::default(), silent.clone());
    let started = processes.clone();
    let stderr = Stderr::lines(move |line| match line.strip_prefix("pid ") {
        Some(id) => started.0.lock().unwrap().push(id.to_owned()),
        None if line == "silent" => silent.notify_one(),
        None => {}
    });
    let child = Child::new(env::current_exe().unwrap())
        .args(["--exact", "faults::child::server", "--nocapture", "--test-threads=2"])
        .env(CHILD, "1")
        .longest(LIMIT)
        .stderr(stderr);
    (processes, child)
}
