//! Many servers at once: connected side by side, listed together, told apart by name.
mod builder;
mod clients;
mod error;
mod listed;

pub use builder::ClientsBuilder;
pub use clients::Clients;
pub use error::ServerError;
pub use listed::Listed;
