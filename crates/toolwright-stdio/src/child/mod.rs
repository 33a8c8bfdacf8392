//! Servers as child processes: started, spoken to, watched, and ended together with all they started.
mod command;
mod environment;
mod failure;
mod link;
mod process;
mod stderr;
mod supervisor;

pub use command::Child;
pub use stderr::Stderr;
