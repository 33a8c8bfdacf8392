use std::{pin::pin, sync::Arc};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use toolwright_core::{
    joint::{Outlet, Waiting},
    jsonrpc::{self, Id, Malformed, Message, decode, encode},
};

use super::Ended;
use crate::lines::{Line, Lines};

/// How many lines that are no messages are logged.
const LOGGED: usize = 20;
/// How much of each is.
const EXCERPT: usize = 200;

/// How reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// The other side ended its output.
    All,
    /// A message was longer than the limit.
    TooMuch,
}

/// Reads until the other side ends its output or says too much at once.
pub(crate) async fn read(
    waiting: Arc<Waiting<Ended>>,
    reader: impl AsyncRead,
    mut lines: Lines,
    inlet: Arc<dyn Outlet>,
) -> Heard {
    let mut reader = pin!(reader);
    let mut ear = Ear { waiting, inlet, noise: 0 };
    loop {
        let count = match reader.read(lines.space()).await {
            Ok(count) => count,
            Err(error) => {
                tracing::debug!(%error, "cannot read from the server");
                0
            }
        };
        lines.filled(count);
        while let Some(line) = if count == 0 { lines.last_line() } else { lines.next_line() } {
            match line {
                Line::Message(line) => ear.accept(line).await,
                Line::TooLong => {
                    tracing::warn!("the server sent a message beyond the limit; ending the connection");
                    return Heard::TooMuch;
                }
            }
        }
        if count == 0 {
            return Heard::All;
        }
    }
}

struct Ear {
    waiting: Arc<Waiting<Ended>>,
    inlet: Arc<dyn Outlet>,
    /// Lines that are no messages.
    noise: usize,
}

impl Ear {
    async fn accept(&mut self, line: Bytes) {
        match decode(&line) {
            jsonrpc::Incoming::Single(Ok(Message::Response { id: Some(id), .. })) => {
                self.answer(&id, line);
            }
            jsonrpc::Incoming::Single(Ok(Message::Request { .. } | Message::Notification { .. })) => {
                self.forward(line).await;
            }
            // Whoever asked can tell best what is wrong with the answer.
            jsonrpc::Incoming::Single(Err(Malformed { id: Some(id), response: true, .. })) => {
                self.answer(&id, line);
            }
            jsonrpc::Incoming::Batch(items) => {
                for item in items {
                    self.accept_item(item, &line).await;
                }
            }
            jsonrpc::Incoming::Single(other) => self.ignore(other, &line),
        }
    }

    async fn accept_item(&mut self, item: Result<Message<'_>, Malformed>, line: &Bytes) {
        let message = match item {
            Ok(Message::Response { id: Some(id), outcome }) => {
                return self.answer(&id, encode::response(&id, outcome.as_ref().copied()));
            }
            Ok(Message::Request { id, method, params }) => encode::request(&id, &method, &params),
            Ok(Message::Notification { method, params }) => encode::notification(&method, &params),
            other => return self.ignore(other, line),
        };
        if let Ok(message) = message {
            self.forward(message).await;
        }
    }

    fn answer(&self, id: &Id, body: Bytes) {
        if !self.waiting.answer(id, body) {
            tracing::debug!(%id, "an answer that nobody waits for");
        }
    }

    async fn forward(&self, message: Bytes) {
        if self.inlet.send(message).await.is_err() {
            tracing::debug!("nobody takes what the server sends on its own");
        }
    }

    fn ignore(&mut self, message: Result<Message<'_>, Malformed>, line: &[u8]) {
        self.noise = self.noise.saturating_add(1);
        match message {
            _ if self.noise > LOGGED => {}
            Ok(message) => tracing::warn!(?message, "the server reports an error without saying about what"),
            Err(malformed) => {
                let line = String::from_utf8_lossy(&line[..line.len().min(EXCERPT)]);
                tracing::warn!(%malformed, ?line, "the server wrote a line that is no message");
            }
        }
        if self.noise == LOGGED {
            tracing::warn!("further lines of the server that are no messages are skipped without a word");
        }
    }
}
