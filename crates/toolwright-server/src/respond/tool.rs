use std::{any::TypeId, borrow::Cow, sync::Arc};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use toolwright_core::{
    Raw,
    model::{CallToolResult, ContentBlock},
};

use super::{
    content::{IntoContent, text_block},
    downcast::downcast,
    marker::{Complete, Content, Contents, Fallible, Structured, Untyped},
    structured,
};
use crate::HandlerError;

/// What a tool can return.
///
/// Types of your own fit when they are `Serialize + JsonSchema`, which `#[model]` derives. They have to own what they hold.
///
/// # Example
/// ```
/// use toolwright_server::respond::IntoToolResult;
///
/// let result = vec![1, 2].into_result()?;
/// assert_eq!(result.structured_content.unwrap().as_str(), "[1,2]");
/// # Ok::<(), toolwright_server::HandlerError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a tool cannot return `{Self}`",
    label = "not a return value of a tool",
    note = "put `#[model]` on a type of your own, or derive `serde::Serialize` and `schemars::JsonSchema`",
    note = "other choices are strings, `Image`, `Audio`, `File`, content blocks, `CallToolResult`, and a `Result` of these"
)]
pub trait IntoToolResult<M>: Sized {
    /// The schema of its structured content, if it has one.
    fn output_schema(generator: &mut SchemaGenerator) -> Option<Schema>;

    /// The result.
    ///
    /// # Errors
    /// When the value cannot be written as JSON, and the handler's own error.
    fn into_result(self) -> Result<CallToolResult, HandlerError>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema + 'static> IntoToolResult<Structured> for T {
    fn output_schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        if is_plain::<T>() {
            return None;
        }
        // A schema that allows everything says nothing.
        Some(generator.subschema_for::<T>()).filter(|schema| schema.as_bool().is_none())
    }

    fn into_result(self) -> Result<CallToolResult, HandlerError> {
        match plain(self) {
            Ok(content) => Ok(CallToolResult::new(content)),
            Err(value) => structured::result(&value),
        }
    }
}

macro_rules! plain_types {
    ($($type:ty => $block:expr),* $(,)?) => {
        /// Whether `T` is text or nothing rather than structure.
        fn is_plain<T: 'static>() -> bool {
            let id = TypeId::of::<T>();
            id == TypeId::of::<()>()
                $(|| id == TypeId::of::<$type>() || id == TypeId::of::<Option<$type>>())*
        }

        /// The content of a plain value, or the value back.
        fn plain<T: 'static>(value: T) -> Result<Vec<ContentBlock>, T> {
            let value = match downcast::<T, ()>(value) {
                Ok(()) => return Ok(Vec::new()),
                Err(value) => value,
            };
            $(
                let value = match downcast::<T, $type>(value) {
                    Ok(text) => return Ok(vec![text_block($block(text))]),
                    Err(value) => value,
                };
                let value = match downcast::<T, Option<$type>>(value) {
                    Ok(text) => return Ok(text.map($block).map(text_block).into_iter().collect()),
                    Err(value) => value,
                };
            )*
            Err(value)
        }
    };
}

plain_types! {
    String => String::from,
    &'static str => String::from,
    Cow<'static, str> => Cow::into_owned,
    Box<str> => String::from,
    Arc<str> => |text: Arc<str>| String::from(&*text),
    char => String::from,
}

#[diagnostic::do_not_recommend]
impl<T: IntoContent> IntoToolResult<Content> for T {
    fn output_schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }

    fn into_result(self) -> Result<CallToolResult, HandlerError> {
        Ok(CallToolResult::new([self.into_content()]))
    }
}

macro_rules! contents {
    ([$($generics:tt)*] $type:ty) => {
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> IntoToolResult<Contents> for $type {
            fn output_schema(_: &mut SchemaGenerator) -> Option<Schema> {
                None
            }

            fn into_result(self) -> Result<CallToolResult, HandlerError> {
                Ok(CallToolResult::new(self.into_iter().map(IntoContent::into_content)))
            }
        }
    };
}

contents!([T: IntoContent] Vec<T>);
contents!([T: IntoContent] Option<T>);
contents!([T: IntoContent, const N: usize] [T; N]);

#[diagnostic::do_not_recommend]
impl IntoToolResult<Complete> for CallToolResult {
    fn output_schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }

    fn into_result(self) -> Result<CallToolResult, HandlerError> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl IntoToolResult<Untyped> for Raw {
    fn output_schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }

    fn into_result(self) -> Result<CallToolResult, HandlerError> {
        Ok(structured::mirrored(self))
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoToolResult<M>, E: Into<HandlerError>, M> IntoToolResult<Fallible<M>> for Result<T, E> {
    fn output_schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        T::output_schema(generator)
    }

    fn into_result(self) -> Result<CallToolResult, HandlerError> {
        self.map_err(Into::into)?.into_result()
    }
}
