use std::fmt;

/// Where a handler runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Setting {
    /// A client of 2025-11-25 in the same process: questions are requests of the server.
    Legacy,
    /// A client of 2025-11-25 with a session over HTTP, of which only the socket is left out.
    #[cfg(feature = "http")]
    #[cfg_attr(docsrs, doc(cfg(feature = "http")))]
    LegacyHttp,
    /// A client of 2026-07-28 in the same process: questions are results, and the call is repeated with the answers.
    Modern,
    /// A client of 2026-07-28 over HTTP.
    #[cfg(feature = "http")]
    #[cfg_attr(docsrs, doc(cfg(feature = "http")))]
    ModernHttp,
    /// A client of 2026-07-28 whose requests go to two servers in turn. They share the keys that seal states, and nothing else.
    Fleet,
    /// The same with a store for [journals](toolwright_server::ServerBuilder::journal_store) that they share, too.
    FleetWithStore,
}

impl Setting {
    /// All of them, the simplest first.
    pub const ALL: &[Self] = &[
        Self::Legacy,
        #[cfg(feature = "http")]
        Self::LegacyHttp,
        Self::Modern,
        #[cfg(feature = "http")]
        Self::ModernHttp,
        Self::Fleet,
        Self::FleetWithStore,
    ];

    /// Whether questions are requests of the server, so that a handler runs once.
    pub fn is_legacy(self) -> bool {
        match self {
            Self::Legacy => true,
            #[cfg(feature = "http")]
            Self::LegacyHttp => true,
            _ => false,
        }
    }

    /// Whether there are several servers, so that faults can be between them.
    pub(super) fn is_fleet(self) -> bool {
        matches!(self, Self::Fleet | Self::FleetWithStore)
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Legacy => "legacy in process",
            #[cfg(feature = "http")]
            Self::LegacyHttp => "legacy over HTTP",
            Self::Modern => "modern in process",
            #[cfg(feature = "http")]
            Self::ModernHttp => "modern over HTTP",
            Self::Fleet => "modern on two servers",
            Self::FleetWithStore => "modern on two servers with a store",
        })
    }
}
