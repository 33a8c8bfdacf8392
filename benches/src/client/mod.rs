//! Clients side by side on the same server: ours and the official SDK's, in process, over HTTP and over stdio.
mod asker;
mod command;
mod setting;

pub(crate) use command::{USAGE, command};
