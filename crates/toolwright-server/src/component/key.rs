use std::fmt;

use serde::{Deserialize, Serialize};

/// What a component is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// A tool.
    Tool,
    /// A resource with a fixed URI.
    Resource,
    /// A resource template.
    Template,
    /// A prompt.
    Prompt,
}

impl Kind {
    /// The kind's word in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tool => "tool",
            Self::Resource => "resource",
            Self::Template => "template",
            Self::Prompt => "prompt",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The identity of a component: its kind, its name (or URI, or URI template), and its version if it has one.
///
/// # Example
/// ```
/// use toolwright_server::component::{ComponentKey, Kind};
///
/// assert_eq!(ComponentKey::new(Kind::Tool, "add").to_string(), "tool `add`");
/// assert_eq!(ComponentKey::new(Kind::Tool, "add").version("2").to_string(), "tool `add` version 2");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ComponentKey {
    /// What it is.
    pub kind: Kind,
    /// Its name, URI or URI template.
    pub name: String,
    /// Its version, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl ComponentKey {
    /// The key of a component without a version.
    pub fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), version: None }
    }

    /// The version.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }
}

impl fmt::Display for ComponentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.kind, self.name)?;
        self.version.as_ref().map_or(Ok(()), |version| write!(f, " version {version}"))
    }
}

/// The `_meta` key by which a caller pins the version of a component.
///
/// # Example
/// ```
/// assert_eq!(toolwright_server::component::VERSION_KEY, "io.toolwright/version");
/// ```
pub const VERSION_KEY: &str = "io.toolwright/version";
