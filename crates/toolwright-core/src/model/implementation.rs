use serde::{Deserialize, Serialize};

use super::{Icon, macros::setters};

/// Name and version of a client or server, as it tells them itself; for display and logs only.
///
/// # Example
/// ```
/// use toolwright_core::model::Implementation;
///
/// let info = Implementation::new("ledger", "3.1.0").title("Ledger");
/// assert_eq!(serde_json::to_string(&info)?, r#"{"name":"ledger","version":"3.1.0","title":"Ledger"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Implementation {
    /// The name for programs.
    pub name: String,
    /// The version.
    pub version: String,
    /// The name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its home page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website_url: Option<String>,
    /// Its icons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icons: Option<Vec<Icon>>,
}

setters!(Implementation {
    into title: String,
    into description: String,
    into website_url: String,
    list icons: Icon,
});

impl Implementation {
    /// An implementation called `name` in `version`.
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            title: None,
            description: None,
            website_url: None,
            icons: None,
        }
    }
}
