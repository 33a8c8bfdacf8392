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

    /// Names the state it needs, so that a server without it fails to build.
    fn needs(_needs: &mut Needs) {}
}

/// The types of state that handlers need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs(Vec<(TypeId, &'static str)>);

impl Needs {
    /// Asks for `.state(T)` on the builder.
    pub fn state<T: Send + Sync + 'static>(&mut self) {
        self.0.push((TypeId::of::<T>(), type_name::<T>()));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (TypeId, &'static str)> {
        self.0.iter().copied()
    }
}
