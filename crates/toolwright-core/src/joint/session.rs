use std::any::Any;

use crate::era::Revision;

/// What a server remembers about one connection: a stdio process, a legacy HTTP session, a link in process.
///
/// The [`Endpoint`](super::Endpoint) makes it, the transport keeps it and shows it with every message that came the same way.
/// It is data, not a task; modern requests neither read nor change it.
pub trait Session: Any + Send + Sync {
    /// The revision negotiated by `initialize`, once there is one.
    fn revision(&self) -> Option<Revision>;

    /// The client will not be heard any more, but can still be answered: questions to it fail, running requests go on.
    fn end_of_input(&self);

    /// The connection is gone: requests under way are cancelled, questions to the client fail.
    fn close(&self);
}
