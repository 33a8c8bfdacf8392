use std::{fmt, time::Duration};

use toolwright_core::joint::BoxFuture;

/// What only a server of its own has to know.
pub(crate) struct Serving {
    pub(crate) path: String,
    pub(crate) max_connections: usize,
    pub(crate) header_timeout: Duration,
    pub(crate) max_header_size: usize,
    pub(crate) signals: bool,
    pub(crate) shutdown: Option<BoxFuture<'static, ()>>,
    pub(crate) given_up: Option<Box<dyn FnOnce(usize) + Send>>,
}

impl Default for Serving {
    fn default() -> Self {
        Self {
            path: "/mcp".into(),
            max_connections: 10_000,
            header_timeout: Duration::from_secs(75),
            max_header_size: 32 * 1024,
            signals: true,
            shutdown: None,
            given_up: None,
        }
    }
}

impl fmt::Debug for Serving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serving")
            .field("path", &self.path)
            .field("max_connections", &self.max_connections)
            .field("header_timeout", &self.header_timeout)
            .field("max_header_size", &self.max_header_size)
            .field("signals", &self.signals)
            .finish_non_exhaustive()
    }
}
