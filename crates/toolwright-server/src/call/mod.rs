//! One request or notification on its way to a handler, and what comes back.
mod call;
mod drive;
mod head;
mod member;
mod metadata;
mod reply;
mod target;

pub use call::Call;
pub(crate) use drive::{Ended, drive};
pub(crate) use head::{Head, Illegible, without_position};
pub(crate) use member::{each_member, member};
pub(crate) use metadata::{Capabilities, Metadata};
pub use reply::{Reply, ServerResult};
pub(crate) use target::Target;
