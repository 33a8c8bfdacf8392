use std::{
    error::Error,
    ffi::OsString,
    fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Stdio},
    time::Duration,
};

use super::contender::Contender;
use crate::{measure::cpu, pin};

/// A server in a process of its own.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    address: SocketAddr,
    threads_end: bool,
}

/// KiB of memory, now and at the most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memory {
    pub(super) now: u64,
    pub(super) peak: u64,
}

impl Running {
    pub(crate) fn start(contender: &Contender, arguments: &[OsString]) -> Result<Self, Box<dyn Error>> {
        let mut command = pin::on_server_core(contender.program.as_os_str());
        let mut child = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().ok_or("no stdout")?;
        let mut running =
            Self { child, address: SocketAddr::from(([0; 4], 0)), threads_end: contender.threads_end };
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        running.address = line.trim().parse().map_err(|_| format!("it did not start; it wrote {line:?}"))?;
        Ok(running)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// CPU time so far.
    pub(super) fn cpu(&self) -> Result<Duration, Box<dyn Error>> {
        if self.threads_end {
            cpu::ticks_of_process(self.child.id())
        } else {
            cpu::of_process(self.child.id())
        }
    }

    pub(super) fn memory(&self) -> Result<Memory, Box<dyn Error>> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let field = |name: &str| -> Result<u64, Box<dyn Error>> {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such field")?;
            Ok(line.trim().trim_end_matches("kB").trim().parse()?)
        };
        Ok(Memory { now: field("VmRSS:")?, peak: field("VmHWM:")? })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has been measured; nobody waits for it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
