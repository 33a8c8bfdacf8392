use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds since 1970, which is what tokens and stores reckon in.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}
