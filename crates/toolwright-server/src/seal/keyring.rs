use std::sync::OnceLock;

use super::{Binding, StateKeys};

/// The keys of a server: given, or made up when the first text is sealed.
#[derive(Debug)]
pub(crate) struct Keyring {
    keys: OnceLock<StateKeys>,
}

impl Keyring {
    pub(crate) fn new(given: Option<StateKeys>) -> Self {
        Self { keys: given.map_or_else(OnceLock::new, OnceLock::from) }
    }

    /// Seals `plain`.
    pub(crate) fn seal(&self, binding: &Binding, plain: &[u8]) -> String {
        let keys = self.keys.get_or_init(|| {
            tracing::info!(
                "state that travels through clients is sealed with a random key of this process: replicas cannot open it, nor \
                 can this server after a restart; `TOOLWRIGHT_STATE_KEY` or `.state_keys(..)` gives it one that stays"
            );
            StateKeys::random()
        });
        keys.seal(binding, plain)
    }

    /// Opens what this server, or one with the same keys, sealed with the same binding.
    pub(crate) fn open(&self, binding: &Binding, text: &str) -> Option<Vec<u8>> {
        self.keys.get()?.open(binding, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_without_keys_makes_one_up_and_keeps_it() {
        let (ring, other) = (Keyring::new(None), Keyring::new(None));
        let binding = Binding::new("test");
        assert_eq!(ring.open(&binding, "AQAA"), None);
        let text = ring.seal(&binding, b"answers");
        ring.seal(&binding, b"more");
        assert_eq!(ring.open(&binding, &text).as_deref(), Some(b"answers".as_slice()));
        other.seal(&binding, b"other");
        assert_eq!(other.open(&binding, &text), None);
    }

    #[test]
    fn rings_with_the_same_keys_understand_each_other() {
        let keys = StateKeys::random();
        let (one, two) = (Keyring::new(Some(keys.clone())), Keyring::new(Some(keys)));
        let binding = Binding::new("test");
        assert!(two.open(&binding, &one.seal(&binding, b"answers")).is_some());
    }
}
