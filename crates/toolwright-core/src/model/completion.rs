use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::{
    Meta, RequestMeta, ResultType,
    macros::setters,
    tagged::{self, Tagged},
};

/// What a completion is for: an argument of a prompt, or a variable of a resource template (server/utilities/completion).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type")]
#[non_exhaustive]
pub enum CompletionReference {
    /// `ref/prompt`.
    #[serde(rename = "ref/prompt")]
    Prompt(PromptReference),
    /// `ref/resource`.
    #[serde(rename = "ref/resource")]
    Resource(ResourceTemplateReference),
}

impl CompletionReference {
    /// The prompt called `name`.
    pub fn prompt(name: impl Into<String>) -> Self {
        Self::Prompt(PromptReference::new(name))
    }

    /// The resource template `uri`.
    pub fn resource(uri: impl Into<String>) -> Self {
        Self::Resource(ResourceTemplateReference::new(uri))
    }
}

impl Tagged for CompletionReference {
    const TAG: &'static str = "type";
    const EXPECTED: &'static str = "a reference to a prompt or a resource template";

    fn variant<'de, D: Deserializer<'de>>(tag: &str, rest: D) -> Result<Self, D::Error> {
        match tag {
            "ref/prompt" => PromptReference::deserialize(rest).map(Self::Prompt),
            "ref/resource" => ResourceTemplateReference::deserialize(rest).map(Self::Resource),
            _ => Err(D::Error::unknown_variant(tag, &["ref/prompt", "ref/resource"])),
        }
    }
}

impl<'de> Deserialize<'de> for CompletionReference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        tagged::deserialize(deserializer)
    }
}

/// A prompt by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PromptReference {
    /// The name for programs.
    pub name: String,
    /// The name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

setters!(PromptReference {
    into title: String,
});

impl PromptReference {
    /// The prompt called `name`.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), title: None }
    }
}

/// A resource template by its text, or a resource by its URI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceTemplateReference {
    /// The URI or URI template.
    pub uri: String,
}

impl ResourceTemplateReference {
    /// The resource template `uri`.
    pub fn new(uri: impl Into<String>) -> Self {
        Self { uri: uri.into() }
    }
}

/// Parameters of `completion/complete`.
///
/// # Example
/// ```
/// use toolwright_core::model::{CompleteParams, CompletionReference};
///
/// let params = CompleteParams::new(CompletionReference::prompt("review"), "language", "ru");
/// assert_eq!(
///     serde_json::to_string(&params)?,
///     r#"{"ref":{"type":"ref/prompt","name":"review"},"argument":{"name":"language","value":"ru"}}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CompleteParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<RequestMeta>,
    /// What the completion is for.
    pub r#ref: CompletionReference,
    /// What was typed so far.
    pub argument: CompleteArgument,
    /// What is known besides, from 2025-06-18 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<CompleteContext>,
}

setters!(CompleteParams {
    into meta: RequestMeta,
    set context: CompleteContext,
});

impl CompleteParams {
    /// Completes `value` of the argument `name`.
    pub fn new(r#ref: CompletionReference, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { meta: None, r#ref, argument: CompleteArgument::new(name, value), context: None }
    }
}

/// The argument to complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CompleteArgument {
    /// Its name.
    pub name: String,
    /// What was typed so far.
    pub value: String,
}

impl CompleteArgument {
    /// `value` typed so far for the argument `name`.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// What is known besides the argument to complete.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CompleteContext {
    /// Values of other arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<BTreeMap<String, String>>,
}

setters!(CompleteContext {
    map arguments: String,
});

impl CompleteContext {
    /// Nothing known.
    pub fn new() -> Self {
        Self::default()
    }
}

/// Result of `completion/complete`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CompleteResult {
    /// The values found.
    pub completion: Completion,
    /// What kind of result this is, from 2026-07-28 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_type: Option<ResultType>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(CompleteResult {
    into result_type: ResultType,
    into meta: Meta,
});

impl CompleteResult {
    /// A result with these values.
    pub fn new(completion: Completion) -> Self {
        Self { completion, result_type: None, meta: None }
    }
}

/// Values found for an argument.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Completion {
    /// At most 100 values, the best first.
    pub values: Vec<String>,
    /// How many there are in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Whether there are more than these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_more: Option<bool>,
}

setters!(Completion {
    set total: u64,
    set has_more: bool,
});

impl Completion {
    /// These values.
    pub fn new(values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { values: values.into_iter().map(Into::into).collect(), ..Self::default() }
    }
}
