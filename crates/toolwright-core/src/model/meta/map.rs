use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{MetaKey, RELATED_TASK, SERVER_INFO, SUBSCRIPTION_ID};
use crate::{
    jsonrpc::Id,
    model::{Implementation, JsonObject, RelatedTask},
};

/// The `_meta` of a result, a notification or a component: free members, some of them with a meaning of their own.
///
/// # Example
/// ```
/// use toolwright_core::model::{Implementation, Meta, meta};
///
/// let sent = Meta::new().server_info(&Implementation::new("ledger", "3.1.0")).member("com.example/build", 7);
/// assert_eq!(sent.get("com.example/build"), Some(&7.into()));
/// assert_eq!(sent.read(meta::SERVER_INFO)?.map(|info| info.name), Some("ledger".to_owned()));
/// # Ok::<(), meta::MalformedMeta>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Meta(JsonObject);

/// A `_meta` member whose value is not of the type that its key demands.
#[derive(Debug, thiserror::Error)]
#[error("malformed `{key}` in `_meta`: {reason}")]
pub struct MalformedMeta {
    pub(super) key: String,
    pub(super) reason: serde_json::Error,
}

impl Meta {
    /// No members.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value under `key`, as it came.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The value under `key` in its type, or nothing if there is none.
    ///
    /// # Errors
    /// When there is a value, but none of that type.
    pub fn read<T: DeserializeOwned>(&self, key: MetaKey<T>) -> Result<Option<T>, MalformedMeta> {
        self.get(key.as_str())
            .map(|value| {
                T::deserialize(value).map_err(|reason| MalformedMeta { key: key.as_str().to_owned(), reason })
            })
            .transpose()
    }

    /// Puts `value` under `key`, and hands back what was there.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.0.insert(key.into(), value.into())
    }

    /// Takes away what is under `key`.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.0.remove(key)
    }

    /// All members.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Adds a member.
    #[must_use]
    pub fn member(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.insert(key, value);
        self
    }

    /// Adds the [server's name and version](SERVER_INFO).
    #[must_use]
    pub fn server_info(self, info: &Implementation) -> Self {
        self.typed(SERVER_INFO, info)
    }

    /// Adds the [subscription](SUBSCRIPTION_ID) that a notification belongs to.
    #[must_use]
    pub fn subscription_id(self, id: &Id) -> Self {
        self.typed(SUBSCRIPTION_ID, id)
    }

    /// Adds the [task](RELATED_TASK) that a message belongs to.
    #[must_use]
    pub fn related_task(self, task: &RelatedTask) -> Self {
        self.typed(RELATED_TASK, task)
    }

    fn typed<T: Serialize>(self, key: MetaKey<T>, value: &T) -> Self {
        let value =
            serde_json::to_value(value).expect("a model type has string keys only and can be written");
        self.member(key.as_str(), value)
    }
}

impl From<JsonObject> for Meta {
    fn from(members: JsonObject) -> Self {
        Self(members)
    }
}

impl From<Meta> for JsonObject {
    fn from(meta: Meta) -> Self {
        meta.0
    }
}
