//! Where everything arrives that is no answer: notifications, and requests of older sessions.
mod asked;
mod handlers;
mod routes;
mod take;

pub use handlers::Notification;

pub(crate) use handlers::Handlers;
pub(crate) use routes::Routes;
pub(crate) use take::Inlet;
