//! An endpoint that remembers how often its sessions were closed.
use std::{
    error::Error,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use toolwright_core::{
    era::Revision,
    joint::{BoxFuture, Endpoint, Inbound, Outbound, Outlet, Session, Surface},
};

use super::{Sessions, Terms};
use crate::{
    events::{MemoryEventStore, SharedEventStore},
    server::SessionMode,
};

#[derive(Default)]
pub(super) struct Double {
    pub(super) surface: Surface,
    pub(super) closed: Arc<AtomicUsize>,
    /// The outlet of the newest session.
    pub(super) outlet: OnceLock<Arc<dyn Outlet>>,
}

struct Memory(Arc<AtomicUsize>);

impl Session for Memory {
    fn revision(&self) -> Option<Revision> {
        Some(Revision::V2025_11_25)
    }

    fn end_of_input(&self) {}

    fn close(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Endpoint for Double {
    fn call(&self, _inbound: Inbound) -> BoxFuture<'static, Outbound> {
        Box::pin(std::future::ready(Outbound::nothing()))
    }

    fn open(&self, outlet: Arc<dyn Outlet>) -> Arc<dyn Session> {
        let _ = self.outlet.set(outlet);
        Arc::new(Memory(Arc::clone(&self.closed)))
    }

    fn surface(&self) -> &Surface {
        &self.surface
    }

    fn start(&self) -> BoxFuture<'static, Result<(), Box<dyn Error + Send + Sync>>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn drain(&self) {}

    fn stop(&self) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

pub(super) const IDLE: Duration = Duration::from_secs(60);

/// At most three sessions, which end after a minute.
pub(super) const TERMS: Terms = Terms { mode: SessionMode::Optional, most: 3, idle: IDLE };

pub(super) fn sessions(terms: Terms) -> Arc<Sessions> {
    Sessions::new(Arc::new(Double::default()), terms, Some(SharedEventStore::new(MemoryEventStore::new())))
}
