use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};

use crate::era::Revision;

/// The protocol version that a peer names, known here or not.
///
/// # Example
/// ```
/// use toolwright_core::{era::Revision, model::ProtocolVersion};
///
/// assert_eq!(ProtocolVersion::from("2025-06-18").revision(), Some(Revision::V2025_06_18));
/// assert_eq!(ProtocolVersion::from("2031-01-01").revision(), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProtocolVersion(Cow<'static, str>);

impl ProtocolVersion {
    /// The version as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The published revision of that name.
    pub fn revision(&self) -> Option<Revision> {
        self.as_str().parse().ok()
    }
}

impl From<Revision> for ProtocolVersion {
    fn from(revision: Revision) -> Self {
        Self(Cow::Borrowed(revision.as_str()))
    }
}

impl From<&str> for ProtocolVersion {
    fn from(text: &str) -> Self {
        // A known version costs no allocation; every modern request carries one.
        text.parse().map_or_else(|_| Self(Cow::Owned(text.to_owned())), Revision::into)
    }
}

impl From<String> for ProtocolVersion {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl fmt::Display for ProtocolVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for ProtocolVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ProtocolVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Version;

        impl Visitor<'_> for Version {
            type Value = ProtocolVersion;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a protocol version, for example \"2026-07-28\"")
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(text.into())
            }
        }

        deserializer.deserialize_str(Version)
    }
}
