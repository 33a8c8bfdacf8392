//! The client's side of a byte stream, whatever is at its other end: requests that wait for their answers, and who reads them.
mod ended;
mod exchange;
mod reading;

pub(crate) use ended::{End, Ended};
pub(crate) use exchange::Wire;
pub(crate) use reading::{Heard, read};
