use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Revision;
use crate::model::Method;

/// What a request says about its own protocol version in `params._meta` ("_meta").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Claim<'a> {
    /// Nothing: an older client, or a notification.
    #[default]
    None,
    /// This version.
    Version(Cow<'a, str>),
    /// Something that is no version: not a string.
    Malformed,
}

impl<'a> Claim<'a> {
    /// Reads the raw value of the member.
    pub fn read(raw: &'a RawValue) -> Self {
        /// Only this newtype makes serde borrow the string where it can.
        #[derive(Deserialize)]
        struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

        serde_json::from_str::<Text<'a>>(raw.get()).map_or(Self::Malformed, |text| Self::Version(text.0))
    }

    /// Whether it claims a stateless revision: any version but those that a handshake agrees on, unknown and unreadable ones
    /// included ("Versioning").
    pub fn is_stateless(&self) -> bool {
        match self {
            Self::None => false,
            Self::Malformed => true,
            Self::Version(version) => {
                version.parse::<Revision>().map_or(true, |revision| revision.era().is_stateless())
            }
        }
    }

    /// Whether a message of this method with this claim is judged by itself, whatever session it came in: all that claim anything,
    /// except for a handshake that names a revision which has one.
    ///
    /// # Example
    /// ```
    /// use toolwright_core::{era::Claim, model::Method};
    ///
    /// let legacy = Claim::Version("2025-11-25".into());
    /// assert!(!legacy.stands_alone(&Method::Initialize));
    /// assert!(legacy.stands_alone(&Method::CallTool));
    /// assert!(!Claim::None.stands_alone(&Method::CallTool));
    /// ```
    pub fn stands_alone(&self, method: &Method) -> bool {
        self.is_stateless() || (*self != Self::None && *method != Method::Initialize)
    }
}
