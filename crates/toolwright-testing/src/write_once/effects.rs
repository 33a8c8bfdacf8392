use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Counts what handlers do to the world. Clones share the counts.
///
/// It takes the place of what handlers change: a payment service of a test counts a charge here instead of making one.
///
/// # Example
/// ```
/// use toolwright_testing::Effects;
///
/// let effects = Effects::new();
/// effects.exactly_once("charge");
/// effects.at_least_once("look up the price");
/// effects.at_least_once("look up the price");
/// assert_eq!(effects.count("charge"), 1);
/// assert_eq!(effects.count("look up the price"), 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Effects(Arc<Mutex<Counts>>);

/// How often each effect happened, by its name.
pub(super) type Counted = BTreeMap<String, usize>;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Counts {
    pub(super) once: Counted,
    pub(super) repeatable: Counted,
}

impl Effects {
    /// Nothing happened yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Something happened that must happen once in a call, however often its handler runs: what stands in a `once` step. Steps that
    /// do different things give different names.
    pub fn exactly_once(&self, name: impl Into<String>) {
        *self.counts().once.entry(name.into()).or_default() += 1;
    }

    /// Something happened that may be repeated: what stands outside of `once` steps.
    pub fn at_least_once(&self, name: impl Into<String>) {
        *self.counts().repeatable.entry(name.into()).or_default() += 1;
    }

    /// How often this happened, of either kind.
    pub fn count(&self, name: &str) -> usize {
        let counts = self.counts();
        let of = |counted: &Counted| counted.get(name).copied().unwrap_or_default();
        of(&counts.once) + of(&counts.repeatable)
    }

    pub(super) fn taken(&self) -> Counts {
        self.counts().clone()
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
