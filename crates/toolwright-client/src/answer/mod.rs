//! Answers to what the server asks: the same handlers serve requests of older sessions and questions of multi round-trip
//! requests.
mod answers;
mod contain;
mod elicitations;
mod form;
mod refusal;

pub use refusal::Refusal;

pub(crate) use answers::Answers;
pub(crate) use contain::contain;
pub(crate) use elicitations::Elicitations;
