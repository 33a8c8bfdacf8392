use std::{
    any::{TypeId, type_name},
    future::Future,
};

use crate::{Context, HandlerError};

/// A parameter that a handler gets from the call instead of from the client's arguments.
///
/// Implement it for your own types; the framework implements it for its own only, so the two never collide. It runs once per
/// call, before the handler, in the order of the parameters.
///
/// # Example
/// ```
/// use toolwright_server::{Context, HandlerError, extract::FromCall};
///
/// struct Tenant(String);
///
/// impl FromCall for Tenant {
///     async fn from_call(context: &Context) -> Result<Self, HandlerError> {
///         let principal = context.principal().ok_or("sign in first")?;
///         Ok(Tenant(principal.subject().to_owned()))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an extractor",
    note = "an extractor implements `FromCall`; for an argument write `#[arg]` before the parameter"
)]
pub trait FromCall: Sized + Send {
    /// Makes the value.
    ///
    /// # Errors
    /// What the client is told instead of the handler's result.
    fn from_call(context: &Context) -> impl Future<Output = Result<Self, HandlerError>> + Send;

    /// Names what it needs, so that a server without that fails to build.
    fn needs(_needs: &mut Needs) {}
}

/// What handlers need of the server and of the call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    states: Vec<(TypeId, &'static str)>,
    caller: bool,
    session: bool,
}

impl Needs {
    /// Asks for `.state(T)` on the builder.
    pub fn state<T: Send + Sync + 'static>(&mut self) {
        self.states.push((TypeId::of::<T>(), type_name::<T>()));
    }

    /// Says that the value depends on who is calling, so that no cache may share with others what is made of it.
    pub fn caller(&mut self) {
        self.caller = true;
    }

    /// Asks for someone to keep state for, which [`Session`](super::Session) does.
    pub(crate) fn session(&mut self) {
        self.session = true;
        self.caller = true;
    }

    pub(crate) fn states(&self) -> impl Iterator<Item = (TypeId, &'static str)> {
        self.states.iter().copied()
    }

    pub(crate) fn needs_caller(&self) -> bool {
        self.caller
    }

    pub(crate) fn needs_session(&self) -> bool {
        self.session
    }
}
