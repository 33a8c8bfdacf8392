use std::{any::type_name, ops::Deref};

use super::{FromCall, Needs};
use crate::{Context, HandlerError};

/// A value that a layer before the server put into the extensions of the request. `Option<Ext<T>>` where it may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ext<T>(pub T);

impl<T> Deref for Ext<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone + Send + Sync + 'static> FromCall for Ext<T> {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        context
            .extensions()
            .get()
            .cloned()
            .map(Self)
            .ok_or_else(|| format!("no layer provided a `{}` with this request", type_name::<T>()).into())
    }

    fn needs(needs: &mut Needs) {
        needs.caller();
    }
}

impl<T: Clone + Send + Sync + 'static> FromCall for Option<Ext<T>> {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        Ok(context.extensions().get().cloned().map(Ext))
    }

    fn needs(needs: &mut Needs) {
        needs.caller();
    }
}
