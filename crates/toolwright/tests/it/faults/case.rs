//! One cell of the table.
use std::{future::Future, pin::pin, sync::Arc, time::Duration};

use tokio::{runtime::Handle, sync::Notify, time::timeout};
use toolwright::{
    client::{ClientError, EraChoice},
    core::joint::{Connect, LinkError},
    prelude::*,
};

use super::{
    in_process,
    place::{Framing, Place, Reaction},
    server::OVER,
    sockets::Peer,
};

/// Longest message that the client takes.
pub(super) const LIMIT: usize = 64 * 1024;

/// More than any call may take.
const GUARD: Duration = Duration::from_secs(100);

/// How the server is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    /// Nothing waits for the outside, so the clock stands still.
    InProcess,
    Sockets,
    #[cfg(all(unix, feature = "child"))]
    Child,
}

/// A transport.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) wire: Wire,
    pub(super) session: bool,
    pub(super) framing: Framing,
}

/// How a call ended.
#[derive(Debug)]
pub(super) struct Outcome {
    /// As the table has it.
    pub(super) kind: &'static str,
    /// The error, or the text of the result.
    pub(super) text: String,
    /// What is wrong with all that came after.
    pub(super) then: Option<String>,
}

impl Outcome {
    fn of(result: Result<String, ClientError>) -> Self {
        let error = match result {
            Ok(text) => return Self { kind: "ok", text, then: None },
            Err(error) => error,
        };
        let kind = match &error {
            ClientError::Closed => "close",
            ClientError::Link(LinkError::Died { .. }) => "died",
            ClientError::Link(LinkError::SessionGone) => "gone",
            ClientError::Link(LinkError::Io(_)) => "io",
            ClientError::Protocol(_) => "proto",
            ClientError::TooLarge { .. } => "large",
            ClientError::Refused { .. } => "http",
            ClientError::Timeout { .. } => "time",
            ClientError::Rpc(_) => "rpc",
            _ => "other",
        };
        Self { kind, text: error.to_string(), then: None }
    }

    fn check(&mut self, right: bool, otherwise: &str) {
        if !right {
            self.then.get_or_insert_with(|| otherwise.to_owned());
        }
    }
}

impl Column {
    /// Whether servers behind this can have the fault at all.
    pub(super) fn has(self, react: fn(&Place) -> Option<Reaction>) -> bool {
        react(&Place { framing: self.framing, raw: self.wire == Wire::Sockets, id: 1.into() }).is_some()
    }

    /// How a call with this fault ends: if `late`, it is expected not to end by itself. The next call must work, and nothing be left
    /// when the client is closed.
    pub(super) async fn meet(self, row: &str, late: bool) -> Outcome {
        let alive = || Handle::current().metrics().num_alive_tasks();
        let before = alive();
        let (open, silent) = (Arc::new(()), Arc::new(Notify::new()));
        let mut outcome = match self.wire {
            Wire::InProcess => {
                let http = in_process::http(self.framing, self.session, &open).longest(LIMIT);
                self.calls(row, late, http, &silent).await
            }
            Wire::Sockets => {
                let (listening, http) = Peer::start(self.framing, self.session, &open, &silent).await;
                let outcome = self.calls(row, late, http.longest(LIMIT), &silent).await;
                drop(listening);
                outcome
            }
            #[cfg(all(unix, feature = "child"))]
            Wire::Child => {
                let (processes, child) = super::child::child(&silent);
                let mut outcome = self.calls(row, late, child, &silent).await;
                outcome.check(until(|| processes.are_gone()).await, "processes are left");
                outcome
            }
        };
        outcome.check(until(|| Arc::strong_count(&open) == 1).await, "connections are left");
        outcome.check(until(|| alive() == before).await, "tasks are left");
        outcome
    }

    async fn calls(self, row: &str, late: bool, target: impl Connect, silent: &Arc<Notify>) -> Outcome {
        let over = silent.clone();
        let era = if self.session { EraChoice::Legacy } else { EraChoice::Modern };
        let builder = Client::builder().era(era).on_notification(move |notification| {
            if notification.method == OVER {
                over.notify_one();
            }
        });
        let client = guard(builder.connect(target)).await.expect("connecting does not hang").unwrap();
        let call = |tool| {
            let call = client.call(tool, ());
            async { Outcome::of(call.await.map(|result| result.text())) }
        };
        let outcome = if late && self.wire != Wire::InProcess {
            skip(guard(call(row)), silent).await
        } else {
            guard(call(row)).await
        };
        let Some(mut outcome) = outcome else {
            return Outcome { kind: "hangs", text: String::new(), then: None };
        };
        let mut next = guard(call("ok")).await;
        // A connection that ended after the answer may end the next call, too.
        if outcome.kind == "ok" && next.as_ref().is_some_and(|next| matches!(next.kind, "close" | "died")) {
            next = guard(call("ok")).await;
        }
        match next {
            Some(next) => outcome.check(next.kind == "ok", &format!("the next call fails: {}", next.text)),
            None => outcome.check(false, "the next call hangs"),
        }
        outcome.check(guard(client.close()).await.is_some(), "closing hangs");
        outcome
    }
}

/// Waits for real as long as something may come, and then by the clock.
async fn skip<T>(call: impl Future<Output = T>, silent: &Notify) -> T {
    let mut call = pin!(call);
    tokio::select! {
        biased;
        outcome = &mut call => outcome,
        () = silent.notified() => {
            tokio::time::pause();
            let outcome = call.await;
            tokio::time::resume();
            outcome
        }
    }
}

async fn guard<T>(what: impl Future<Output = T>) -> Option<T> {
    timeout(GUARD, what).await.ok()
}

/// Whether `is` comes true before long.
async fn until(is: impl Fn() -> bool) -> bool {
    for _ in 0..20_000 {
        if is() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    false
}
