//! Servers side by side over HTTP: one load generator for all, every answer checked, everything as a ratio to a bare axum handler.
mod command;
mod compare;
mod connection;
mod contender;
mod digits;
mod gate;
mod load;
mod memory;
mod peers;
mod request;
mod running;
mod sample;
mod table;
mod template;
mod workload;

pub(crate) use command::{USAGE, command};
pub(crate) use contender::Contender;
pub(crate) use gate::gate;
pub(crate) use peers::build_rust;
pub(crate) use running::Running;
pub(crate) use sample::Spread;
