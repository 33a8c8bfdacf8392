use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::{IntoNumber, Role, macros::setters};

/// Hints for whoever shows or uses content (server/resources, "Annotations").
///
/// # Example
/// ```
/// use toolwright_core::model::{Annotations, Role};
///
/// let hints = Annotations::new().audience([Role::User]).priority(0.5);
/// assert_eq!(serde_json::to_string(&hints)?, r#"{"audience":["user"],"priority":0.5}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Annotations {
    /// For whom the content is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<Vec<Role>>,
    /// How much it matters, from 0 (optional) to 1 (required).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Number>,
    /// When it changed last, as ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

setters!(Annotations {
    list audience: Role,
    number priority,
    into last_modified: String,
});

impl Annotations {
    /// No hints.
    pub fn new() -> Self {
        Self::default()
    }
}
