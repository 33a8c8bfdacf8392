use std::fmt;

use super::{Era, Revision};

/// The set of revisions that a server serves. Starts with all of them.
///
/// # Example
/// ```
/// use toolwright_core::era::{Revision, Served};
///
/// let served = Served::only([Revision::V2025_11_25, Revision::V2026_07_28]);
/// assert!(!served.has(Revision::V2024_11_05));
/// assert_eq!(served.latest_session(), Some(Revision::V2025_11_25));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Served(u8);

impl Default for Served {
    fn default() -> Self {
        Self::only(Revision::ALL)
    }
}

impl Served {
    /// Just these.
    pub fn only(revisions: impl IntoIterator<Item = Revision>) -> Self {
        Self(revisions.into_iter().fold(0, |bits, revision| bits | Self::bit(revision)))
    }

    fn bit(revision: Revision) -> u8 {
        1 << (revision as u8)
    }

    /// Whether `revision` is served.
    pub fn has(self, revision: Revision) -> bool {
        self.0 & Self::bit(revision) != 0
    }

    /// Whether nothing is served.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is served, oldest first.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Revision> {
        Revision::ALL.into_iter().filter(move |revision| self.has(*revision))
    }

    /// The stateless revisions served, as `server/discover` and `-32022` list them.
    pub fn stateless(self) -> impl Iterator<Item = Revision> {
        self.iter().filter(|revision| revision.era().is_stateless())
    }

    /// The newest stateless revision served.
    pub fn latest_stateless(self) -> Option<Revision> {
        self.iter().rfind(|revision| revision.era().is_stateless())
    }

    /// The newest revision with a handshake that is served.
    pub fn latest_session(self) -> Option<Revision> {
        self.iter().rfind(|revision| !revision.era().is_stateless())
    }

    /// Whether nothing served has a handshake, so that clients without a claim cannot be served at all.
    pub fn is_stateless_only(self) -> bool {
        self.latest_session().is_none()
    }

    /// What an HTTP message is taken for that belongs to no session and says nothing of its revision (2025-11-25, "Protocol Version
    /// Header"): the revision before that header came, if it is served.
    pub fn unstated(self) -> Option<Revision> {
        Some(Revision::V2025_03_26).filter(|revision| self.has(*revision))
    }

    /// The names a client that asked for something else is told: the stateless ones, or all where there are none.
    pub fn names(self) -> Vec<&'static str> {
        let stateless: Vec<_> = self.stateless().map(Revision::as_str).collect();
        if stateless.is_empty() { self.iter().map(Revision::as_str).collect() } else { stateless }
    }

    /// The revision that answers an `initialize` for `requested`: the same if it is served and has a handshake, else the newest
    /// that has one ("Lifecycle", "Version Negotiation").
    pub fn negotiate(self, requested: &str) -> Option<Era> {
        let same = requested
            .parse()
            .ok()
            .filter(|revision: &Revision| self.has(*revision) && !revision.era().is_stateless());
        same.or_else(|| self.latest_session()).map(Revision::era)
    }
}

impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handshake_gets_the_asked_revision_or_the_newest_with_one() {
        let all = Served::default();
        let answer = |asked: &str| all.negotiate(asked).map(Era::revision);
        assert_eq!(answer("2024-11-05"), Some(Revision::V2024_11_05));
        assert_eq!(answer("2031-01-01"), Some(Revision::V2025_11_25));
        assert_eq!(answer("2026-07-28"), Some(Revision::V2025_11_25));
        assert_eq!(Served::only([Revision::V2026_07_28]).negotiate("2025-06-18"), None);
    }

    #[test]
    fn a_message_that_says_nothing_is_of_the_revision_before_the_header_if_that_is_served() {
        assert_eq!(Served::default().unstated(), Some(Revision::V2025_03_26));
        assert_eq!(Served::only([Revision::V2025_11_25]).unstated(), None);
    }
}
