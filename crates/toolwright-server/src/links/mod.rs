//! Links that a user opens in a browser while a call waits for them, and what comes back by them.
//!
//! [`Context::elicit_url`](crate::Context::elicit_url) makes a [`LinkToken`] and puts it into a URL. A page of the application gets
//! it back and opens it by [`Links`], which tells whose it is and sees to it that it is used once. What the page then knows goes to
//! the waiting handler by [`Opened::complete`].
mod bus;
mod error;
mod opened;
mod outcome;
mod pending;
mod shared;
mod ticket;
mod token;

pub use error::LinkError;
pub use opened::Opened;
pub(crate) use outcome::Outcome;
pub(crate) use pending::Pending;
pub use shared::Links;
pub(crate) use ticket::Ticket;
pub use token::LinkToken;
