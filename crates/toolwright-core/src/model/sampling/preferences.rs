use serde::{Deserialize, Serialize};
use serde_json::Number;

use crate::model::{IntoNumber, macros::setters};

/// What matters to the server in the choice of a model; all priorities go from 0 to 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ModelPreferences {
    /// Names to look for, the most wanted first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hints: Option<Vec<ModelHint>>,
    /// How much low cost matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_priority: Option<Number>,
    /// How much speed matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed_priority: Option<Number>,
    /// How much intelligence matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intelligence_priority: Option<Number>,
}

setters!(ModelPreferences {
    list hints: ModelHint,
    number cost_priority,
    number speed_priority,
    number intelligence_priority,
});

impl ModelPreferences {
    /// Nothing matters.
    pub fn new() -> Self {
        Self::default()
    }
}

/// A hint at a model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ModelHint {
    /// A part of its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

setters!(ModelHint {
    into name: String,
});

impl ModelHint {
    /// A model whose name contains `name`.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()) }
    }
}

impl From<&str> for ModelHint {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}
