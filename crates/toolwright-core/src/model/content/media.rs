use base64::{DecodeError, Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use crate::model::{Annotations, Meta, macros::setters};

/// A picture.
///
/// # Example
/// ```
/// use toolwright_core::model::ImageContent;
///
/// let image = ImageContent::from_bytes([0, 1, 2], "image/png");
/// assert_eq!(image.data, "AAEC");
/// assert_eq!(image.bytes()?, [0, 1, 2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ImageContent {
    /// The picture in Base64.
    pub data: String,
    /// Its media type.
    pub mime_type: String,
    /// Hints for whoever shows or uses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotations: Option<Annotations>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(ImageContent {
    set annotations: Annotations,
    into meta: Meta,
});

/// Sound, from 2025-03-26 on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AudioContent {
    /// The sound in Base64.
    pub data: String,
    /// Its media type.
    pub mime_type: String,
    /// Hints for whoever shows or uses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotations: Option<Annotations>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(AudioContent {
    set annotations: Annotations,
    into meta: Meta,
});

macro_rules! media {
    ($($name:ident)*) => {$(
        impl $name {
            /// Data that is Base64 already.
            pub fn new(data: impl Into<String>, mime_type: impl Into<String>) -> Self {
                Self { data: data.into(), mime_type: mime_type.into(), annotations: None, meta: None }
            }

            /// Bytes, which are encoded here.
            pub fn from_bytes(bytes: impl AsRef<[u8]>, mime_type: impl Into<String>) -> Self {
                Self::new(STANDARD.encode(bytes), mime_type)
            }

            /// The bytes.
            ///
            /// # Errors
            /// When the peer sent no Base64.
            pub fn bytes(&self) -> Result<Vec<u8>, DecodeError> {
                STANDARD.decode(&self.data)
            }
        }
    )*};
}

media!(ImageContent AudioContent);
