use std::time::Duration;

/// Most connections in a row that bring nothing before a stream is given up.
const ATTEMPTS: u32 = 5;

/// Wait before the first attempt, unless the server names one.
const FIRST: Duration = Duration::from_secs(1);

const LONGEST: Duration = Duration::from_secs(30);

/// When to connect to a stream again.
#[derive(Debug, Default)]
pub(super) struct Retry {
    wanted: Option<Duration>,
    fruitless: u32,
}

impl Retry {
    /// What the server asked for; it stays in force until it asks for something else.
    pub(super) fn wants(&mut self, wait: Option<Duration>) {
        self.wanted = wait.or(self.wanted);
    }

    /// The stream brought something.
    pub(super) fn progressed(&mut self) {
        self.fruitless = 0;
    }

    /// How long to wait before the next attempt; none if there were enough. What the server asked for is never cut short
    /// (2025-11-25, "Streamable HTTP", "Sending Messages to the Server"), and each attempt in vain doubles it.
    pub(super) fn next(&mut self) -> Option<Duration> {
        if self.fruitless == ATTEMPTS {
            return None;
        }
        let first = self.wanted.unwrap_or(FIRST);
        let wait = first.saturating_mul(1 << self.fruitless).min(LONGEST.max(first));
        self.fruitless += 1;
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_until_enough_attempts_were_in_vain() {
        let mut retry = Retry::default();
        let waits: Vec<_> = std::iter::from_fn(|| retry.next()).map(|wait| wait.as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16]);
    }

    #[test]
    fn a_stream_that_brings_something_is_reconnected_as_the_server_asked() {
        let mut retry = Retry::default();
        retry.wants(Some(Duration::from_millis(500)));
        for _ in 0..100 {
            assert_eq!(retry.next(), Some(Duration::from_millis(500)));
            retry.progressed();
            retry.wants(None);
        }
    }

    #[test]
    fn no_wait_is_shorter_than_asked_for() {
        let mut retry = Retry::default();
        retry.wants(Some(Duration::from_secs(3600)));
        assert!(std::iter::from_fn(|| retry.next()).all(|wait| wait >= Duration::from_secs(3600)));
    }
}
