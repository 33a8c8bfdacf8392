//! Changes as a stream: one `subscriptions/listen` in the stateless revision, `resources/subscribe` and unsolicited
//! notifications in older sessions.
mod change;
mod channel;
mod listen;
mod live;
mod open;
mod watchers;

pub use change::Change;
pub use listen::Subscription;

pub(crate) use change::covers;
pub(crate) use listen::listen;
pub(crate) use watchers::Watchers;
