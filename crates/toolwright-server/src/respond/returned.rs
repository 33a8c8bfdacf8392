//! How expansions of the macros convert what a handler returned.
//!
//! `Result<T, String>` is `Serialize + JsonSchema` itself, so by traits alone it would fit two families and be ambiguous. Method
//! lookup prefers inherent methods, so a [`Returned`] `Result` is always taken apart and everything else asks the trait.
use std::marker::PhantomData;

use schemars::{Schema, SchemaGenerator};
use toolwright_core::model::{CallToolResult, GetPromptResult, ReadResourceResult};

use super::{IntoCompletion, IntoPromptResult, IntoResourceResult, IntoToolResult};
use crate::HandlerError;

/// What a handler returned.
///
/// An expansion says `use respond::traits::*`-like imports by name and calls `Returned(value).into_tool_result()`.
#[derive(Debug)]
pub struct Returned<T>(pub T);

impl<T, E> Returned<Result<T, E>> {
    /// The result of a tool.
    ///
    /// # Errors
    /// The handler's error, or why its value cannot be sent.
    pub fn into_tool_result<M>(self) -> Result<CallToolResult, HandlerError>
    where
        T: IntoToolResult<M>,
        E: Into<HandlerError>,
    {
        self.0.map_err(Into::into)?.into_result()
    }

    /// The result of a resource.
    ///
    /// # Errors
    /// The handler's error, or why its value cannot be sent.
    pub fn into_resource_result<M>(
        self,
        uri: &str,
        mime: Option<&str>,
    ) -> Result<ReadResourceResult, HandlerError>
    where
        T: IntoResourceResult<M>,
        E: Into<HandlerError>,
    {
        self.0.map_err(Into::into)?.into_result(uri, mime)
    }

    /// The result of a prompt.
    ///
    /// # Errors
    /// The handler's error, or why its value cannot be sent.
    pub fn into_prompt_result<M>(self) -> Result<GetPromptResult, HandlerError>
    where
        T: IntoPromptResult<M>,
        E: Into<HandlerError>,
    {
        self.0.map_err(Into::into)?.into_result()
    }

    /// The suggestions of a completion.
    ///
    /// # Errors
    /// The handler's error.
    pub fn into_completion<M>(self) -> Result<Vec<String>, HandlerError>
    where
        T: IntoCompletion<M>,
        E: Into<HandlerError>,
    {
        self.0.map_err(Into::into)?.into_values()
    }
}

/// The type that a handler returns, to ask for its schema.
#[derive(Debug)]
pub struct ReturnedType<T>(PhantomData<fn() -> T>);

impl<T> ReturnedType<T> {
    /// Stands for `T`.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Default for ReturnedType<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T, E> ReturnedType<Result<T, E>> {
    /// The output schema of a tool that returns it.
    pub fn output_schema<M>(self, generator: &mut SchemaGenerator) -> Option<Schema>
    where
        T: IntoToolResult<M>,
    {
        T::output_schema(generator)
    }
}

/// The methods of [`Returned`] and [`ReturnedType`] for all that is no `Result`. Bring them into scope by name, as `_`.
pub mod traits {
    use super::*;

    /// A tool's value.
    pub trait ReturnedTool<M> {
        /// The result of a tool.
        ///
        /// # Errors
        /// Why the value cannot be sent.
        fn into_tool_result(self) -> Result<CallToolResult, HandlerError>;
    }

    impl<T: IntoToolResult<M>, M> ReturnedTool<M> for Returned<T> {
        fn into_tool_result(self) -> Result<CallToolResult, HandlerError> {
            self.0.into_result()
        }
    }

    /// A resource's value.
    pub trait ReturnedResource<M> {
        /// The result of a resource.
        ///
        /// # Errors
        /// Why the value cannot be sent.
        fn into_resource_result(
            self,
            uri: &str,
            mime: Option<&str>,
        ) -> Result<ReadResourceResult, HandlerError>;
    }

    impl<T: IntoResourceResult<M>, M> ReturnedResource<M> for Returned<T> {
        fn into_resource_result(
            self,
            uri: &str,
            mime: Option<&str>,
        ) -> Result<ReadResourceResult, HandlerError> {
            self.0.into_result(uri, mime)
        }
    }

    /// A prompt's value.
    pub trait ReturnedPrompt<M> {
        /// The result of a prompt.
        ///
        /// # Errors
        /// Why the value cannot be sent.
        fn into_prompt_result(self) -> Result<GetPromptResult, HandlerError>;
    }

    impl<T: IntoPromptResult<M>, M> ReturnedPrompt<M> for Returned<T> {
        fn into_prompt_result(self) -> Result<GetPromptResult, HandlerError> {
            self.0.into_result()
        }
    }

    /// A completion's value.
    pub trait ReturnedCompletion<M> {
        /// The suggestions.
        ///
        /// # Errors
        /// Why there are none.
        fn into_completion(self) -> Result<Vec<String>, HandlerError>;
    }

    impl<T: IntoCompletion<M>, M> ReturnedCompletion<M> for Returned<T> {
        fn into_completion(self) -> Result<Vec<String>, HandlerError> {
            self.0.into_values()
        }
    }

    /// The type that a tool returns.
    pub trait ReturnedSchema<M> {
        /// Its output schema.
        fn output_schema(self, generator: &mut SchemaGenerator) -> Option<Schema>;
    }

    impl<T: IntoToolResult<M>, M> ReturnedSchema<M> for ReturnedType<T> {
        fn output_schema(self, generator: &mut SchemaGenerator) -> Option<Schema> {
            T::output_schema(generator)
        }
    }
}
