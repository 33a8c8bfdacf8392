//! One core for the server, one for whoever asks, so that neither is in the other's way.
//!
//! With one request at a time, most of what is measured is waking up. On a core of its own a server has to be woken for each request, on
//! the asker's it takes over when that goes to sleep, which costs a tenth; and which of the two happens the system decides anew for each
//! process.
use std::{
    ffi::OsStr,
    process::{self, Command, Stdio},
    thread,
};

const SERVER: &str = "0";
const ASKER: &str = "1";

/// A command whose process stays on the server's core, where the system can do that.
pub(crate) fn on_server_core(program: &OsStr) -> Command {
    if !possible() {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["-c", SERVER]).arg(program);
    command
}

/// Keeps this process on the other core. Whether that worked.
pub(crate) fn stay_off() -> bool {
    possible() && taskset(&["-a", "-c", "-p", ASKER, &process::id().to_string()])
}

fn possible() -> bool {
    thread::available_parallelism().is_ok_and(|count| count.get() > 1) || taskset(&["-c", SERVER, "true"])
}

fn taskset(arguments: &[&str]) -> bool {
    let mut command = Command::new("taskset");
    let command = command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
