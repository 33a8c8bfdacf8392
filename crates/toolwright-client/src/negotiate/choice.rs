use std::fmt;

use toolwright_core::era::Revision;

/// Which revisions of the protocol a client accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EraChoice {
    /// Any: asks `server/discover` first and falls back to the `initialize` handshake.
    #[default]
    Auto,
    /// Only revisions without a handshake, 2026-07-28 and later.
    Modern,
    /// Only revisions with an `initialize` handshake, 2025-11-25 and earlier. The newest is asked for, the server chooses.
    Legacy,
    /// Just this one.
    Exactly(Revision),
}

impl EraChoice {
    /// Whether both kinds of servers are acceptable, so that it has to be found out which one this is.
    pub(super) fn is_open(self) -> bool {
        self.session().is_some() && self.stateless(|_| true).is_some()
    }

    pub(super) fn accepts(self, revision: Revision) -> bool {
        match self {
            Self::Auto => true,
            Self::Modern => revision.era().is_stateless(),
            Self::Legacy => !revision.era().is_stateless(),
            Self::Exactly(only) => revision == only,
        }
    }

    /// The newest acceptable revision without a handshake, of those that `offered` holds for.
    pub(super) fn stateless(self, offered: impl Fn(Revision) -> bool) -> Option<Revision> {
        Revision::ALL
            .into_iter()
            .rfind(|revision| revision.era().is_stateless() && self.accepts(*revision) && offered(*revision))
    }

    /// The newest acceptable revision with a handshake.
    pub(super) fn session(self) -> Option<Revision> {
        Revision::ALL.into_iter().rfind(|revision| !revision.era().is_stateless() && self.accepts(*revision))
    }
}

impl From<Revision> for EraChoice {
    fn from(revision: Revision) -> Self {
        Self::Exactly(revision)
    }
}

impl fmt::Display for EraChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("any"),
            Self::Modern => f.write_str("any without a handshake"),
            Self::Legacy => f.write_str("any with a handshake"),
            Self::Exactly(revision) => revision.fmt(f),
        }
    }
}
