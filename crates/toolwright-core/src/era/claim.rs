use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

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
}
