use std::{future::IntoFuture, marker::PhantomData};

use serde_json::{Map, Value};
use toolwright_core::{
    Raw,
    joint::BoxFuture,
    model::{ElicitAction, ElicitResult, Method},
};

use super::QuestionError;
use crate::{
    Context, HandlerError, arguments, call::without_position, component::Requirement, elicit::Elicit,
};

/// What came of asking the user.
///
/// # Example
/// ```
/// use toolwright_server::question::Elicited;
///
/// assert_eq!(Elicited::Accepted(7).accepted().unwrap(), 7);
/// assert!(Elicited::<u8>::Declined.accepted().unwrap_err().to_string().contains("declined"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Elicited<T> {
    /// The user answered.
    Accepted(T),
    /// The user said no.
    Declined,
    /// The user went away without a choice.
    Cancelled,
}

impl<T> Elicited<T> {
    /// The answer; a handler that cannot go on without one passes the error on with `?`.
    ///
    /// # Errors
    /// When the user declined or cancelled.
    pub fn accepted(self) -> Result<T, HandlerError> {
        match self {
            Self::Accepted(answer) => Ok(answer),
            Self::Declined => Err(HandlerError::public("the user declined to answer")),
            Self::Cancelled => Err(HandlerError::public("the user cancelled the question")),
        }
    }

    /// The answer, or `default` if there is none.
    pub fn accepted_or(self, default: T) -> T {
        match self {
            Self::Accepted(answer) => answer,
            Self::Declined | Self::Cancelled => default,
        }
    }

    /// Maps the answer.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Elicited<U> {
        match self {
            Self::Accepted(answer) => Elicited::Accepted(map(answer)),
            Self::Declined => Elicited::Declined,
            Self::Cancelled => Elicited::Cancelled,
        }
    }

    /// Maps the answer, unless that fails.
    ///
    /// # Errors
    /// What `map` returns.
    pub fn try_map<U, E>(self, map: impl FnOnce(T) -> Result<U, E>) -> Result<Elicited<U>, E> {
        Ok(match self {
            Self::Accepted(answer) => Elicited::Accepted(map(answer)?),
            Self::Declined => Elicited::Declined,
            Self::Cancelled => Elicited::Cancelled,
        })
    }
}

impl Context {
    /// Asks the user to fill in a form for a `T` ("Elicitation"). Await it.
    ///
    /// # Errors
    /// When the client cannot be asked, or answers with something else.
    pub fn elicit<T: Elicit>(&self, message: impl Into<String>) -> AskElicit<T> {
        AskElicit { form: self.elicit_form(message, Raw::from(T::schema())), answer: PhantomData }
    }

    /// Asks the user to fill in a form whose JSON Schema is written by hand. Await it.
    ///
    /// # Errors
    /// When the client cannot be asked, or answers with something else.
    pub fn elicit_form(&self, message: impl Into<String>, schema: impl Into<Raw>) -> AskForm {
        AskForm { context: self.clone(), key: None, message: message.into(), schema: schema.into() }
    }
}

/// A form to be filled in; await it for the fields by name.
#[derive(Debug)]
#[must_use = "a question is asked when it is awaited"]
pub struct AskForm {
    context: Context,
    key: Option<String>,
    message: String,
    schema: Raw,
}

impl AskForm {
    /// Names the question, so that its answer is found again even if its text changes.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Asks until the answer fits the form and `read` understands its fields.
    async fn ask<T>(
        self,
        read: fn(Map<String, Value>) -> Result<T, HandlerError>,
    ) -> Result<Elicited<T>, HandlerError> {
        let era = self.context.era();
        let stateless = era.is_stateless();
        let params = era.elicit_form(&self.message, &self.schema).map_err(HandlerError::public)?;
        let schema: Value = self.schema.read()?;
        let read = |answer: &Raw| {
            fields(&schema, answer)?
                .try_map(read)
                .map_err(|error: HandlerError| QuestionError::Invalid(error.to_string()))
        };
        self.context
            .ask_for(self.key, Requirement::Elicitation, Method::Elicit, params, read)
            .await
            .map_err(|error| error.into_handler_error(stateless))
    }
}

/// The fields of an answer, held to the schema that was asked.
fn fields(schema: &Value, answer: &Raw) -> Result<Elicited<Map<String, Value>>, QuestionError> {
    let unreadable = |error: serde_json::Error| QuestionError::Invalid(without_position(&error));
    let answer: ElicitResult = answer.read().map_err(unreadable)?;
    match answer.action {
        ElicitAction::Accept => {}
        ElicitAction::Decline => return Ok(Elicited::Declined),
        ElicitAction::Cancel => return Ok(Elicited::Cancelled),
    }
    let content = answer.content.unwrap_or_default().into_iter();
    let fields = content.map(|(name, value)| Ok((name, serde_json::to_value(value)?)));
    let fields: Map<_, _> = fields.collect::<Result<_, _>>().map_err(unreadable)?;
    match arguments::check::check(schema, &Value::Object(fields.clone())).first() {
        Some(mistake) => Err(QuestionError::Invalid(format!("`{}`: {}", mistake.path, mistake.text))),
        None => Ok(Elicited::Accepted(fields)),
    }
}

impl IntoFuture for AskForm {
    type Output = Result<Elicited<Map<String, Value>>, HandlerError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.ask(Ok))
    }
}

/// A typed form to be filled in; await it.
#[derive(Debug)]
#[must_use = "a question is asked when it is awaited"]
pub struct AskElicit<T> {
    form: AskForm,
    answer: PhantomData<fn() -> T>,
}

impl<T> AskElicit<T> {
    /// Names the question, so that its answer is found again even if its text changes.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.form = self.form.key(key);
        self
    }
}

impl<T: Elicit + Send> IntoFuture for AskElicit<T> {
    type Output = Result<Elicited<T>, HandlerError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.form.ask(T::from_content))
    }
}
