//! Keeping the messages of streams, so that a client that lost its connection gets what it missed.
mod event_log;
mod event_store;
mod memory;
mod shared;

pub(crate) use event_log::{EventLog, SessionEvents};
pub use event_store::EventStore;
pub use memory::MemoryEventStore;
pub use shared::SharedEventStore;
