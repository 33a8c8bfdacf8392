use std::{
    borrow::Cow,
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU8, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::{runtime::Handle, sync::Notify};
use toolwright_core::{
    era::Revision,
    joint::{Link, Outgoing},
    jsonrpc::encode,
    model::{CancelledParams, Implementation, LoggingLevel, ServerCapabilities},
};

use crate::{
    inlet::{Inlet, Routes},
    request::{BaseMeta, Headers, Message, Timing},
};

/// Longest wait for the connection to end in good order.
const GOOD_ORDER: Duration = Duration::from_secs(10);

const CANCELLED: &str = "notifications/cancelled";

/// What all clones of a client have in common, and what its requests under way need.
pub(crate) struct Shared {
    pub(crate) link: Arc<dyn Link>,
    pub(crate) inlet: Arc<Inlet>,
    pub(crate) routes: Arc<Routes>,
    pub(crate) runtime: Handle,
    pub(crate) revision: Revision,
    pub(crate) capabilities: ServerCapabilities,
    pub(crate) server_info: Option<Implementation>,
    pub(crate) instructions: Option<String>,
    pub(crate) meta: BaseMeta,
    pub(crate) headers: Headers,
    pub(crate) timing: Timing,
    pub(crate) max_rounds: usize,
    pub(crate) claimed: BTreeSet<String>,
    pub(crate) closing: Notify,
    closed: AtomicBool,
    next_id: AtomicI64,
    log_level: AtomicU8,
}

/// The parts of [`Shared`] that are settled when the connection is.
pub(crate) struct Settled {
    pub(crate) link: Arc<dyn Link>,
    pub(crate) inlet: Arc<Inlet>,
    pub(crate) revision: Revision,
    pub(crate) capabilities: ServerCapabilities,
    pub(crate) server_info: Option<Implementation>,
    pub(crate) instructions: Option<String>,
    pub(crate) meta: BaseMeta,
    pub(crate) headers: Headers,
    pub(crate) next_id: i64,
}

impl Shared {
    pub(crate) fn new(
        settled: Settled,
        routes: Arc<Routes>,
        timing: Timing,
        max_rounds: usize,
        claimed: BTreeSet<String>,
        level: Option<LoggingLevel>,
    ) -> Self {
        Self {
            link: settled.link,
            inlet: settled.inlet,
            runtime: routes.runtime.clone(),
            routes,
            revision: settled.revision,
            capabilities: settled.capabilities,
            server_info: settled.server_info,
            instructions: settled.instructions,
            meta: settled.meta,
            headers: settled.headers,
            timing,
            max_rounds,
            claimed,
            closing: Notify::new(),
            closed: AtomicBool::new(false),
            next_id: AtomicI64::new(settled.next_id),
            log_level: AtomicU8::new(number(level)),
        }
    }

    pub(crate) fn next_id(&self) -> i64 {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn open(&self, method: &'static str) -> Message {
        Message::open(self.next_id(), method)
    }

    pub(crate) fn log_level(&self) -> Option<LoggingLevel> {
        let number = self.log_level.load(Ordering::Relaxed);
        number.checked_sub(1).and_then(|index| LoggingLevel::ALL.get(usize::from(index)).copied())
    }

    pub(crate) fn set_log_level(&self, level: Option<LoggingLevel>) {
        self.log_level.store(number(level), Ordering::Relaxed);
    }

    /// A message that came beside an answer.
    pub(crate) fn stray(&self, message: &Bytes) {
        self.inlet.take(message);
    }

    /// A notification as it is sent.
    pub(crate) fn notice(&self, method: impl Into<Cow<'static, str>>, body: Bytes) -> Outgoing {
        let method = method.into();
        let headers = self.headers.message(Some(&method));
        Outgoing::notice(body).method(method).headers(headers)
    }

    /// Sends a notification in the background, in its own time.
    fn notify(&self, notice: Outgoing) {
        let exchange = self.link.exchange(notice);
        self.runtime.spawn(async move {
            if let Err(error) = exchange.await {
                tracing::debug!(%error, "a notification did not reach the server");
            }
        });
    }

    /// Tells the server that nobody waits for the answer to `id` any more.
    pub(crate) fn cancel(&self, id: i64) {
        // Over modern HTTP and in process the server sees it by itself ("Cancellation"); older sessions want to be told in any
        // case.
        if self.is_closed() || (self.revision.era().is_stateless() && !self.link.announces_cancel()) {
            return;
        }
        let params = CancelledParams::new(id).reason("the caller no longer waits");
        match encode::notification(CANCELLED, &params) {
            Ok(body) => self.notify(self.notice(CANCELLED, body)),
            Err(error) => tracing::debug!(%error, "a cancellation could not be written"),
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Fails everything that waits. Returns whether it was open.
    pub(crate) fn shut(&self) -> bool {
        if self.closed.swap(true, Ordering::AcqRel) {
            return false;
        }
        self.inlet.shut();
        self.routes.shut();
        self.closing.notify_waiters();
        true
    }

    pub(crate) async fn close(&self) {
        if self.shut() && tokio::time::timeout(GOOD_ORDER, self.link.close()).await.is_err() {
            tracing::debug!("the connection did not end in good order");
        }
    }
}

fn number(level: Option<LoggingLevel>) -> u8 {
    level.map_or(0, |level| level as u8 + 1)
}
