use std::{
    collections::{BTreeMap, BTreeSet},
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
    /// The keys under which it happened.
    keyed: BTreeMap<String, BTreeSet<String>>,
}

impl Counts {
    /// How often the world changed for those that know keys.
    pub(super) fn keyed(&self) -> Counted {
        self.keyed.iter().map(|(name, keys)| (name.clone(), keys.len())).collect()
    }

    /// How often this happened, of any kind.
    pub(super) fn count(&self, name: &str) -> usize {
        let of = |counted: &Counted| counted.get(name).copied().unwrap_or_default();
        of(&self.once) + of(&self.repeatable) + self.keyed.get(name).map_or(0, BTreeSet::len)
    }
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

    /// Something happened at a service that knows [idempotency keys](toolwright_server::IdempotencyKey), as payment services do: the
    /// same key again changes nothing and is not counted. In a call there must be one key for it, whatever goes wrong.
    ///
    /// # Example
    /// ```
    /// use toolwright_testing::Effects;
    ///
    /// let effects = Effects::new();
    /// effects.once_for("key-1", "charge");
    /// effects.once_for("key-1", "charge");
    /// assert_eq!(effects.count("charge"), 1);
    /// effects.once_for("key-2", "charge");
    /// assert_eq!(effects.count("charge"), 2);
    /// ```
    pub fn once_for(&self, key: impl AsRef<str>, name: impl Into<String>) {
        self.counts().keyed.entry(name.into()).or_default().insert(key.as_ref().to_owned());
    }

    /// How often this happened, of any kind.
    pub fn count(&self, name: &str) -> usize {
        self.counts().count(name)
    }

    pub(super) fn taken(&self) -> Counts {
        self.counts().clone()
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
