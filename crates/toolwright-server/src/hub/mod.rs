//! Who hears of changes: sessions of older revisions unasked, listeners of stateless ones by their filter.
mod bus;
mod change;
mod hub;
mod listener;
mod notifier;

pub(crate) use change::{Change, covers};
pub(crate) use hub::{Hub, Joined};
pub(crate) use listener::Listener;
pub use notifier::Notifier;
