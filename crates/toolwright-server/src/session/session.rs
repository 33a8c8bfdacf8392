use std::{fmt, marker::PhantomData, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use toolwright_store::{MemoryKeyValue, SharedKeyValue};

use super::slot::Slot;
use crate::{
    Context, HandlerError,
    extract::{FromCall, Needs},
};

/// State that the server keeps for a caller from one call to the next, one value per type.
///
/// Whose state it is: of a revision with sessions, the session's; otherwise the authenticated caller's. A call that has neither
/// fails and says so, and `build()` fails where no call could ever have one; take an explicit [`Handle`](super::Handle) there, or
/// an `Option<Session<T>>`. Stateless revisions do not take callers on one connection for the same ("Statelessness").
///
/// It is kept in the [store](crate::ServerBuilder::store) of the server as JSON of 1 MiB at most, until
/// [`session_ttl`](crate::ServerBuilder::session_ttl) after it was last written; reading does not prolong it. Until then, and
/// for a caller who never wrote, it is `T::default()`.
///
/// # Example
/// ```
/// use toolwright_server::{HandlerError, extract::Session};
///
/// #[derive(Default, serde::Serialize, serde::Deserialize)]
/// struct Cart { items: Vec<String> }
///
/// async fn add(session: Session<Cart>, item: String) -> Result<usize, HandlerError> {
///     session
///         .update(|cart| {
///             cart.items.push(item.clone());
///             cart.items.len()
///         })
///         .await
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), HandlerError> {
/// let session = Session::new(); // In a unit test; a call brings its own.
/// assert_eq!(add(session.clone(), "tea".into()).await?, 1);
/// assert_eq!(add(session.clone(), "milk".into()).await?, 2);
/// assert_eq!(session.get().await?.items, ["tea", "milk"]);
/// # Ok(())
/// # }
/// ```
pub struct Session<T> {
    slot: Slot,
    state: PhantomData<fn() -> T>,
}

impl<T> Session<T> {
    fn at(slot: Slot) -> Self {
        Self { slot, state: PhantomData }
    }

    /// A session that is nobody's, for calling a handler directly in a unit test.
    #[expect(clippy::new_without_default, reason = "a default would pass for the state of a caller")]
    pub fn new() -> Self {
        let store = SharedKeyValue::new(MemoryKeyValue::new());
        Self::at(Slot { store, key: "session".into(), ttl: Duration::MAX })
    }
}

impl<T: Serialize + DeserializeOwned + Default + Send> Session<T> {
    /// The state now.
    ///
    /// # Errors
    /// When the store fails, or holds what is no `T`.
    pub async fn get(&self) -> Result<T, HandlerError> {
        Ok(self.slot.get().await?.unwrap_or_default())
    }

    /// Changes the state, and hands out what `change` returns. Of calls that change it at the same time, at one replica or several,
    /// none is lost.
    ///
    /// `change` runs again on a newer state where another call came in between, so it should do nothing else.
    ///
    /// # Errors
    /// When the store fails, holds what is no `T`, or the state gets larger than 1 MiB; it then stays as it was.
    pub async fn update<R: Send>(&self, change: impl FnMut(&mut T) -> R + Send) -> Result<R, HandlerError> {
        let updated = self.slot.update(|| Some(T::default()), change).await?;
        Ok(updated.expect("a default stands in for what is absent"))
    }

    /// Replaces the state, whatever it was.
    ///
    /// # Errors
    /// When the store fails, or the state is larger than 1 MiB.
    pub async fn set(&self, state: T) -> Result<(), HandlerError> {
        self.slot.put(state).await
    }

    /// Forgets the state. `false` when there was none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn clear(&self) -> Result<bool, HandlerError> {
        self.slot.delete().await
    }
}

impl<T> Clone for Session<T> {
    fn clone(&self) -> Self {
        Self::at(self.slot.clone())
    }
}

/// The key is as good as the session itself, so it is not shown.
impl<T> fmt::Debug for Session<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

// Without bounds on `T`: what it lacks is then told where the state is used, by name.
impl<T: 'static> FromCall for Session<T> {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        context.engine().keeper.session::<T>(context).map(Self::at).ok_or_else(|| {
            HandlerError::public(
                "this call has neither a session nor an authenticated caller to keep state for; sign in, or ask the author of \
                 the server to take a `Handle<T>` argument instead of `Session<T>`",
            )
        })
    }

    fn needs(needs: &mut Needs) {
        needs.session();
    }
}

impl<T: 'static> FromCall for Option<Session<T>> {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        Ok(context.engine().keeper.session::<T>(context).map(Session::at))
    }

    fn needs(needs: &mut Needs) {
        needs.caller();
    }
}
