use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{Meta, RequestMeta, macros::setters};
use crate::Raw;

/// How grave a log message is, in ascending order (server/utilities/logging; RFC 5424).
///
/// # Example
/// ```
/// use toolwright_core::model::LoggingLevel;
///
/// assert!(LoggingLevel::Warning > LoggingLevel::Info);
/// assert_eq!("warning".parse(), Ok(LoggingLevel::Warning));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LoggingLevel {
    /// Details for finding faults.
    Debug,
    /// General information.
    Info,
    /// Normal but notable.
    Notice,
    /// Something looks wrong.
    Warning,
    /// Something failed.
    Error,
    /// A component failed.
    Critical,
    /// Someone must act at once.
    Alert,
    /// Nothing works.
    Emergency,
}

impl LoggingLevel {
    /// All levels in ascending order.
    pub const ALL: [Self; 8] = [
        Self::Debug,
        Self::Info,
        Self::Notice,
        Self::Warning,
        Self::Error,
        Self::Critical,
        Self::Alert,
        Self::Emergency,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Critical => "critical",
            Self::Alert => "alert",
            Self::Emergency => "emergency",
        }
    }
}

impl fmt::Display for LoggingLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no logging level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown logging level, expected debug, info, notice, warning, error, critical, alert or emergency")]
pub struct UnknownLoggingLevel;

impl FromStr for LoggingLevel {
    type Err = UnknownLoggingLevel;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|level| level.as_str() == name).ok_or(UnknownLoggingLevel)
    }
}

/// Parameters of `logging/setLevel`, before 2026-07-28.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SetLevelParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<RequestMeta>,
    /// The least level that the client wants.
    pub level: LoggingLevel,
}

setters!(SetLevelParams {
    into meta: RequestMeta,
});

impl SetLevelParams {
    /// Messages of `level` and above.
    pub fn new(level: LoggingLevel) -> Self {
        Self { meta: None, level }
    }
}

/// Parameters of `notifications/message`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LoggingMessageParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
    /// How grave it is.
    pub level: LoggingLevel,
    /// Which part of the server says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logger: Option<String>,
    /// What is said: text, or any JSON.
    pub data: Raw,
}

setters!(LoggingMessageParams {
    into meta: Meta,
    into logger: String,
});

impl LoggingMessageParams {
    /// `data` at `level`.
    pub fn new(level: LoggingLevel, data: impl Into<Raw>) -> Self {
        Self { meta: None, level, logger: None, data: data.into() }
    }
}
