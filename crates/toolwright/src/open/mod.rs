//! Clients for whatever a string, or a file that other hosts read too, says.
mod entry;
mod error;
mod guess;
mod opening;
mod servers;
mod variables;
mod words;

pub use error::OpenError;
pub use opening::{Open, OpenBuilder};
pub use servers::Servers;
