//! One request: its options, its bytes, the wait for its answer, and the rounds in which the server asks back.
mod exchange;
mod flight;
mod headers;
mod message;
mod meta;
mod options;
mod progress;
mod reply;
mod result_type;
mod rounds;
#[cfg(feature = "validation")]
mod validated;

pub use options::Request;
pub use rounds::{ByHand, Questions, Step};

pub(crate) use exchange::{Timing, exchange};
pub(crate) use headers::Headers;
pub(crate) use message::{Encoded, Message};
pub(crate) use meta::{BaseMeta, Extra};
pub(crate) use options::Done;
pub(crate) use progress::{Progress, Reports};
pub(crate) use reply::{Reply, answer};
