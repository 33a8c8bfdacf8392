use std::{any::TypeId, convert::Infallible, fmt, sync::Arc};

use arc_swap::ArcSwapOption;
use tokio::task::JoinHandle;
use toolwright_core::{
    era::{Era, Served, Signature},
    joint::{Limits, Surface},
    model::{CacheHint, Implementation, Method, ServerCapabilities},
};
use toolwright_store::{SharedPubSub, StoreError};

use crate::{
    Error, Notifier,
    clients::Clients,
    component::Components,
    context::States,
    declared::Declared,
    extension::Extensions,
    hub::Hub,
    journal::{Claims, Stragglers},
    lifespan::Lifespans,
    links::Pending,
    middleware::Chain,
    registry::{Catalog, Snapshot},
    sampling::SharedFallback,
    seal::Keyring,
    session::Keeper,
};

/// A built server: everything that is the same for all calls.
pub(crate) struct Engine {
    pub(crate) info: Implementation,
    pub(crate) instructions: Option<String>,
    pub(crate) served: Served,
    pub(crate) surface: Surface,
    pub(crate) signature: Signature,
    pub(crate) cache: CacheHint,
    pub(crate) masks_errors: bool,
    pub(crate) catalog: Catalog,
    pub(crate) declared: Declared,
    pub(crate) layers: Chain,
    pub(crate) extensions: Extensions,
    pub(crate) hub: Arc<Hub>,
    pub(crate) clients: Clients,
    pub(crate) bus: Option<SharedPubSub>,
    pub(crate) keeper: Keeper,
    pub(crate) keyring: Keyring,
    pub(crate) claims: Option<Claims>,
    pub(crate) stragglers: Stragglers,
    pub(crate) links: Arc<Pending>,
    pub(crate) sampling_fallback: Option<SharedFallback>,
    pub(crate) states: States,
    pub(crate) lifespans: Lifespans,
    pub(crate) started: ArcSwapOption<States>,
    pub(crate) starting: tokio::sync::Mutex<Vec<JoinHandle<()>>>,
    pub(crate) draining: crate::context::Switch,
}

impl Engine {
    pub(crate) fn limits(&self) -> &Limits {
        &self.surface.limits
    }

    /// Seals what travels through clients.
    pub(crate) fn seal(&self) -> &Keyring {
        &self.keyring
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.catalog.snapshot()
    }

    pub(crate) fn notifier(&self) -> Notifier {
        Notifier::new(Arc::clone(&self.hub))
    }

    /// Runs lifespans once, however many transports start the server, and again after a stop.
    pub(crate) async fn start(&self) -> Result<(), Error> {
        let mut bus_tasks = self.starting.lock().await;
        if self.started.load().is_some() {
            return Ok(());
        }
        if self.claims.as_ref().is_some_and(|claims| claims.local) {
            tracing::info!(
                "rounds of calls are claimed in the memory of this process: a request that is repeated at another replica runs there \
                 once more; a `journal_store` that replicas share prevents it"
            );
        }
        let states = self.lifespans.start().await?;
        let connected = async {
            self.extensions.start().await?;
            if let Some(bus) = &self.bus {
                let failed =
                    |source: StoreError| Error::Start { what: "the bus".into(), source: source.into() };
                bus_tasks.push(self.hub.connect(bus.clone()).await.map_err(failed)?);
                bus_tasks.push(self.links.connect(bus).await.map_err(failed)?);
            }
            Ok(())
        }
        .await;
        if connected.is_err() {
            bus_tasks.drain(..).for_each(|task| task.abort());
            self.lifespans.stop().await;
            return connected;
        }
        self.draining.turn_on();
        self.started.store(Some(Arc::new(states)));
        Ok(())
    }

    pub(crate) async fn stop(&self) {
        // Steps may need what lifespans made.
        let _ = tokio::time::timeout(self.limits().drain, self.stragglers.finished()).await;
        let mut bus_tasks = self.starting.lock().await;
        if self.started.load().is_none() {
            return;
        }
        bus_tasks.drain(..).for_each(|task| task.abort());
        self.extensions.stop().await;
        self.lifespans.stop().await;
        self.started.store(None);
    }

    /// Changes the components while the server runs.
    pub(crate) fn edit<T>(&self, edit: impl FnOnce(&mut Components) -> T) -> Result<T, Error> {
        let edited = self.catalog.edit(
            |components| Ok(edit(components)),
            |shown, mut problems| {
                problems
                    .extend(crate::builder::problems(shown, self.keeps_sessions(), |id| self.has_state(id)));
                if problems.is_empty() { Ok(()) } else { Err(Error::Change(problems)) }
            },
        )?;
        self.declared.follow(&self.catalog.current());
        Ok(edited)
    }

    /// Takes components away while the server runs. What is missing then is no mistake.
    pub(crate) fn take<T>(&self, edit: impl FnOnce(&mut Components) -> T) -> T {
        let Ok(taken) = self.catalog.edit(|components| Ok::<_, Infallible>(edit(components)), |_, _| Ok(()));
        taken
    }

    /// A value the server was built with, or one that a lifespan made.
    pub(crate) fn state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.states.get::<T>().or_else(|| self.started.load().as_ref()?.get::<T>())
    }

    /// Whether such a value exists, or will once lifespans ran.
    pub(crate) fn has_state(&self, id: TypeId) -> bool {
        self.states.has(id) || self.lifespans.makes(id)
    }

    /// Whether there can be callers to keep state for.
    pub(crate) fn keeps_sessions(&self) -> bool {
        self.served.latest_session().is_some() || self.surface.token_verifier.is_some()
    }

    /// Whether the method exists here: its capability is declared, or an extension may need it.
    pub(crate) fn serves(&self, method: &Method) -> bool {
        match method {
            Method::Listen => self.declared.serves(&Method::SetLevel) || !self.extensions.is_empty(),
            method => self.declared.serves(method),
        }
    }

    /// What clients of this era are told that the server can do.
    pub(crate) fn capabilities(&self, era: Era) -> ServerCapabilities {
        let mut capabilities = self.declared.capabilities();
        capabilities.extensions = self.extensions.offered(era);
        era.shape_capabilities(&mut capabilities);
        capabilities
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("info", &self.info)
            .field("served", &self.served)
            .finish_non_exhaustive()
    }
}
