//! Serving on a socket of one's own: from the first connection to an end in good order.
mod closing;
mod conduct;
mod connection;
mod error;
mod handle;
mod header_timeout;
pub(crate) mod health;
mod life;
mod listen;
mod serve;
mod site;

pub(crate) use closing::Closing;
pub use error::Error;
pub(crate) use handle::Held;
pub use handle::HttpHandle;
pub(crate) use life::Life;
