use std::{env, fmt, fs, path::Path, sync::Arc};

use serde_json::Value;
use toolwright_core::joint::{Endpoint, Principal, Transport};

use super::{
    Mismatch,
    conversation::{Accepted, Check, Conversation},
    line::Line,
};

/// Replays `transcript` against `endpoint`, over a connection as in process.
///
/// # Errors
/// Where the server says something else.
pub async fn replay(endpoint: impl Endpoint, transcript: &str) -> Result<(), Mismatch> {
    Replay::new(endpoint).text(transcript).await
}

/// A server under test, and the circumstances.
///
/// # Example
/// ```
/// use toolwright_core::joint::{Endpoint, Principal, Transport};
/// use toolwright_testing::transcript::{Mismatch, Replay};
///
/// async fn replays_all(server: impl Endpoint) -> Result<(), Mismatch> {
///     let replay = Replay::new(server)
///         .transport(Transport::Stdio)
///         .principal(Principal::new("ada"))
///         .validate(|message, answers| match answers {
///             Some("tools/list") if message.get("result").is_none() => Err("tools must be listed".to_owned()),
///             _ => Ok(()),
///         });
///     replay.file("tests/wire/tools.jsonl").await?;
///     replay.file("tests/wire/prompts.jsonl").await
/// }
/// ```
pub struct Replay {
    endpoint: Arc<dyn Endpoint>,
    transport: Transport,
    principal: Option<Principal>,
    validate: Option<Box<Check>>,
    update: Option<bool>,
}

impl Replay {
    /// Replays against `endpoint`. Each transcript has a connection of its own.
    pub fn new(endpoint: impl Endpoint) -> Self {
        Self {
            endpoint: Arc::new(endpoint),
            transport: Transport::InProcess,
            principal: None,
            validate: None,
            update: None,
        }
    }

    /// The kind of connection that the server is told of. Default: in process.
    #[must_use]
    pub fn transport(mut self, transport: Transport) -> Self {
        self.transport = transport;
        self
    }

    /// Whom the server takes the client for.
    #[must_use]
    pub fn principal(mut self, principal: Principal) -> Self {
        self.principal = Some(principal);
        self
    }

    /// Checks each message of the server, for example against the schema of its revision. `check` gets the message and, for an
    /// answer, the method of the request.
    #[must_use]
    pub fn validate(
        mut self,
        check: impl Fn(&Value, Option<&str>) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.validate = Some(Box::new(check));
        self
    }

    /// Whether [`file`](Self::file) rewrites what differs, whatever the environment says.
    #[must_use]
    pub fn update(mut self, update: bool) -> Self {
        self.update = Some(update);
        self
    }

    /// Replays a transcript.
    ///
    /// # Errors
    /// Where the server says something else, or a line cannot be understood.
    pub async fn text(&self, transcript: &str) -> Result<(), Mismatch> {
        let mut conversation = self.open().await?;
        let mut last = 0;
        for (number, text) in numbered(transcript) {
            last = number;
            match Line::parse(number, text)? {
                Line::Expect(expected, text) => conversation.expect(number, &expected, &text).await?,
                other => act(&mut conversation, number, other).await?,
            }
        }
        conversation.end(last).await
    }

    /// Replays the transcript in a file; with `UPDATE_TRANSCRIPTS=1` in the environment, rewrites its expected lines where
    /// they differ.
    ///
    /// # Errors
    /// Where the server says something else, a line cannot be understood, or the file cannot be read or written.
    pub async fn file(&self, path: impl AsRef<Path>) -> Result<(), Mismatch> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let failed = |error: std::io::Error| Mismatch::new(0, error.to_string()).file(&name);
        let transcript = fs::read_to_string(path).map_err(failed)?;
        let wanted =
            || env::var_os("UPDATE_TRANSCRIPTS").is_some_and(|value| !value.is_empty() && value != "0");
        if !self.update.unwrap_or_else(wanted) {
            return self.text(&transcript).await.map_err(|mismatch| mismatch.file(&name));
        }
        let updated = self.updated(&transcript).await.map_err(|mismatch| mismatch.file(&name))?;
        if updated == transcript { Ok(()) } else { fs::write(path, updated).map_err(failed) }
    }

    /// The transcript as the server speaks now: lines that match stay as they are, others are replaced by what came.
    ///
    /// # Errors
    /// When a line cannot be understood.
    pub async fn updated(&self, transcript: &str) -> Result<String, Mismatch> {
        let parsed: Vec<_> = numbered(transcript)
            .map(|(number, text)| Line::parse(number, text).map(|line| (number, text, line)))
            .collect::<Result<_, _>>()?;
        let mut conversation = self.open().await?;
        let mut lines = Vec::new();
        for (index, (number, text, line)) in parsed.iter().enumerate() {
            match line {
                Line::Expect(expected, _) => loop {
                    match conversation.accept(expected, &later(&parsed[index + 1..])).await {
                        Accepted::Match => break lines.push((*text).to_owned()),
                        Accepted::Other(message) => add(&mut lines, vec![message]),
                        Accepted::Nothing => break,
                    }
                },
                other => {
                    if *other != Line::Nothing {
                        add(&mut lines, conversation.rest(*number, &later(&parsed[index + 1..])).await?);
                    }
                    lines.push((*text).to_owned());
                    act(&mut conversation, *number, other.clone()).await?;
                }
            }
        }
        let last = parsed.len();
        add(&mut lines, conversation.rest(last, &[]).await?);
        Ok(lines.join("\n") + "\n")
    }

    async fn open(&self) -> Result<Conversation<'_>, Mismatch> {
        let started = self.endpoint.start().await;
        started.map_err(|error| Mismatch::new(0, format!("the server does not start: {error}")))?;
        let validate = self.validate.as_deref();
        Ok(Conversation::open(&self.endpoint, validate, self.transport, self.principal.clone()))
    }
}

async fn act(conversation: &mut Conversation<'_>, number: usize, line: Line) -> Result<(), Mismatch> {
    match line {
        Line::Send(message) => conversation.send(number, &message).await,
        Line::Drop(id) => conversation.give_up(number, &id),
        Line::Drain => {
            conversation.drain();
            Ok(())
        }
        Line::Close => {
            conversation.close();
            Ok(())
        }
        Line::Expect(..) | Line::Nothing => Ok(()),
    }
}

/// What is expected in the lines to come.
fn later<'a>(lines: &'a [(usize, &str, Line)]) -> Vec<&'a Value> {
    let expected = lines.iter().filter_map(|(_, _, line)| match line {
        Line::Expect(expected, _) => Some(expected),
        _ => None,
    });
    expected.collect()
}

/// Before the comments and empty lines that lead over to what the client does next.
fn add(lines: &mut Vec<String>, messages: Vec<String>) {
    let is_talk = |line: &String| matches!(line.trim_start().chars().next(), Some('>' | '<' | '!'));
    let place = lines.iter().rposition(is_talk).map_or(lines.len(), |last| last + 1);
    let indent: String = place.checked_sub(1).map_or(String::new(), |last| {
        lines[last].chars().take_while(|character| character.is_whitespace()).collect()
    });
    lines.splice(place..place, messages.into_iter().map(|message| format!("{indent}< {message}")));
}

fn numbered(transcript: &str) -> impl Iterator<Item = (usize, &str)> {
    transcript.lines().enumerate().map(|(index, line)| (index + 1, line))
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay")
            .field("transport", &self.transport)
            .field("principal", &self.principal)
            .finish_non_exhaustive()
    }
}
