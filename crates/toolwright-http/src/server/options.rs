use std::time::Duration;

use super::SessionMode;
use crate::events::{MemoryEventStore, SharedEventStore};
use crate::gate::Gate;

/// Everything that can be configured.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) gate: Gate,
    pub(crate) sessions: SessionMode,
    pub(crate) max_sessions: usize,
    pub(crate) session_idle: Duration,
    /// Where the messages of resumable streams are kept; none, if streams end with their connections.
    pub(crate) events: Option<SharedEventStore>,
    pub(crate) retry: Duration,
    pub(crate) keep_alive: Duration,
    pub(crate) max_requests: usize,
    pub(crate) max_streams: usize,
    pub(crate) body_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            gate: Gate::default(),
            sessions: SessionMode::default(),
            max_sessions: 10_000,
            session_idle: Duration::from_secs(30 * 60),
            events: Some(SharedEventStore::new(MemoryEventStore::new())),
            retry: Duration::from_secs(1),
            keep_alive: Duration::from_secs(15),
            max_requests: 1024,
            max_streams: 8 * 1024,
            body_timeout: Duration::from_secs(30),
        }
    }
}
