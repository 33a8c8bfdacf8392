use std::{sync::Arc, time::Duration};

use tokio::sync::watch;
use toolwright_core::joint::{BoxFuture, Incoming, Link, LinkError, Outgoing, Outlet};

use super::{
    process::{Pipes, Process},
    stderr::Capture,
    supervisor::{LAST_WORDS, Reading, Settings, Supervisor},
};
use crate::{
    lines::Lines,
    tasks,
    wire::{End, Wire, read},
};

/// How long it takes at most until it is known why a process takes no more input: what is left in each pipe is waited for.
const REASON: Duration = LAST_WORDS.saturating_mul(4);

/// A connection to a process.
pub(super) struct ChildLink {
    wire: Wire,
    closing: Arc<watch::Sender<bool>>,
}

impl ChildLink {
    pub(super) fn new(
        process: Process,
        pipes: Pipes,
        capture: Option<Capture>,
        settings: Settings,
        inlet: Arc<dyn Outlet>,
    ) -> Self {
        let wire = Wire::new(REASON);
        let (closing, closed) = watch::channel(false);
        let lines = Lines::new(settings.longest);
        let supervisor = Supervisor {
            process,
            wire: wire.clone(),
            end: End::new(wire.clone()),
            reading: Reading::new(read(Arc::clone(&wire.waiting), pipes.stdout, lines, inlet)),
            writer: tokio::spawn(tasks::write(Arc::clone(&wire.outbox), pipes.stdin)),
            stderr: capture.zip(pipes.stderr).map(|(capture, stderr)| {
                let reading = tokio::spawn(capture.clone().read(stderr));
                (capture, reading)
            }),
            closing: closed,
            settings,
        };
        tokio::spawn(supervisor.run());
        Self { wire, closing: Arc::new(closing) }
    }
}

impl Link for ChildLink {
    fn exchange(&self, message: Outgoing) -> BoxFuture<'static, Result<Incoming, LinkError>> {
        self.wire.exchange(message)
    }

    fn announces_cancel(&self) -> bool {
        true
    }

    fn wants_headers(&self) -> bool {
        false
    }

    fn close(&self) -> BoxFuture<'static, ()> {
        let closing = Arc::clone(&self.closing);
        Box::pin(async move {
            closing.send_replace(true);
            // Until the process is gone.
            closing.closed().await;
        })
    }

    fn closed(&self) -> BoxFuture<'static, ()> {
        self.wire.gone()
    }
}

impl Drop for ChildLink {
    fn drop(&mut self) {
        self.closing.send_replace(true);
    }
}
