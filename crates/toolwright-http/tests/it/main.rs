//! The transport as clients see it.
mod bearer;
mod cors;
mod events;
mod guard;
