use std::{collections::HashMap, future::poll_fn, sync::Arc, task::Poll, time::Duration};

use bytes::Bytes;
use serde_json::Value;
use tokio::{task::AbortHandle, time::timeout};
use toolwright_core::joint::{Endpoint, Inbound, Principal, Session, Transport};

use super::{
    Mismatch,
    mailbox::{Mailbox, Queue},
    pattern::Captures,
};

/// How long to wait for a message that the transcript expects.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a server that is to write its own transcript may pause between two messages.
const PAUSE: Duration = Duration::from_millis(200);

/// Judges a message of the server, given the method of the request that it answers.
pub(super) type Check = dyn Fn(&Value, Option<&str>) -> Result<(), String> + Send + Sync;

/// One connection to the server under test.
pub(super) struct Conversation<'a> {
    endpoint: &'a Arc<dyn Endpoint>,
    validate: Option<&'a Check>,
    transport: Transport,
    principal: Option<Principal>,
    session: Arc<dyn Session>,
    mailbox: Arc<Mailbox>,
    captures: Captures,
    calls: HashMap<String, AbortHandle>,
    /// The methods of all requests sent, by id.
    methods: HashMap<String, String>,
}

impl<'a> Conversation<'a> {
    pub(super) fn open(
        endpoint: &'a Arc<dyn Endpoint>,
        validate: Option<&'a Check>,
        transport: Transport,
        principal: Option<Principal>,
    ) -> Self {
        let mailbox = Arc::<Mailbox>::default();
        let session = endpoint.open(Arc::new(mailbox.queue()));
        Self {
            endpoint,
            validate,
            transport,
            principal,
            session,
            mailbox,
            captures: Captures::default(),
            calls: HashMap::new(),
            methods: HashMap::new(),
        }
    }

    /// Sends a line. A request runs on beside what follows; anything else is over when this returns.
    pub(super) async fn send(&mut self, number: usize, line: &str) -> Result<(), Mismatch> {
        let line = self.captures.fill(line);
        let message = serde_json::from_str::<Value>(&line).unwrap_or_default();
        let request = message["method"].as_str().zip(message.get("id"));
        let id = request.map(|(method, id)| {
            self.methods.insert(id.to_string(), method.to_owned());
            id.to_string()
        });
        let queue = self.mailbox.queue();
        let inbound = Inbound::new(Bytes::from(line), self.transport, Arc::new(queue.clone()))
            .session(self.session.clone())
            .principal(self.principal.clone());
        let mut call = self.endpoint.call(inbound);
        // The first poll is made here, so that the server has seen this line before it sees the next one.
        let first = poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx))).await;
        match (first, id) {
            (Poll::Ready(outbound), _) => push(&queue, outbound.body),
            (Poll::Pending, Some(id)) => {
                let running = self.mailbox.running();
                let task = tokio::spawn(async move {
                    let _running = running;
                    push(&queue, call.await.body);
                });
                self.calls.insert(id, task.abort_handle());
            }
            (Poll::Pending, None) => match timeout(PATIENCE, call).await {
                Ok(outbound) => push(&queue, outbound.body),
                Err(_) => return Err(Mismatch::new(number, "the server never came to an end with this")),
            },
        }
        Ok(())
    }

    /// Waits for a message of the server that matches.
    pub(super) async fn expect(
        &mut self,
        number: usize,
        expected: &Value,
        text: &str,
    ) -> Result<(), Mismatch> {
        let mut differences = Vec::new();
        let found = timeout(PATIENCE, async {
            loop {
                let news = self.mailbox.news.notified();
                differences.clear();
                for (index, message) in self.mailbox.heads() {
                    let actual = read(number, &message)?;
                    match self.captures.matches(expected, &actual) {
                        Ok(()) => {
                            self.mailbox.take(index);
                            return self.check(number, &message, &actual);
                        }
                        Err(difference) => {
                            let got = String::from_utf8_lossy(&message);
                            differences.push(format!("\n  got {got}\n    : {difference}"));
                        }
                    }
                }
                news.await;
            }
        })
        .await;
        found.unwrap_or_else(|_| {
            if differences.is_empty() {
                differences.push("\n  got nothing".to_owned());
            }
            Err(Mismatch::new(number, format!("expected {text}{}", differences.concat())))
        })
    }

    fn check(&self, number: usize, message: &Bytes, value: &Value) -> Result<(), Mismatch> {
        let answers =
            value.get("method").is_none().then(|| self.methods.get(&value["id"].to_string())).flatten();
        match self.validate.map(|validate| validate(value, answers.map(String::as_str))) {
            Some(Err(problem)) => {
                let message = String::from_utf8_lossy(message);
                Err(Mismatch::new(number, format!("{message} is not valid: {problem}")))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn give_up(&mut self, number: usize, id: &Value) -> Result<(), Mismatch> {
        match self.calls.remove(&id.to_string()) {
            Some(call) => {
                call.abort();
                Ok(())
            }
            None => Err(Mismatch::new(number, format!("no request with the id {id} is running"))),
        }
    }

    pub(super) fn drain(&self) {
        self.endpoint.drain();
    }

    pub(super) fn close(&self) {
        self.session.close();
    }

    /// Nothing may be left over at the end.
    pub(super) async fn end(self, number: usize) -> Result<(), Mismatch> {
        let idle = timeout(PATIENCE, async {
            while !self.mailbox.is_idle() {
                self.mailbox.news.notified().await;
            }
        });
        let idle = idle.await.is_ok();
        // What the connection has to say by itself may come a little later than the last answer.
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        if let Some((_, message)) = self.mailbox.heads().first() {
            let message = String::from_utf8_lossy(message);
            return Err(Mismatch::new(number, format!("a message is left over at the end: {message}")));
        }
        if idle {
            return Ok(());
        }
        let open = self.calls.iter().filter(|(_, call)| !call.is_finished());
        let mut open: Vec<_> = open.map(|(id, _)| id.as_str()).collect();
        open.sort_unstable();
        Err(Mismatch::new(
            number,
            format!("not answered at the end: {}; `! drop ID` gives one up", open.join(", ")),
        ))
    }

    /// Everything that the server has to say now and that `later` does not expect, each message as it came.
    pub(super) async fn rest(&mut self, number: usize, later: &[&Value]) -> Result<Vec<String>, Mismatch> {
        let mut messages = Vec::new();
        loop {
            let news = self.mailbox.news.notified();
            let heads = self.mailbox.heads();
            let new = heads.iter().find(|(_, message)| !self.is_among(later, message));
            if let Some((index, message)) = new {
                self.check(number, message, &read(number, message)?)?;
                messages.push(String::from_utf8_lossy(message).into_owned());
                self.mailbox.take(*index);
            } else if self.mailbox.is_idle() || timeout(PAUSE, news).await.is_err() {
                return Ok(messages);
            }
        }
    }

    /// The next message, as far as one is here or comes soon: whether it is this one, or another that `later` does not expect.
    pub(super) async fn accept(&mut self, expected: &Value, later: &[&Value]) -> Accepted {
        let mailbox = self.mailbox.clone();
        loop {
            let news = mailbox.news.notified();
            let heads = self.mailbox.heads();
            for (index, message) in &heads {
                if self.matches(expected, message) {
                    self.mailbox.take(*index);
                    return Accepted::Match;
                }
            }
            if !self.mailbox.is_idle() && timeout(PAUSE, news).await.is_ok() {
                continue;
            }
            let other = heads.iter().find(|(_, message)| !self.is_among(later, message));
            return other.map_or(Accepted::Nothing, |(index, message)| {
                self.mailbox.take(*index);
                Accepted::Other(String::from_utf8_lossy(message).into_owned())
            });
        }
    }

    fn matches(&mut self, expected: &Value, message: &Bytes) -> bool {
        serde_json::from_slice(message).is_ok_and(|actual| self.captures.matches(expected, &actual).is_ok())
    }

    /// Whether one of these expects `message`. Captures nothing.
    fn is_among(&self, expected: &[&Value], message: &Bytes) -> bool {
        let Ok(actual) = serde_json::from_slice(message) else { return false };
        expected.iter().any(|expected| self.captures.clone().matches(expected, &actual).is_ok())
    }
}

/// What came in place of an expected message.
pub(super) enum Accepted {
    Match,
    Other(String),
    Nothing,
}

impl Drop for Conversation<'_> {
    fn drop(&mut self) {
        self.calls.values().for_each(AbortHandle::abort);
        self.session.close();
    }
}

fn push(queue: &Queue, body: Option<Bytes>) {
    if let Some(body) = body {
        queue.push(body);
    }
}

fn read(number: usize, message: &Bytes) -> Result<Value, Mismatch> {
    serde_json::from_slice(message).map_err(|error| {
        Mismatch::new(
            number,
            format!("the server sent no JSON ({error}): {}", String::from_utf8_lossy(message)),
        )
    })
}
