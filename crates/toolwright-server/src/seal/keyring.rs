use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use super::{Binding, StateKeys};

/// The keys of a server: given, or made up when the first text is sealed.
#[derive(Debug)]
pub(crate) struct Keyring {
    keys: OnceLock<StateKeys>,
    /// Whether the keys are nobody else's, and the author was not told yet what that may lead to.
    suspects: AtomicBool,
}

impl Keyring {
    pub(crate) fn new(given: Option<StateKeys>) -> Self {
        Self { suspects: given.is_none().into(), keys: given.map_or_else(OnceLock::new, OnceLock::from) }
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
        let opened = self.keys.get().and_then(|keys| keys.open(binding, text));
        if opened.is_none() && self.suspects.swap(false, Ordering::Relaxed) {
            tracing::warn!(
                "state came from a client that this server cannot open, and it seals with a random key of this process: if \
                 another replica sealed it, give all of them the same `TOOLWRIGHT_STATE_KEY`"
            );
        }
        opened
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
    fn only_keys_of_its_own_are_suspected_and_once() {
        let binding = Binding::new("test");
        for (keys, suspects) in [(None, true), (Some(StateKeys::random()), false)] {
            let ring = Keyring::new(keys);
            let text = ring.seal(&binding, b"answers");
            assert!(ring.open(&binding, &text).is_some());
            assert_eq!(ring.suspects.load(Ordering::Relaxed), suspects);
            assert_eq!(ring.open(&binding, "AQAA"), None);
            assert!(!ring.suspects.load(Ordering::Relaxed));
        }
    }

    #[test]
    fn rings_with_the_same_keys_understand_each_other() {
        let keys = StateKeys::random();
        let (one, two) = (Keyring::new(Some(keys.clone())), Keyring::new(Some(keys)));
        let binding = Binding::new("test");
        assert!(two.open(&binding, &one.seal(&binding, b"answers")).is_some());
    }
}
