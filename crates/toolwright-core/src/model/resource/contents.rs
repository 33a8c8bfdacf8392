use base64::{DecodeError, Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::model::{Meta, macros::setters};

/// What is in a resource: text, or bytes.
///
/// # Example
/// ```
/// use toolwright_core::model::ResourceContents;
///
/// let text = ResourceContents::text("note://1", "buy milk");
/// let blob = ResourceContents::blob("img://1", [0, 1, 2]);
/// assert_eq!(serde_json::to_string(&text)?, r#"{"uri":"note://1","text":"buy milk"}"#);
/// assert_eq!(serde_json::to_string(&blob)?, r#"{"uri":"img://1","blob":"AAEC"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ResourceContents {
    /// Text.
    Text(TextResourceContents),
    /// Bytes.
    Blob(BlobResourceContents),
}

impl ResourceContents {
    /// Text at `uri`.
    pub fn text(uri: impl Into<String>, text: impl Into<String>) -> Self {
        TextResourceContents::new(uri, text).into()
    }

    /// Bytes at `uri`.
    pub fn blob(uri: impl Into<String>, bytes: impl AsRef<[u8]>) -> Self {
        BlobResourceContents::from_bytes(uri, bytes).into()
    }

    /// Its URI.
    pub fn uri(&self) -> &str {
        match self {
            Self::Text(contents) => &contents.uri,
            Self::Blob(contents) => &contents.uri,
        }
    }

    /// Sets the media type.
    #[must_use]
    pub fn mime_type(self, mime_type: impl Into<String>) -> Self {
        match self {
            Self::Text(contents) => contents.mime_type(mime_type).into(),
            Self::Blob(contents) => contents.mime_type(mime_type).into(),
        }
    }

    /// Sets `_meta`.
    #[must_use]
    pub fn meta(self, meta: impl Into<Meta>) -> Self {
        match self {
            Self::Text(contents) => contents.meta(meta).into(),
            Self::Blob(contents) => contents.meta(meta).into(),
        }
    }
}

/// Text that is in a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TextResourceContents {
    /// Its URI, which may be a part of what was asked for.
    pub uri: String,
    /// Its media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// The text.
    pub text: String,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(TextResourceContents {
    into mime_type: String,
    into meta: Meta,
});

impl TextResourceContents {
    /// Text at `uri`.
    pub fn new(uri: impl Into<String>, text: impl Into<String>) -> Self {
        Self { uri: uri.into(), mime_type: None, text: text.into(), meta: None }
    }
}

/// Bytes that are in a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BlobResourceContents {
    /// Its URI, which may be a part of what was asked for.
    pub uri: String,
    /// Its media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// The bytes in Base64.
    pub blob: String,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(BlobResourceContents {
    into mime_type: String,
    into meta: Meta,
});

impl BlobResourceContents {
    /// Bytes that are Base64 already.
    pub fn new(uri: impl Into<String>, blob: impl Into<String>) -> Self {
        Self { uri: uri.into(), mime_type: None, blob: blob.into(), meta: None }
    }

    /// Bytes, which are encoded here.
    pub fn from_bytes(uri: impl Into<String>, bytes: impl AsRef<[u8]>) -> Self {
        Self::new(uri, STANDARD.encode(bytes))
    }

    /// The bytes.
    ///
    /// # Errors
    /// When the peer sent no Base64.
    pub fn bytes(&self) -> Result<Vec<u8>, DecodeError> {
        STANDARD.decode(&self.blob)
    }
}

impl From<TextResourceContents> for ResourceContents {
    fn from(contents: TextResourceContents) -> Self {
        Self::Text(contents)
    }
}

impl From<BlobResourceContents> for ResourceContents {
    fn from(contents: BlobResourceContents) -> Self {
        Self::Blob(contents)
    }
}

impl<'de> Deserialize<'de> for ResourceContents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Either {
            uri: String,
            mime_type: Option<String>,
            text: Option<String>,
            blob: Option<String>,
            #[serde(rename = "_meta")]
            meta: Option<Meta>,
        }

        let Either { uri, mime_type, text, blob, meta } = Either::deserialize(deserializer)?;
        match (text, blob) {
            (Some(text), _) => Ok(Self::Text(TextResourceContents { uri, mime_type, text, meta })),
            (None, Some(blob)) => Ok(Self::Blob(BlobResourceContents { uri, mime_type, blob, meta })),
            (None, None) => Err(D::Error::custom("resource contents have neither `text` nor `blob`")),
        }
    }
}
