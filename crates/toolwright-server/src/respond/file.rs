use std::{fs, io, path::Path};

use toolwright_core::model::{
    Annotations, BlobResourceContents, ContentBlock, EmbeddedResource, Meta, ResourceContents,
    TextResourceContents,
};

use super::mime;

/// A file to return: an embedded resource of text or bytes, with a URI that names it.
///
/// # Example
/// ```
/// use toolwright_server::respond::{File, IntoContent};
///
/// let report = File::text("report://2026/07", "All is well.").mime("text/plain");
/// assert_eq!(serde_json::to_value(report.into_content())?["resource"]["text"], "All is well.");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct File(EmbeddedResource);

impl File {
    /// Text under a URI.
    pub fn text(uri: impl Into<String>, text: impl Into<String>) -> Self {
        Self(EmbeddedResource::new(TextResourceContents::new(uri, text)))
    }

    /// Bytes under a URI.
    pub fn bytes(uri: impl Into<String>, bytes: impl AsRef<[u8]>) -> Self {
        Self(EmbeddedResource::new(BlobResourceContents::from_bytes(uri, bytes)))
    }

    /// Reads a file. Its `file://` URI is its absolute path, its MIME type is guessed from the extension, and it is text if it
    /// is UTF-8 and of a textual or unknown type.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let uri = file_uri(&std::path::absolute(path)?);
        let mime = mime::guess(path);
        let bytes = fs::read(path)?;
        let file = match String::from_utf8(bytes) {
            Ok(text) if mime.is_none_or(mime::is_text) => Self::text(uri, text),
            Ok(text) => Self::bytes(uri, text),
            Err(error) => Self::bytes(uri, error.as_bytes()),
        };
        Ok(match mime {
            Some(mime) => file.mime(mime),
            None => file,
        })
    }

    /// MIME type.
    pub fn mime(mut self, mime: impl Into<String>) -> Self {
        self.0.resource = self.0.resource.mime_type(mime);
        self
    }

    /// Another URI.
    pub fn uri(mut self, uri: impl Into<String>) -> Self {
        match &mut self.0.resource {
            ResourceContents::Text(contents) => contents.uri = uri.into(),
            ResourceContents::Blob(contents) => contents.uri = uri.into(),
        }
        self
    }

    /// Hints for whom and how important it is.
    pub fn annotations(self, annotations: Annotations) -> Self {
        Self(self.0.annotations(annotations))
    }

    /// Its `_meta`.
    pub fn meta(self, meta: Meta) -> Self {
        Self(self.0.meta(meta))
    }

    pub(super) fn into_contents(self) -> ResourceContents {
        self.0.resource
    }
}

impl From<File> for ContentBlock {
    fn from(file: File) -> Self {
        file.0.into()
    }
}

/// The `file://` URI of an absolute path (RFC 8089).
fn file_uri(path: &Path) -> String {
    let mut uri = "file://".to_owned();
    let path = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    if !path.starts_with('/') {
        uri.push('/');
    }
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b':' => {
                uri.push(byte.into());
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
