use std::sync::Arc;

use toolwright_core::joint::{Endpoint, Limits};

use crate::{
    serve::Life,
    server::Options,
    session::{Sessions, Terms},
    slots::Slots,
};

/// What all requests to one endpoint share, over whatever router, service or server they come.
pub(crate) struct Shared {
    pub(crate) endpoint: Arc<dyn Endpoint>,
    pub(crate) limits: Limits,
    pub(crate) options: Options,
    pub(crate) life: Arc<Life>,
    pub(crate) slots: Slots,
    pub(crate) sessions: Arc<Sessions>,
}

impl Shared {
    /// Nothing runs yet.
    pub(crate) fn new(endpoint: Arc<dyn Endpoint>, options: Options, life: Arc<Life>) -> Arc<Self> {
        let terms = Terms { mode: options.sessions, most: options.max_sessions, idle: options.session_idle };
        Arc::new(Self {
            limits: endpoint.surface().limits.clone(),
            life,
            slots: Slots::new(options.max_requests, options.max_streams),
            sessions: Sessions::new(Arc::clone(&endpoint), terms, options.events.clone()),
            endpoint,
            options,
        })
    }

    /// Begins the end: requests outside of sessions are refused from now on, subscriptions end with their result, what runs goes
    /// on.
    pub(crate) fn begin_end(&self) {
        self.life.drain();
        self.endpoint.drain();
    }

    /// Resolves when no call runs. Then sessions end, and with them the streams that no call owns.
    pub(crate) async fn idle(&self) {
        self.slots.idle().await;
        self.sessions.close_all();
    }

    /// How many calls run, those that last not counted.
    pub(crate) fn running(&self) -> usize {
        self.slots.requests()
    }

    /// Ends what is left: calls are cancelled, their clients told so, and sessions closed.
    pub(crate) fn give_up(&self) {
        self.life.give_up();
        self.sessions.close_all();
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("life", &self.life).field("slots", &self.slots).finish_non_exhaustive()
    }
}
