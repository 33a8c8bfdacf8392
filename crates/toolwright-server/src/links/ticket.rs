use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::session::RandomId;

/// What makes a link this one: a name that nobody guesses, and when it ends. It stays the same however often its call runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ticket {
    pub(crate) id: String,
    /// Seconds since 1970.
    expires: u64,
}

impl Ticket {
    pub(crate) fn mint(ttl: Duration) -> Result<Self, getrandom::Error> {
        let expires = since_1970().saturating_add(ttl).as_secs();
        Ok(Self { id: RandomId::mint()?.to_string(), expires })
    }

    /// How long it is still good; nothing if it is not.
    pub(crate) fn remaining(&self) -> Option<Duration> {
        Duration::from_secs(self.expires).checked_sub(since_1970()).filter(|left| !left.is_zero())
    }
}

fn since_1970() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_ends() {
        let (long, none) = (Duration::from_secs(600), Duration::ZERO);
        assert!(Ticket::mint(long).unwrap().remaining().is_some_and(|left| left <= long));
        assert_eq!(Ticket::mint(none).unwrap().remaining(), None);
        assert!(Ticket::mint(Duration::MAX).unwrap().remaining().is_some(), "an absurd time is a long one");
    }
}
