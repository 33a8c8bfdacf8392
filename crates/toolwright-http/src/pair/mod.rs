//! The pair of endpoints of 2024-11-05: one streams all messages of the server, the other takes those of the client.
mod messages;
mod open;
mod outward;
mod paths;

pub(crate) use messages::messages;
pub(crate) use open::open;
pub(crate) use paths::PairPaths;
