use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Meta, macros::setters};

/// A place that the client opens to the server (client/roots).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Root {
    /// Its URI, which begins with `file://`.
    pub uri: String,
    /// The name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(Root {
    into name: String,
    into meta: Meta,
});

impl Root {
    /// The root at `uri`.
    pub fn new(uri: impl Into<String>) -> Self {
        Self { uri: uri.into(), name: None, meta: None }
    }

    /// The folder on this machine, if its URI names one.
    ///
    /// # Example
    /// ```
    /// use toolwright_core::model::Root;
    ///
    /// # if cfg!(unix) {
    /// assert_eq!(Root::new("file:///home/ada/my%20notes").path().unwrap().to_str(), Some("/home/ada/my notes"));
    /// # }
    /// assert_eq!(Root::new("file://server/share").path(), None);
    /// ```
    pub fn path(&self) -> Option<PathBuf> {
        let rest = self.uri.strip_prefix("file://")?;
        let encoded = rest.strip_prefix("localhost").unwrap_or(rest);
        if !encoded.starts_with('/') || encoded.contains(['?', '#']) {
            return None;
        }
        let path = percent_encoding::percent_decode_str(encoded).decode_utf8().ok()?;
        if path.contains('\0') {
            return None;
        }
        // `/C:/notes` has a drive where others have the root.
        let path = if cfg!(windows) { path.trim_start_matches('/') } else { &path };
        Some(PathBuf::from(path))
    }
}

/// Result of `roots/list`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ListRootsResult {
    /// The roots.
    pub roots: Vec<Root>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(ListRootsResult {
    into meta: Meta,
});

impl ListRootsResult {
    /// These roots.
    pub fn new(roots: impl IntoIterator<Item = Root>) -> Self {
        Self { roots: roots.into_iter().collect(), meta: None }
    }
}
