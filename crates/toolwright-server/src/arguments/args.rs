use std::ops::{Deref, DerefMut};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserializer, de::DeserializeOwned};

use super::{
    param::{Nameless, OutsideTemplate, Param, Role},
    text::{TextError, from_text},
};

/// All arguments of a call as one value, for handlers that keep them in a struct.
///
/// # Example
/// ```
/// use toolwright_server::{HandlerError, Tool, arguments::Args};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Add { a: i64, b: i64 }
///
/// let add = Tool::new("add").handler(|Args(add): Args<Add>| async move { add.a + add.b });
/// assert!(add.schema().as_str().contains(r#""required":["a","b"]"#));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Args<T>(pub T);

impl<T> Deref for Args<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Args<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

/// Marks a parameter that holds all arguments.
#[derive(Debug)]
pub enum Whole {}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Param<Whole> for Args<T> {
    type Owned = Self;
    const ROLE: Role = Role::Whole;

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        T::deserialize(deserializer).map(Args).map(Some)
    }

    fn read_text(text: &str) -> Result<Option<Self>, TextError> {
        from_text(text).map(Args).map(Some)
    }
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Nameless<Whole> for Args<T> {}
impl<T: DeserializeOwned + JsonSchema + Send + 'static> OutsideTemplate<Whole> for Args<T> {}
