use std::{
    borrow::Cow,
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

use super::{RandomId, slot::Slot};
use crate::{Context, HandlerError};

/// State that the client names: the server hands out an id, and the client sends it back as an argument. It works for every
/// caller, also for those that the server cannot tell apart ("Statelessness").
///
/// As an argument and as a result it is a string of 22 characters that nobody can guess. It belongs to the principal who got it;
/// to everyone else, and once it is expired or removed, there is nothing under it: the call fails with a text that the model can
/// act on. One that an unauthenticated caller got is good for every unauthenticated caller who knows it.
///
/// What is under it lives in the [store](crate::ServerBuilder::store) of the server as JSON of 1 MiB at most, until
/// [`handle_ttl`](crate::ServerBuilder::handle_ttl) after it was last written; reading does not prolong it. Tell the model so in
/// the description of the argument.
///
/// # Example
/// ```
/// use toolwright_server::{Context, HandlerError, arguments::Handle};
///
/// #[derive(Default, serde::Serialize, serde::Deserialize)]
/// struct Cart { items: Vec<String> }
///
/// async fn open_cart(context: &Context) -> Result<Handle<Cart>, HandlerError> {
///     Handle::create(context, Cart::default()).await
/// }
///
/// async fn add(context: &Context, cart: Handle<Cart>, item: String) -> Result<usize, HandlerError> {
///     cart.update(context, |cart| {
///         cart.items.push(item.clone());
///         cart.items.len()
///     })
///     .await
/// }
/// # let _ = (open_cart, add);
/// ```
pub struct Handle<T> {
    id: Box<str>,
    state: PhantomData<fn() -> T>,
}

impl<T> Handle<T> {
    fn of(id: impl Into<Box<str>>) -> Self {
        Self { id: id.into(), state: PhantomData }
    }

    /// What the client knows it by. Whoever knows it may be able to use it, so keep it out of logs.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl<T: Serialize + DeserializeOwned + Send + 'static> Handle<T> {
    /// Keeps `state` under a new handle for this caller.
    ///
    /// # Errors
    /// When the store fails, or the state is larger than 1 MiB.
    pub async fn create(context: &Context, state: T) -> Result<Self, HandlerError> {
        let id = RandomId::mint()?;
        context.engine().keeper.handle::<T>(context, id).put(state).await?;
        Ok(Self::of(id.to_string()))
    }

    /// The state now.
    ///
    /// # Errors
    /// When this caller has nothing under the handle, the store fails, or it holds what is no `T`.
    pub async fn get(&self, context: &Context) -> Result<T, HandlerError> {
        self.slot(context)?.get().await?.ok_or_else(nothing)
    }

    /// Changes the state, and hands out what `change` returns. Of calls that change it at the same time, at one replica or several,
    /// none is lost.
    ///
    /// `change` runs again on a newer state where another call came in between, so it should do nothing else.
    ///
    /// # Errors
    /// When this caller has nothing under the handle, the store fails or holds what is no `T`, or the state gets larger than
    /// 1 MiB; it then stays as it was.
    pub async fn update<R: Send>(
        &self,
        context: &Context,
        change: impl FnMut(&mut T) -> R + Send,
    ) -> Result<R, HandlerError> {
        self.slot(context)?.update(|| None, change).await?.ok_or_else(nothing)
    }

    /// Replaces the state. What is expired or removed does not come back.
    ///
    /// # Errors
    /// Those of [`update`](Self::update).
    pub async fn set(&self, context: &Context, state: T) -> Result<(), HandlerError> {
        self.slot(context)?.replace(state).await?.then_some(()).ok_or_else(nothing)
    }

    /// Forgets the state. `false` when this caller had nothing under the handle.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove(&self, context: &Context) -> Result<bool, HandlerError> {
        match self.slot(context) {
            Ok(slot) => slot.delete().await,
            Err(_) => Ok(false),
        }
    }

    fn slot(&self, context: &Context) -> Result<Slot, HandlerError> {
        let id = RandomId::parse(&self.id).ok_or_else(nothing)?;
        Ok(context.engine().keeper.handle::<T>(context, id))
    }
}

/// The same for all reasons, so that nobody learns which handles others have.
fn nothing() -> HandlerError {
    HandlerError::public("there is nothing under this handle: it is unknown or has expired; get a new one")
        .not_found()
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Self::of(self.id.clone())
    }
}

impl<T> PartialEq for Handle<T> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl<T> Eq for Handle<T> {}

impl<T> Hash for Handle<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl<T> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle(..)")
    }
}

impl<T> Serialize for Handle<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.id)
    }
}

impl<'de, T> Deserialize<'de> for Handle<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::of)
    }
}

impl<T> JsonSchema for Handle<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Handle".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}
