//! Requests to end: of the system, by SIGTERM and Ctrl-C, and of the program itself. All transports heed the same ones.
mod shutdown;
mod signals;
mod system;

pub use shutdown::shutdown_signal;
pub use signals::Signals;
