use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The largest whole number that every JSON reader understands.
const MOST_MILLIS: u64 = (1 << 53) - 1;

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
/// use std::time::Duration;
/// use toolwright_core::model::{CacheHint, ListToolsResult};
///
/// let result = ListToolsResult::new([]).cache(CacheHint::public(Duration::from_secs(60)));
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
    /// Fresh for `ttl`, and the same for everyone.
    pub const fn public(ttl: Duration) -> Self {
        Self::of(ttl, CacheScope::Public)
    }

    /// Fresh for `ttl`, for callers with the same authorization.
    pub const fn private(ttl: Duration) -> Self {
        Self::of(ttl, CacheScope::Private)
    }

    const fn of(ttl: Duration, scope: CacheScope) -> Self {
        let millis = ttl.as_millis();
        Self::new(if millis > MOST_MILLIS as u128 { MOST_MILLIS } else { millis as u64 }, scope)
    }

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
