use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use super::Snapshot;
use crate::{component::Components, provider::Live, transform::Stack};

/// The components of a server: what it was built from, and the snapshot that calls read.
#[derive(Debug)]
pub(crate) struct Catalog {
    parts: Mutex<Parts>,
    snapshot: ArcSwap<Snapshot>,
}

/// What a snapshot is compiled from.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) components: Components,
    pub(crate) transforms: Stack,
    pub(crate) live: Arc<[Live]>,
}

impl Parts {
    /// The components as clients will see them.
    pub(crate) fn shown(&self) -> Components {
        self.transforms.components(self.components.clone())
    }
}

impl Catalog {
    pub(crate) fn new(parts: Parts) -> Self {
        let snapshot = Snapshot::new(parts.shown(), Arc::clone(&parts.live));
        Self { parts: Mutex::new(parts), snapshot: ArcSwap::from_pointee(snapshot) }
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// The snapshot for a glance: cheaper, but not to be kept across an await.
    pub(crate) fn current(&self) -> arc_swap::Guard<Arc<Snapshot>> {
        self.snapshot.load()
    }

    /// Changes the components and compiles them anew, all or nothing: `edit` works on a copy and may refuse.
    /// `check` is given what clients would see, and what the transforms have against it.
    pub(crate) fn edit<T, E>(
        &self,
        edit: impl FnOnce(&mut Components) -> Result<T, E>,
        check: impl FnOnce(&Components, Vec<String>) -> Result<(), E>,
    ) -> Result<T, E> {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut components = parts.components.clone();
        let outcome = edit(&mut components)?;
        let shown = parts.transforms.components(components.clone());
        check(&shown, parts.transforms.problems(&components))?;
        self.snapshot.store(Arc::new(Snapshot::new(shown, Arc::clone(&parts.live))));
        parts.components = components;
        Ok(outcome)
    }
}
