use std::{ops::Deref, sync::Arc};

use super::{FromCall, Needs};
use crate::{Context, HandlerError};

/// A value that the server was built with: `.state(value)`.
///
/// # Example
/// ```
/// use toolwright_server::extract::State;
///
/// struct Db { url: &'static str }
///
/// async fn where_is(db: State<Db>) -> &'static str {
///     db.url
/// }
/// # let _ = where_is;
/// ```
#[derive(Debug)]
pub struct State<T>(Arc<T>);

impl<T> State<T> {
    /// A state value for calling a handler directly, in a unit test for example.
    pub fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Send + Sync + 'static> FromCall for State<T> {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        context
            .shared_state::<T>()
            .map(Self)
            .ok_or_else(|| format!("the server has no state of type `{}`", std::any::type_name::<T>()).into())
    }

    fn needs(needs: &mut Needs) {
        needs.state::<T>();
    }
}
