use std::{
    collections::VecDeque,
    fmt,
    fs::OpenOptions,
    io,
    path::PathBuf,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// Of a longer line the rest is dropped.
const LINE: usize = 4 * 1024;
/// How many of the last lines are kept for the error message, of at most [`KEPT_LINE`] bytes each.
const KEPT: usize = 20;
const KEPT_LINE: usize = 512;

/// What happens to what a [`Child`](super::Child) writes to its stderr. Servers write what they like there; it says nothing about
/// success or failure ("stdio").
///
/// Where it is read as lines, that is with [`Log`](Self::Log) and [`Lines`](Self::Lines), the last 20 are part of the error when the
/// process dies.
///
/// # Example
/// ```
/// use toolwright_stdio::{Child, Stderr};
///
/// let loud = Child::new("server").stderr(Stderr::lines(|line| eprintln!("server: {line}")));
/// let quiet = Child::new("server").stderr(Stderr::Null);
/// # drop((loud, quiet));
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Stderr {
    /// Each line is an event at DEBUG of `tracing`.
    #[default]
    Log,
    /// It goes to the stderr of this process.
    Inherit,
    /// It is thrown away.
    Null,
    /// It is appended to a file.
    File(PathBuf),
    /// Each line is given to a function, which must be quick. Of lines beyond 4 KiB the rest is dropped; bytes that are no
    /// UTF-8 and control characters are replaced. See [`lines`](Self::lines).
    Lines(Arc<dyn Fn(&str) + Send + Sync>),
}

impl Stderr {
    /// Gives each line to `each`.
    pub fn lines(each: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self::Lines(Arc::new(each))
    }

    pub(super) fn open(&self) -> io::Result<(Stdio, Option<Capture>)> {
        Ok(match self {
            Self::Log => (Stdio::piped(), Some(Capture::new(Arc::new(log)))),
            Self::Lines(each) => (Stdio::piped(), Some(Capture::new(Arc::clone(each)))),
            Self::Inherit => (Stdio::inherit(), None),
            Self::Null => (Stdio::null(), None),
            Self::File(path) => (OpenOptions::new().create(true).append(true).open(path)?.into(), None),
        })
    }
}

impl fmt::Debug for Stderr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log => f.write_str("Log"),
            Self::Inherit => f.write_str("Inherit"),
            Self::Null => f.write_str("Null"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Lines(_) => f.write_str("Lines(..)"),
        }
    }
}

fn log(line: &str) {
    tracing::debug!(target: "toolwright_stdio::stderr", "{line}");
}

/// Reads lines and keeps the last ones.
#[derive(Clone)]
pub(super) struct Capture {
    each: Arc<dyn Fn(&str) + Send + Sync>,
    last: Arc<Mutex<VecDeque<Box<str>>>>,
}

impl Capture {
    fn new(each: Arc<dyn Fn(&str) + Send + Sync>) -> Self {
        Self { each, last: Arc::default() }
    }

    /// Reads until the end. A process whose stderr nobody reads would block.
    pub(super) async fn read(self, mut stderr: impl AsyncRead + Unpin) {
        let mut block = [0; 4096];
        let mut line = Vec::new();
        while let Ok(count @ 1..) = stderr.read(&mut block).await {
            let mut pieces = block[..count].split(|byte| *byte == b'\n').peekable();
            while let Some(piece) = pieces.next() {
                line.extend_from_slice(&piece[..piece.len().min(LINE - line.len())]);
                if pieces.peek().is_some() {
                    self.take(&line);
                    line.clear();
                }
            }
        }
        self.take(&line);
    }

    fn take(&self, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end();
        if line.is_empty() {
            return;
        }
        let line = line.replace(|letter: char| letter.is_control() && letter != '\t', "\u{fffd}");
        (self.each)(&line);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() == KEPT {
            last.pop_front();
        }
        last.push_back(line[..line.floor_char_boundary(KEPT_LINE)].into());
    }

    /// The last lines.
    pub(super) fn last(&self) -> Arc<str> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.iter().map(|line| &**line).collect::<Vec<_>>().join("\n").into()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::{Capture, KEPT, KEPT_LINE, LINE, Stderr};

    async fn read(bytes: &[u8]) -> (Vec<String>, String) {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&seen);
        let stderr = Stderr::lines(move |line| sink.lock().unwrap().push(line.to_owned()));
        let (_, capture) = stderr.open().unwrap();
        let capture: Capture = capture.unwrap();
        capture.clone().read(bytes).await;
        let seen = seen.lock().unwrap().clone();
        (seen, capture.last().to_string())
    }

    #[tokio::test]
    async fn lines_are_handed_on_without_what_terminals_obey() {
        let (seen, last) = read(b"one\r\n\n\x1b[31mred\nb\xffd\nhalf").await;
        assert_eq!(seen, ["one", "\u{fffd}[31mred", "b\u{fffd}d", "half"]);
        assert_eq!(last, seen.join("\n"));
    }

    #[tokio::test]
    async fn what_is_kept_is_bounded() {
        let long = "ü".repeat(LINE);
        let (seen, last) = read(format!("{long}\n").repeat(3 * KEPT).as_bytes()).await;
        assert_eq!(seen.len(), 3 * KEPT);
        assert!(seen.iter().all(|line| line.len() <= LINE));
        assert_eq!(last.lines().count(), KEPT);
        assert!(last.lines().all(|line| line.len() <= KEPT_LINE));
    }

    #[tokio::test]
    async fn the_last_lines_are_the_ones_kept() {
        let all: Vec<_> = (0..50).map(|number| number.to_string()).collect();
        let (_, last) = read(all.join("\n").as_bytes()).await;
        assert_eq!(last, all[50 - KEPT..].join("\n"));
    }
}
