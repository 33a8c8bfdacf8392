use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, ser::SerializeStruct};

use crate::{
    Raw,
    model::{CreateMessageParams, ElicitParams, Method, RequestParams},
};

/// A question that the server puts to the client in the middle of a request.
///
/// # Example
/// ```
/// use toolwright_core::model::{ElicitParams, InputRequest};
///
/// let question = InputRequest::from(ElicitParams::url("Please sign in", "https://example.com/sign-in"));
/// assert_eq!(
///     serde_json::to_string(&question)?,
///     concat!(
///         r#"{"method":"elicitation/create","#,
///         r#""params":{"mode":"url","message":"Please sign in","url":"https://example.com/sign-in"}}"#
///     )
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum InputRequest {
    /// `elicitation/create`.
    Elicit(ElicitParams),
    /// `sampling/createMessage`.
    CreateMessage(Box<CreateMessageParams>),
    /// `roots/list`.
    ListRoots(Option<RequestParams>),
}

impl InputRequest {
    /// The question for the client's roots.
    pub const fn list_roots() -> Self {
        Self::ListRoots(None)
    }

    /// The method of the question.
    pub const fn method(&self) -> Method {
        match self {
            Self::Elicit(_) => Method::Elicit,
            Self::CreateMessage(_) => Method::CreateMessage,
            Self::ListRoots(_) => Method::ListRoots,
        }
    }
}

impl From<ElicitParams> for InputRequest {
    fn from(params: ElicitParams) -> Self {
        Self::Elicit(params)
    }
}

impl From<CreateMessageParams> for InputRequest {
    fn from(params: CreateMessageParams) -> Self {
        Self::CreateMessage(Box::new(params))
    }
}

impl Serialize for InputRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut request = serializer.serialize_struct("InputRequest", 2)?;
        request.serialize_field("method", &self.method())?;
        match self {
            Self::Elicit(params) => request.serialize_field("params", params)?,
            Self::CreateMessage(params) => request.serialize_field("params", params)?,
            Self::ListRoots(Some(params)) => request.serialize_field("params", params)?,
            Self::ListRoots(None) => request.skip_field("params")?,
        }
        request.end()
    }
}

impl<'de> Deserialize<'de> for InputRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Question {
            method: Method,
            params: Option<Raw>,
        }

        let Question { method, params } = Question::deserialize(deserializer)?;
        let required = || params.as_ref().ok_or_else(|| D::Error::missing_field("params"));
        match method {
            Method::Elicit => required()?.read().map(Self::Elicit),
            Method::CreateMessage => required()?.read().map(Self::CreateMessage),
            Method::ListRoots => params.as_ref().map(Raw::read).transpose().map(Self::ListRoots),
            other => {
                const QUESTIONS: &[&str] = &["elicitation/create", "sampling/createMessage", "roots/list"];
                return Err(D::Error::unknown_variant(other.as_str(), QUESTIONS));
            }
        }
        .map_err(|reason| D::Error::custom(format_args!("malformed `params` of `{method}`: {reason}")))
    }
}

/// Questions by the key under which their answers come back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InputRequests(BTreeMap<String, InputRequest>);

impl InputRequests {
    /// No question.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there is no question.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many questions there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The question under `key`.
    pub fn get(&self, key: &str) -> Option<&InputRequest> {
        self.0.get(key)
    }

    /// Puts a question under `key`, and hands back the one that was there.
    pub fn insert(
        &mut self,
        key: impl Into<String>,
        request: impl Into<InputRequest>,
    ) -> Option<InputRequest> {
        self.0.insert(key.into(), request.into())
    }

    /// All questions in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &InputRequest)> {
        self.0.iter().map(|(key, request)| (key.as_str(), request))
    }
}

impl<K: Into<String>, R: Into<InputRequest>> FromIterator<(K, R)> for InputRequests {
    fn from_iter<I: IntoIterator<Item = (K, R)>>(requests: I) -> Self {
        Self(requests.into_iter().map(|(key, request)| (key.into(), request.into())).collect())
    }
}
