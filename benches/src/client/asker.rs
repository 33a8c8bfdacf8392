use std::{
    error::Error,
    ffi::OsString,
    io::{BufRead as _, BufReader, Write as _},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use crate::measure::cpu;

/// A client that takes part.
#[derive(Clone, Debug)]
pub(super) struct Contender {
    pub(super) name: &'static str,
    pub(super) program: PathBuf,
}

/// A client in a process of its own, connected.
pub(super) struct Asker {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

/// What so many calls took, each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    /// Microseconds of CPU of the client's process.
    pub(super) cpu: f64,
    /// Microseconds from the first to the last, by their number.
    pub(super) wall: f64,
}

impl Asker {
    pub(super) fn start(contender: &Contender, arguments: &[OsString]) -> Result<Self, Box<dyn Error>> {
        let mut command = Command::new(&contender.program);
        let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (stdin, stdout) =
            (child.stdin.take().ok_or("no stdin")?, child.stdout.take().ok_or("no stdout")?);
        let mut asker = Self { child, stdin, stdout: BufReader::new(stdout) };
        let line = asker.line()?;
        if line != "ready" {
            return Err(format!("{} did not connect; it wrote {line:?}", contender.name).into());
        }
        Ok(asker)
    }

    /// Makes `count` calls, `deep` of them under way at once.
    pub(super) fn call(&mut self, count: u32, deep: u32) -> Result<Cost, Box<dyn Error>> {
        let before = cpu::of_process(self.child.id())?;
        writeln!(self.stdin, "{count} {deep}")?;
        let wall = Duration::from_nanos(self.line()?.parse()?);
        let cpu = cpu::of_process(self.child.id())?.saturating_sub(before);
        let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(count);
        Ok(Cost { cpu: each(cpu), wall: each(wall) })
    }

    fn line(&mut self) -> Result<String, Box<dyn Error>> {
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        if line.is_empty() { Err("the client ended".into()) } else { Ok(line.trim().to_owned()) }
    }
}

impl Drop for Asker {
    fn drop(&mut self) {
        // It has been measured; nobody waits for it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
