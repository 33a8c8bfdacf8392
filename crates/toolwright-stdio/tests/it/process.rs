//! Own stdin and stdout: this test binary runs itself as the server.
use std::{
    env,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio, exit},
    sync::Arc,
};

use toolwright_stdio::{Options, serve};

use crate::{double::Double, wire::request};

const RUNTIME: &str = "TOOLWRIGHT_STDIO_TEST_RUNTIME";

/// The server. Does nothing as a test.
#[test]
fn server() {
    let Ok(runtime) = env::var(RUNTIME) else { return };
    let mut runtime = match runtime.as_str() {
        "current thread" => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = runtime.enable_all().build().unwrap();
    let result = runtime.block_on(serve(Arc::new(Double::default()), Options::new()));
    // As when `main` returns.
    drop(runtime);
    if let Err(error) = &result {
        eprintln!("{error}");
    }
    exit(i32::from(result.is_err()));
}

struct Server {
    child: Child,
    from: BufReader<ChildStdout>,
}

impl Server {
    fn start() -> Self {
        Self::start_on("multi thread")
    }

    fn start_on(runtime: &str) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "process::server", "--nocapture", "--test-threads=2"])
            .env(RUNTIME, runtime)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut from = BufReader::new(child.stdout.take().unwrap());
        // What the test harness says before it runs a test; everything after this is the server's.
        let mut banner = [0; "\nrunning 1 test\n".len()];
        from.read_exact(&mut banner).unwrap();
        assert_eq!(&banner, b"\nrunning 1 test\n");
        Self { child, from }
    }

    fn send(&mut self, bytes: &str) {
        self.child.stdin.as_mut().unwrap().write_all(bytes.as_bytes()).unwrap();
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.from.read_line(&mut line).unwrap();
        line
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    fn hang_up(&mut self) {
        self.child.stdin = None;
    }

    /// All that is left of stdout and stderr, and how the process ended.
    fn rest(mut self) -> (String, String, ExitStatus) {
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.from.read_to_string(&mut stdout).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let stdin = self.child.stdin.take();
        let status = self.child.wait().unwrap();
        drop(stdin);
        (stdout, stderr, status)
    }
}

/// Requests that end when the server drains, known to have started.
fn start_64_calls(server: &mut Server) {
    for id in 0..64 {
        server.send(&request(id, "listen"));
    }
    server.send(&request(64, "echo"));
    assert_eq!(server.line(), "{\"jsonrpc\":\"2.0\",\"id\":64,\"result\":null}\n");
}

fn check_64_answers((stdout, stderr, status): (String, String, ExitStatus)) {
    let mut lines: Vec<_> = stdout.lines().collect();
    let mut expected: Vec<_> =
        (0..64).map(|id| format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":\"drained\"}}")).collect();
    lines.sort_unstable();
    expected.sort_unstable();
    assert_eq!(lines, expected);
    assert_eq!(stderr, "");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn stdin_that_ends_at_once_ends_the_process_well() {
    for runtime in ["multi thread", "current thread"] {
        let mut server = Server::start_on(runtime);
        server.hang_up();
        let (stdout, stderr, status) = server.rest();
        assert_eq!((stdout.as_str(), stderr.as_str(), status.code()), ("", "", Some(0)));
    }
}

#[test]
fn ten_thousand_pipelined_requests_then_the_end() {
    for runtime in ["multi thread", "current thread"] {
        let mut server = Server::start_on(runtime);
        let mut stdin = server.child.stdin.take().unwrap();
        let writer = std::thread::spawn(move || {
            let input: String = (0..10_000).map(|id| request(id, "echo")).collect();
            stdin.write_all(input.as_bytes()).unwrap();
        });
        let (stdout, stderr, status) = server.rest();
        writer.join().unwrap();
        let expected: String =
            (0..10_000).map(|id| format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":null}}\n")).collect();
        assert!(stdout == expected, "{} bytes instead of {}", stdout.len(), expected.len());
        assert_eq!((stderr.as_str(), status.code()), ("", Some(0)));
    }
}

#[test]
fn the_end_of_input_waits_for_running_calls() {
    let mut server = Server::start();
    start_64_calls(&mut server);
    server.hang_up();
    check_64_answers(server.rest());
}

#[test]
#[cfg(unix)]
fn terminating_waits_for_running_calls_although_stdin_stays_open() {
    for signal in ["TERM", "INT"] {
        for runtime in ["multi thread", "current thread"] {
            let mut server = Server::start_on(runtime);
            start_64_calls(&mut server);
            server.signal(signal);
            check_64_answers(server.rest());
        }
    }
}

#[test]
#[cfg(unix)]
fn a_second_signal_does_not_wait() {
    let mut server = Server::start();
    server.send(&request(1, "hold"));
    server.send(&request(2, "listen"));
    server.send(&request(3, "echo"));
    assert_eq!(server.line(), "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":null}\n");
    server.signal("TERM");
    assert_eq!(server.line(), "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"drained\"}\n");
    server.signal("TERM");
    let (stdout, stderr, status) = server.rest();
    assert_eq!((stdout.as_str(), status.code()), ("", Some(1)));
    assert_eq!(stderr, "interrupted before all running calls had finished\n");
}

#[test]
#[cfg(unix)]
fn a_signal_after_the_end_of_input_takes_no_answer_away() {
    let mut server = Server::start();
    server.send(&request(1, "terminated"));
    server.send(&request(2, "listen"));
    server.hang_up();
    assert_eq!(server.line(), "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"drained\"}\n");
    server.signal("TERM");
    let (stdout, stderr, status) = server.rest();
    assert_eq!(stdout, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"terminated\"}\n");
    assert_eq!((stderr.as_str(), status.code()), ("", Some(0)));
}

#[test]
fn a_client_that_closed_stdout_ends_the_process_well() {
    let mut server = Server::start();
    server.send(&request(1, "hold"));
    let Server { mut child, from } = server;
    drop(from);
    let stdin = child.stdin.take();
    stdin.as_ref().unwrap().write_all(request(2, "echo").as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    drop(stdin);
}
