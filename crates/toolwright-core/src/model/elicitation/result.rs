use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Number, Value};

use crate::model::{Meta, macros::setters};

/// Result of `elicitation/create`.
///
/// # Example
/// ```
/// use toolwright_core::model::{ElicitAction, ElicitResult, ElicitValue};
///
/// let result = ElicitResult::accept([("row", ElicitValue::from("B")), ("seats", ElicitValue::from(2))]);
/// assert_eq!(
///     serde_json::to_string(&result)?,
///     r#"{"action":"accept","content":{"row":"B","seats":2}}"#
/// );
/// assert_eq!(ElicitResult::decline().action, ElicitAction::Decline);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ElicitResult {
    /// What the person did.
    pub action: ElicitAction,
    /// What they filled in; there only after they accepted a form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<BTreeMap<String, ElicitValue>>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(ElicitResult {
    map content: ElicitValue,
    into meta: Meta,
});

impl ElicitResult {
    /// The person did `action` and filled in nothing.
    pub fn new(action: ElicitAction) -> Self {
        Self { action, content: None, meta: None }
    }

    /// The person accepted the form with `content`.
    pub fn accept(content: impl IntoIterator<Item = (impl Into<String>, impl Into<ElicitValue>)>) -> Self {
        Self::new(ElicitAction::Accept).content(content)
    }

    /// The person said no.
    pub fn decline() -> Self {
        Self::new(ElicitAction::Decline)
    }

    /// The person gave no answer.
    pub fn cancel() -> Self {
        Self::new(ElicitAction::Cancel)
    }

    /// Reads the content, or an empty object where there is none, as a `T`.
    ///
    /// # Errors
    /// When the content is not of that shape.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        let content =
            self.content.iter().flatten().map(|(name, value)| (name.clone(), Value::from(value.clone())));
        serde_json::from_value(Value::Object(content.collect()))
    }
}

/// What the person did with an elicitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ElicitAction {
    /// They accepted it.
    Accept,
    /// They said no.
    Decline,
    /// They gave no answer.
    Cancel,
}

/// A value that a person filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a string, a number, a boolean or a list of strings")]
pub enum ElicitValue {
    /// A string.
    String(String),
    /// A number, with or without fraction.
    Number(Number),
    /// A boolean.
    Boolean(bool),
    /// The choices of a multi-select, from 2025-11-25 on.
    Strings(Vec<String>),
}

impl From<ElicitValue> for Value {
    fn from(value: ElicitValue) -> Self {
        match value {
            ElicitValue::String(text) => text.into(),
            ElicitValue::Number(number) => number.into(),
            ElicitValue::Boolean(boolean) => boolean.into(),
            ElicitValue::Strings(texts) => texts.into(),
        }
    }
}

impl From<&str> for ElicitValue {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for ElicitValue {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for ElicitValue {
    fn from(boolean: bool) -> Self {
        Self::Boolean(boolean)
    }
}

impl From<i64> for ElicitValue {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<Number> for ElicitValue {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<Vec<String>> for ElicitValue {
    fn from(texts: Vec<String>) -> Self {
        Self::Strings(texts)
    }
}
