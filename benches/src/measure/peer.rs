use std::{
    error::Error,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Stdio},
    time::Duration,
};

use toolwright_benches::{
    limit::read_sum,
    message::{HANDSHAKE, Speech, add},
};

use super::cpu;
use crate::pin;

/// A server in a process of its own, and its pipes.
pub(super) struct Peer {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    next: u64,
}

impl Peer {
    pub(super) fn start(program: &Path, argument: &str) -> Result<Self, Box<dyn Error>> {
        let mut command = pin::on_server_core(program.as_os_str());
        let mut child = command.arg(argument).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().ok_or("no stdout")?;
        let stdin = child.stdin.take();
        Ok(Self { child, stdin, stdout: BufReader::with_capacity(64 * 1024, stdout), next: 1 })
    }

    /// Opens a session.
    pub(super) fn shake_hands(&mut self) -> Result<(), Box<dyn Error>> {
        let [initialize, initialized] = HANDSHAKE;
        let answer = self.ask(initialize)?;
        if !answer.contains("2025-11-25") {
            return Err(format!("no handshake: {answer}").into());
        }
        self.write(format!("{initialized}\n").as_bytes())
    }

    /// Sends one line and waits for the one that answers it.
    pub(super) fn ask(&mut self, line: &str) -> Result<String, Box<dyn Error>> {
        self.write(format!("{line}\n").as_bytes())?;
        let mut answer = String::new();
        self.stdout.read_line(&mut answer)?;
        Ok(answer)
    }

    /// Has `count` calls answered, `deep` of them in flight, and checks every answer. What CPU time they took.
    pub(super) fn call(&mut self, speech: Speech, deep: u64, count: u64) -> Result<Duration, Box<dyn Error>> {
        let before = cpu::of_process(self.child.id())?;
        let first = self.next;
        let end = first + count;
        let mut seen = vec![false; usize::try_from(count)?];
        let mut answered = 0;
        let mut lines = String::new();
        self.send(speech, &mut lines, deep.min(count))?;
        while answered < count {
            let chunk = self.stdout.fill_buf()?;
            if chunk.is_empty() {
                return Err("the server went away".into());
            }
            let Some(last) = chunk.iter().rposition(|byte| *byte == b'\n') else {
                // Half a line: what is missing comes next.
                let mut line = Vec::new();
                self.stdout.read_until(b'\n', &mut line)?;
                tick_off(speech, &line, first, &mut seen)?;
                answered += 1;
                self.send(speech, &mut lines, 1.min(end - self.next))?;
                continue;
            };
            let mut fresh = 0;
            for line in chunk[..last].split(|byte| *byte == b'\n') {
                tick_off(speech, line, first, &mut seen)?;
                fresh += 1;
            }
            self.stdout.consume(last + 1);
            answered += fresh;
            self.send(speech, &mut lines, fresh.min(end - self.next))?;
        }
        Ok(cpu::of_process(self.child.id())?.saturating_sub(before))
    }

    /// Ends its input, and demands that it ends in good order.
    pub(super) fn end(mut self) -> Result<(), Box<dyn Error>> {
        drop(self.stdin.take());
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest)?;
        let status = self.child.wait()?;
        if !status.success() || !rest.is_empty() {
            return Err(format!("it ended with {status} and said {rest:?}").into());
        }
        Ok(())
    }

    fn send(&mut self, speech: Speech, lines: &mut String, count: u64) -> Result<(), Box<dyn Error>> {
        lines.clear();
        for id in self.next..self.next + count {
            lines.push_str(&add(speech, id, i64::try_from(id)?, 3));
            lines.push('\n');
        }
        self.next += count;
        if count > 0 { self.write(lines.as_bytes()) } else { Ok(()) }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
        self.stdin.as_mut().ok_or("its input has ended")?.write_all(bytes)?;
        Ok(())
    }
}

/// An answer must be the first to its id, and right.
fn tick_off(speech: Speech, line: &[u8], first: u64, seen: &mut [bool]) -> Result<(), Box<dyn Error>> {
    let (id, sum) = read_sum(speech, line)?;
    if sum != i64::try_from(id)? + 3 {
        return Err(format!("the sum for {id} cannot be {sum}").into());
    }
    match seen.get_mut(usize::try_from(id.wrapping_sub(first))?) {
        Some(seen) if !*seen => *seen = true,
        _ => return Err(format!("nobody waits for an answer to {id}").into()),
    }
    Ok(())
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It ended already, or is given up with whoever measures it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
