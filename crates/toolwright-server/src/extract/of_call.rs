use toolwright_core::{joint::Principal, model::RequestMeta};

use super::{FromCall, Needs};
use crate::{Context, HandlerError};

impl FromCall for Context {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        Ok(context.clone())
    }
}

/// Who is calling; an unauthenticated call fails. `Option<Principal>` where that is fine.
impl FromCall for Principal {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        context.principal().cloned().ok_or_else(|| HandlerError::public("this needs an authenticated caller"))
    }

    fn needs(needs: &mut Needs) {
        needs.caller();
    }
}

impl FromCall for Option<Principal> {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        Ok(context.principal().cloned())
    }

    fn needs(needs: &mut Needs) {
        needs.caller();
    }
}

/// `_meta` of the request.
impl FromCall for RequestMeta {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        Ok(context.meta().clone())
    }
}

/// A share in tracking changes: tells clients about them from anywhere.
impl FromCall for crate::Notifier {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        Ok(context.notifier())
    }
}

/// The server that serves the call, to add or remove components for example.
impl FromCall for crate::Server {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        Ok(context.server())
    }
}
