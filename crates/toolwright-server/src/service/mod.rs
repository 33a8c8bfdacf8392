//! From a message to its answer: decoded, admitted to an era, served, written.
mod admission;
mod answer;
mod desk;
mod message;
mod request;
mod serve;
mod write;

pub(crate) use answer::Answer;
pub(crate) use request::timed_out;
pub(crate) use serve::serve;
