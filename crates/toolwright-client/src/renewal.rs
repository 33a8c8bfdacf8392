use std::sync::{Arc, Mutex, PoisonError, atomic::Ordering};

use tokio::sync::watch;
use toolwright_core::joint::SharedConnect;

use crate::{
    ClientError,
    connection::Connection,
    negotiate::{Wishes, negotiate},
    shared::Shared,
};

/// Opens the connection again when it is gone, once for all who need it.
pub(crate) struct Renewal {
    target: SharedConnect,
    wishes: Wishes,
    wanted: bool,
    running: Mutex<Option<watch::Receiver<Option<Outcome>>>>,
}

type Outcome = Result<Arc<Connection>, Arc<ClientError>>;

impl Renewal {
    pub(crate) fn new(target: SharedConnect, wishes: Wishes, wanted: bool) -> Self {
        let wanted = wanted && target.reopens();
        Self { target, wishes, wanted, running: Mutex::default() }
    }

    /// Whether a connection that is gone is opened again.
    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted
    }
}

impl Shared {
    /// The connection for the next request: the present one, or a new one if that is gone.
    pub(crate) async fn line(self: &Arc<Self>) -> Result<Arc<Connection>, ClientError> {
        let connection = self.connection();
        if connection.is_broken() { self.renew(&connection).await } else { Ok(connection) }
    }

    /// A connection in place of `old`. Whoever gives up waiting for it leaves it to the others.
    pub(crate) async fn renew(
        self: &Arc<Self>,
        old: &Arc<Connection>,
    ) -> Result<Arc<Connection>, ClientError> {
        old.breaks();
        if !self.renewal.wanted {
            return Err(ClientError::Closed);
        }
        let mut outcome = {
            let mut running = self.renewal.running.lock().unwrap_or_else(PoisonError::into_inner);
            let present = self.connection();
            if !Arc::ptr_eq(&present, old) && !present.is_broken() {
                return Ok(present);
            }
            match &*running {
                Some(outcome) if outcome.borrow().is_none() && outcome.has_changed().is_ok() => {
                    outcome.clone()
                }
                _ => running.insert(self.start()).clone(),
            }
        };
        let settled = async {
            match outcome.wait_for(Option::is_some).await.as_deref() {
                Ok(Some(outcome)) => outcome.clone().map_err(ClientError::Lost),
                _ => Err(ClientError::Closed),
            }
        };
        // The clock of the handshake runs, too, but a target can take its time before that.
        match self.settings.timing.quiet {
            None => settled.await,
            Some(quiet) => tokio::time::timeout(quiet, settled)
                .await
                .map_err(|_| ClientError::Timeout { method: "initialize".into(), after: quiet })?,
        }
    }

    /// In a task of its own, so that a caller who stops waiting does not begin it anew for the next.
    fn start(self: &Arc<Self>) -> watch::Receiver<Option<Outcome>> {
        let (sender, receiver) = watch::channel(None);
        let shared = self.clone();
        self.routes.runtime.spawn(async move {
            let outcome = tokio::select! {
                biased;
                () = shared.closed() => Err(ClientError::Closed),
                outcome = shared.again() => outcome,
            };
            if let Err(error) = &outcome {
                tracing::debug!(%error, "the connection cannot be opened again");
            }
            sender.send_replace(Some(outcome.map_err(Arc::new)));
        });
        receiver
    }

    async fn again(self: &Arc<Self>) -> Result<Arc<Connection>, ClientError> {
        let old = self.connection();
        if old.shut() {
            self.routes.runtime.spawn(old.close());
        }
        let Renewal { target, wishes, .. } = &self.renewal;
        let fresh = negotiate(target, wishes, &self.routes, &self.next_id).await?;
        fresh.proven.store(old.proven.load(Ordering::Relaxed), Ordering::Relaxed);
        let fresh = Arc::new(fresh);
        if let Err(error) = self.greet(&fresh).await {
            tracing::warn!(%error, "the server of the new session does not take the level of log messages");
        }
        self.replace(&fresh);
        tracing::debug!(revision = %fresh.revision, "the connection was opened again");
        Ok(fresh)
    }
}
