use std::{
    io,
    process::{ExitStatus, Stdio},
    thread,
    time::Duration,
};

use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop};
use tokio::process::{ChildStderr, ChildStdin, ChildStdout, Command};

/// POSIX gives it this number in the arguments of `kill`.
#[cfg(unix)]
const SIGTERM: i32 = 15;

/// A process and all that it starts.
#[derive(Debug)]
pub(super) struct Process {
    inner: Box<dyn ChildWrapper>,
    reaped: bool,
}

/// Its ends of the pipes.
pub(super) struct Pipes {
    pub(super) stdin: ChildStdin,
    pub(super) stdout: ChildStdout,
    pub(super) stderr: Option<ChildStderr>,
    pub(super) pid: Option<u32>,
}

impl Process {
    pub(super) fn start(mut command: Command, stderr: Stdio) -> io::Result<(Self, Pipes)> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(stderr);
        let mut command = CommandWrap::from(command);
        command.wrap(KillOnDrop);
        #[cfg(unix)]
        command.wrap(process_wrap::tokio::ProcessGroup::leader());
        #[cfg(windows)]
        {
            let mut flags = process_wrap::tokio::CreationFlags(Default::default());
            // CREATE_NO_WINDOW: no console pops up when this process has none.
            flags.0.0 = 0x0800_0000;
            command.wrap(flags).wrap(process_wrap::tokio::JobObject);
        }
        let mut process = Self { inner: command.spawn()?, reaped: false };
        let (stdin, stdout) = (process.inner.stdin().take(), process.inner.stdout().take());
        let (Some(stdin), Some(stdout)) = (stdin, stdout) else {
            return Err(io::Error::other("the process has no pipes"));
        };
        let pipes = Pipes { stdin, stdout, stderr: process.inner.stderr().take(), pid: process.inner.id() };
        Ok((process, pipes))
    }

    /// Resolves when the process itself has ended, whatever became of those that it started.
    pub(super) async fn exited(&mut self) -> Option<ExitStatus> {
        self.inner.inner_mut().wait().await.ok()
    }

    /// Asks the process and all that it started to end.
    pub(super) fn terminate(&mut self) {
        #[cfg(unix)]
        let done = self.inner.signal(SIGTERM);
        #[cfg(not(unix))]
        let done = self.inner.start_kill();
        note(done);
    }

    /// Ends the process and all that it started.
    pub(super) fn kill(&mut self) {
        note(self.inner.start_kill());
    }

    /// Leaves no zombie behind. After [`kill`](Self::kill).
    pub(super) async fn reap(&mut self) {
        note(self.inner.wait().await.map(|_| ()));
        self.reaped = true;
    }
}

/// A group that has ended cannot be signalled, which is as well.
fn note(done: io::Result<()>) {
    if let Err(error) = done {
        tracing::trace!(%error, "a server's processes are gone already");
    }
}

impl Drop for Process {
    /// Without a runtime nothing can wait, so this does, for the moment that dying takes.
    fn drop(&mut self) {
        if self.reaped {
            return;
        }
        self.kill();
        for _ in 0..100 {
            if !matches!(self.inner.inner_mut().try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}
