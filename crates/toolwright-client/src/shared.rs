use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU8, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use tokio::{sync::Notify, time::timeout};
use toolwright_core::{
    joint::Outgoing,
    jsonrpc::encode,
    model::{CancelledParams, EmptyResult, LoggingLevel},
};

use crate::{
    ClientError,
    connection::Connection,
    inlet::Routes,
    renewal::Renewal,
    request::{Extra, Message, answer, exchange},
    settings::Settings,
};

/// How long a notification in the background may take.
const UNREAD: Duration = Duration::from_secs(10);

const CANCELLED: &str = "notifications/cancelled";

/// What all clones of a client have in common, and what its requests under way need.
pub(crate) struct Shared {
    pub(crate) routes: Arc<Routes>,
    pub(crate) settings: Settings,
    pub(crate) renewal: Renewal,
    pub(crate) next_id: AtomicI64,
    connection: ArcSwap<Connection>,
    closing: Notify,
    closed: AtomicBool,
    log_level: AtomicU8,
}

impl Shared {
    pub(crate) fn new(
        connection: Arc<Connection>,
        routes: Arc<Routes>,
        settings: Settings,
        renewal: Renewal,
        next_id: AtomicI64,
    ) -> Self {
        connection.watch(&routes.runtime);
        Self {
            log_level: AtomicU8::new(number(settings.level)),
            routes,
            settings,
            renewal,
            next_id,
            connection: ArcSwap::new(connection),
            closing: Notify::new(),
            closed: AtomicBool::new(false),
        }
    }

    /// The present connection, which may be gone.
    pub(crate) fn connection(&self) -> Arc<Connection> {
        self.connection.load_full()
    }

    /// Takes `fresh` for all that follows, unless the client was closed meanwhile.
    pub(crate) fn replace(&self, fresh: &Arc<Connection>) {
        fresh.watch(&self.routes.runtime);
        // Changes meanwhile were told to nobody.
        self.routes.catalog.forget();
        self.routes.results.clear();
        self.connection.store(fresh.clone());
        if self.is_closed() && fresh.shut() {
            self.routes.runtime.spawn(fresh.close());
        }
    }

    pub(crate) fn next_id(&self) -> i64 {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn open(&self, method: &'static str) -> Message {
        Message::open(self.next_id(), method)
    }

    /// The level that stateless requests ask for.
    pub(crate) fn log_level(&self) -> Option<LoggingLevel> {
        // Without any, those who listen are sent what is usual.
        let usual = self.routes.handlers.log.is_some().then_some(LoggingLevel::Info);
        self.chosen_level().or(usual)
    }

    fn chosen_level(&self) -> Option<LoggingLevel> {
        let number = self.log_level.load(Ordering::Relaxed);
        number.checked_sub(1).and_then(|index| LoggingLevel::ALL.get(usize::from(index)).copied())
    }

    pub(crate) fn set_log_level(&self, level: LoggingLevel) {
        self.log_level.store(number(Some(level)), Ordering::Relaxed);
    }

    /// Tells the server of a new session what it has to know.
    pub(crate) async fn greet(self: &Arc<Self>, connection: &Arc<Connection>) -> Result<(), ClientError> {
        let Some(level) = self.chosen_level() else { return Ok(()) };
        if connection.is_stateless() || connection.capabilities.logging.is_none() {
            return Ok(());
        }
        let mut message = self.open("logging/setLevel");
        message
            .member("level", &level)
            .map_err(|source| ClientError::Encode { what: "the level".into(), source })?;
        let encoded = message.close(|buffer| connection.meta.write(buffer, &Extra::NONE));
        let headers = connection.headers.request(&encoded.method, "");
        let incoming = exchange(self, connection, &encoded, headers, self.settings.timing, None).await?;
        match answer(&incoming, encoded.id, |stray| connection.inlet.take(&stray)) {
            Ok(reply) => reply.read::<EmptyResult>(&encoded.method).map(|_| ()),
            // Some declare `logging` and have no such method; that is no reason to do without them.
            Err(error) if error.is_method_not_found() => {
                tracing::debug!("the server takes no log level");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Sends a notification in the background, in its own time.
    fn notify(&self, connection: &Connection, notice: Outgoing) {
        let exchange = connection.link.exchange(notice);
        self.routes.runtime.spawn(async move {
            // A server that reads nothing must not make them pile up.
            match timeout(UNREAD, exchange).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => tracing::debug!(%error, "a notification did not reach the server"),
                Err(_) => tracing::debug!("the server does not read a notification"),
            }
        });
    }

    /// Tells the server that nobody waits for the answer to `id` any more.
    pub(crate) fn cancel(&self, connection: &Connection, id: i64) {
        // Over modern HTTP and in process the server sees it by itself ("Cancellation"); older sessions want to be told in any
        // case.
        let seen = connection.is_stateless() && !connection.link.announces_cancel();
        if seen || self.is_closed() || connection.is_broken() {
            return;
        }
        let params = CancelledParams::new(id).reason("the caller no longer waits");
        match encode::notification(CANCELLED, &params) {
            Ok(body) => self.notify(connection, connection.notice(CANCELLED, body)),
            Err(error) => tracing::debug!(%error, "a cancellation could not be written"),
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Resolves when the client is closed.
    pub(crate) async fn closed(&self) {
        let closing = self.closing.notified();
        if !self.is_closed() {
            closing.await;
        }
    }

    /// Fails everything that waits. Returns whether it was open.
    pub(crate) fn shut(&self) -> bool {
        if self.closed.swap(true, Ordering::AcqRel) {
            return false;
        }
        self.routes.shut();
        self.closing.notify_waiters();
        true
    }

    /// What ends the connection in good order, if that has not begun yet.
    pub(crate) fn end(&self) -> Option<impl Future<Output = ()> + Send + 'static + use<>> {
        let connection = self.connection();
        (self.shut() && connection.shut()).then(|| connection.close())
    }
}

fn number(level: Option<LoggingLevel>) -> u8 {
    level.map_or(0, |level| level as u8 + 1)
}
