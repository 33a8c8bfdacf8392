//! One message by POST: from its head to its answer, as one body or as a stream of events.
mod accept;
mod body;
mod exchange;
mod post;
mod running;

pub(crate) use accept::{Accepts, is_json};
pub(crate) use body::read;
pub(crate) use post::post;
pub(crate) use running::{broken, poll_call};
