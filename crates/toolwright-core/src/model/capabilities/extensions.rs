use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::JsonObject;

/// Extensions by identifier, each with its settings (basic/versioning, "Extension Negotiation").
///
/// # Example
/// ```
/// use toolwright_core::model::Extensions;
///
/// let extensions = Extensions::new().extension("com.example/x", Default::default());
/// assert!(extensions.contains("com.example/x"));
/// assert_eq!(serde_json::to_string(&extensions)?, r#"{"com.example/x":{}}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Extensions(BTreeMap<String, JsonObject>);

impl Extensions {
    /// No extension.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the extension is declared.
    pub fn contains(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// The settings of an extension, if it is declared.
    pub fn get(&self, id: &str) -> Option<&JsonObject> {
        self.0.get(id)
    }

    /// Declares an extension, and hands back its former settings.
    pub fn insert(&mut self, id: impl Into<String>, settings: JsonObject) -> Option<JsonObject> {
        self.0.insert(id.into(), settings)
    }

    /// Declares an extension.
    #[must_use]
    pub fn extension(mut self, id: impl Into<String>, settings: JsonObject) -> Self {
        self.insert(id, settings);
        self
    }

    /// All extensions in the order of their identifiers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &JsonObject)> {
        self.0.iter().map(|(id, settings)| (id.as_str(), settings))
    }
}

impl FromIterator<(String, JsonObject)> for Extensions {
    fn from_iter<I: IntoIterator<Item = (String, JsonObject)>>(extensions: I) -> Self {
        Self(extensions.into_iter().collect())
    }
}
