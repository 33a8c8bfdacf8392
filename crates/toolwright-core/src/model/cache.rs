use serde::{Deserialize, Serialize};

/// Who may share a cached result (server/utilities/caching).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CacheScope {
    /// Everyone.
    Public,
    /// Only callers with the same authorization.
    Private,
}

/// How long and for whom a result may be kept (server/utilities/caching).
///
/// The cacheable results take both members at once with their `cache` setter.
///
/// # Example
/// ```
/// use toolwright_core::model::{CacheHint, CacheScope, ListToolsResult};
///
/// let result = ListToolsResult::new([]).cache(CacheHint::new(60_000, CacheScope::Public));
/// assert_eq!(result.ttl_ms, Some(60_000));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CacheHint {
    /// For how many milliseconds the result is fresh; 0 means not at all.
    pub ttl_ms: u64,
    /// Who may share it.
    pub scope: CacheScope,
}

impl CacheHint {
    /// Fresh for `ttl_ms` milliseconds within `scope`.
    pub const fn new(ttl_ms: u64, scope: CacheScope) -> Self {
        Self { ttl_ms, scope }
    }
}

/// The `cache` setter of a cacheable result.
macro_rules! cacheable {
    ($($name:ident)*) => {$(
        impl $name {
            /// Sets [`ttl_ms`](field@Self::ttl_ms) and [`cache_scope`](field@Self::cache_scope).
            #[must_use]
            pub fn cache(self, hint: $crate::model::CacheHint) -> Self {
                self.ttl_ms(hint.ttl_ms).cache_scope(hint.scope)
            }
        }
    )*};
}

pub(crate) use cacheable;
