use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A published revision of the Model Context Protocol.
///
/// Revisions are ordered by date. Only this module compares them; everyone else asks the [era](super::Era).
///
/// # Example
/// ```
/// use toolwright_core::era::Revision;
///
/// assert_eq!("2026-07-28".parse(), Ok(Revision::V2026_07_28));
/// assert_eq!(Revision::V2024_11_05.to_string(), "2024-11-05");
/// assert!("2031-01-01".parse::<Revision>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Revision {
    /// 2024-11-05, the first: HTTP+SSE, no batches.
    #[serde(rename = "2024-11-05")]
    V2024_11_05,
    /// 2025-03-26: Streamable HTTP, batches, audio, tool annotations.
    #[serde(rename = "2025-03-26")]
    V2025_03_26,
    /// 2025-06-18: elicitation, structured content, resource links.
    #[serde(rename = "2025-06-18")]
    V2025_06_18,
    /// 2025-11-25: URL elicitation, icons, sampling with tools, experimental tasks.
    #[serde(rename = "2025-11-25")]
    V2025_11_25,
    /// 2026-07-28, stateless: per-request metadata, multi round-trip requests, `subscriptions/listen`.
    #[serde(rename = "2026-07-28")]
    V2026_07_28,
}

impl Revision {
    /// All revisions, oldest first.
    pub const ALL: [Self; 5] =
        [Self::V2024_11_05, Self::V2025_03_26, Self::V2025_06_18, Self::V2025_11_25, Self::V2026_07_28];

    /// The revision's name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2024_11_05 => "2024-11-05",
            Self::V2025_03_26 => "2025-03-26",
            Self::V2025_06_18 => "2025-06-18",
            Self::V2025_11_25 => "2025-11-25",
            Self::V2026_07_28 => "2026-07-28",
        }
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Revision {
    type Err = UnknownRevision;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|revision| revision.as_str() == text).ok_or(UnknownRevision)
    }
}

/// A protocol version that no revision known here has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown protocol version")]
pub struct UnknownRevision;
