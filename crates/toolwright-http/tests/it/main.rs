//! The transport as clients see it.
mod bearer;
mod cors;
mod double;
mod events;
mod guard;
mod post;
mod serve;
mod sessions;
mod streaming;
mod wire;
