//! Sessions of revisions with a handshake.
#[cfg(test)]
mod double;
mod entry;
mod general;
mod id;
mod id_hasher;
mod lookup;
mod owner;
mod sessions;
mod streams;
mod sweep;
mod table;

pub(crate) use entry::{Active, Entry, Kind};
pub(crate) use lookup::Place;
pub(crate) use sessions::{Sessions, Terms};
