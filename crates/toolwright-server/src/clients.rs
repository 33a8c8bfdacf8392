use std::sync::{Arc, Mutex, PoisonError, Weak};

use toolwright_core::model::{ClientCapabilities, Implementation};

/// What clients say about themselves in the handshake. Most sessions are with few programs, so it is kept once for all that say the
/// same.
#[derive(Debug, Default)]
pub(crate) struct Clients {
    pub(crate) capabilities: Shared<ClientCapabilities>,
    pub(crate) infos: Shared<Implementation>,
}

/// The values that sessions shared of late.
#[derive(Debug)]
pub(crate) struct Shared<T>(Mutex<Vec<Weak<T>>>);

/// Most values that are compared with a new one.
const MOST: usize = 16;

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: PartialEq> Shared<T> {
    /// The same value, shared with whoever else has it.
    pub(crate) fn share(&self, value: T) -> Arc<T> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|known| known.strong_count() > 0);
        if let Some(same) = known.iter().filter_map(Weak::upgrade).find(|known| **known == value) {
            return same;
        }
        let value = Arc::new(value);
        if known.len() == MOST {
            known.remove(0);
        }
        known.push(Arc::downgrade(&value));
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_are_one_and_few_are_remembered() {
        let shared = Shared::default();
        let (first, same, other) = (shared.share(1), shared.share(1), shared.share(2));
        assert!(Arc::ptr_eq(&first, &same) && !Arc::ptr_eq(&first, &other));
        let many: Vec<_> = (10..10 + MOST).map(|value| shared.share(value)).collect();
        assert_eq!(shared.0.lock().unwrap().len(), MOST);
        assert!(!Arc::ptr_eq(&first, &shared.share(1)), "forgotten for newer ones");
        drop(many);
        shared.share(3);
        assert_eq!(shared.0.lock().unwrap().len(), 1, "nothing is kept that no session has");
    }
}
