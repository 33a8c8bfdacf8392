//! The transport as clients see it.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails the test")]

mod bearer;
mod client;
mod cors;
mod double;
mod end_to_end;
mod events;
mod gate;
mod giving_up;
mod guard;
mod pair;
mod post;
mod recovery;
mod serve;
mod sessions;
mod sockets;
mod streaming;
mod wire;
