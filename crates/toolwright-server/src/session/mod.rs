//! State per caller: [`Session`] for callers that the server can tell apart, [`Handle`] for those that name their state themselves.
mod handle;
mod keeper;
mod random_id;
mod session;
mod slot;

pub use handle::Handle;
pub(crate) use keeper::{Keeper, Key};
pub(crate) use random_id::RandomId;
pub use session::Session;
