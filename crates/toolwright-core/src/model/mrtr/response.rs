use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    Raw,
    model::{CreateMessageResult, ElicitResult, ListRootsResult},
};

/// The client's answer to one [`InputRequest`](super::InputRequest), a bare result.
///
/// The answer does not say what it answers, so it stays raw until the server, which knows the question, reads it.
///
/// # Example
/// ```
/// use toolwright_core::model::{ElicitResult, InputResponse};
///
/// let answer: InputResponse = serde_json::from_str(r#"{"action": "decline"}"#)?;
/// assert_eq!(answer.read::<ElicitResult>()?, ElicitResult::decline());
/// assert_eq!(answer, InputResponse::from(&ElicitResult::decline()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InputResponse(Raw);

impl InputResponse {
    /// The answer as it came.
    pub fn as_raw(&self) -> &Raw {
        &self.0
    }

    /// Reads the answer as the result `T` of the question asked.
    ///
    /// # Errors
    /// When the answer is not of that shape.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        self.0.read()
    }
}

impl From<Raw> for InputResponse {
    fn from(result: Raw) -> Self {
        Self(result)
    }
}

macro_rules! from {
    ($($result:ident)*) => {$(
        impl From<&$result> for InputResponse {
            fn from(result: &$result) -> Self {
                Self(Raw::serialize(result).expect("a model type has string keys only and can be written"))
            }
        }
    )*};
}

from!(ElicitResult CreateMessageResult ListRootsResult);

/// Answers by the key of their questions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InputResponses(BTreeMap<String, InputResponse>);

impl InputResponses {
    /// No answer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there is no answer.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many answers there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The answer under `key`.
    pub fn get(&self, key: &str) -> Option<&InputResponse> {
        self.0.get(key)
    }

    /// Puts an answer under `key`, and hands back the one that was there.
    pub fn insert(
        &mut self,
        key: impl Into<String>,
        response: impl Into<InputResponse>,
    ) -> Option<InputResponse> {
        self.0.insert(key.into(), response.into())
    }

    /// All answers in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &InputResponse)> {
        self.0.iter().map(|(key, response)| (key.as_str(), response))
    }
}

impl<K: Into<String>, R: Into<InputResponse>> FromIterator<(K, R)> for InputResponses {
    fn from_iter<I: IntoIterator<Item = (K, R)>>(responses: I) -> Self {
        Self(responses.into_iter().map(|(key, response)| (key.into(), response.into())).collect())
    }
}
