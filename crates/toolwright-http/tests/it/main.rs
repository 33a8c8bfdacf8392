//! The transport as clients see it.
mod events;
mod guard;
