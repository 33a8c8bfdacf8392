//! Serving on a socket of one's own: from the first connection to an end in good order.
mod error;
mod life;
mod signals;

pub use error::Error;
pub(crate) use life::Life;
