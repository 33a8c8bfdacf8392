use std::{collections::BTreeSet, time::Duration};

use toolwright_core::model::LoggingLevel;

use crate::request::Timing;

/// What holds for all requests of a client.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) timing: Timing,
    /// How often a request may be asked back.
    pub(crate) max_rounds: usize,
    /// The types of results that extensions define.
    pub(crate) claimed: BTreeSet<String>,
    /// The least level of log messages, as long as nobody asks for another.
    pub(crate) level: Option<LoggingLevel>,
    #[cfg(feature = "validation")]
    pub(crate) validates: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timing: Timing { quiet: Some(Duration::from_secs(60)), total: Some(Duration::from_secs(600)) },
            max_rounds: 16,
            claimed: BTreeSet::new(),
            level: None,
            #[cfg(feature = "validation")]
            validates: false,
        }
    }
}
