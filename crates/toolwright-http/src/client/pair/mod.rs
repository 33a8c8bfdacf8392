//! The transport of 2024-11-05: one stream for everything from the server, and another URL for everything to it ("HTTP with
//! SSE").
mod pair;

pub(super) use self::pair::Pair;
