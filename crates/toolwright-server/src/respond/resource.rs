use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use schemars::JsonSchema;
use serde::Serialize;
use toolwright_core::{
    Raw,
    model::{
        AudioContent, BlobResourceContents, ImageContent, ReadResourceResult, ResourceContents,
        TextResourceContents,
    },
};

use super::{
    Audio, File, Image, Json,
    downcast::downcast,
    marker::{Complete, Content, Contents, Fallible, Structured},
    structured,
};
use crate::HandlerError;

/// What a resource can return.
///
/// Strings are text and `Vec<u8>` or `Bytes` a blob, of the MIME type that the resource declares. Other types that are
/// `Serialize + JsonSchema` are JSON text, and so is [`Json`]. `None` says that the resource does not exist.
///
/// # Example
/// ```
/// use toolwright_server::respond::IntoResourceResult;
///
/// let result = "# Hamlet".into_result("shows://hamlet", Some("text/markdown"))?;
/// assert_eq!(serde_json::to_value(&result.contents)?[0]["mimeType"], "text/markdown");
/// # Ok::<(), toolwright_server::HandlerError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a resource cannot return `{Self}`",
    label = "not a return value of a resource",
    note = "put `#[model]` on a type of your own, or return it in `Json(..)` if it only implements `Serialize`",
    note = "other choices are strings, bytes, `File`, `Image`, `ResourceContents`, `ReadResourceResult`, and an `Option` or `Result` of these"
)]
pub trait IntoResourceResult<M>: Sized {
    /// The result of reading `uri`, a resource that declares `mime`.
    ///
    /// # Errors
    /// When there is nothing, when the value cannot be written as JSON, and the handler's own error.
    fn into_result(self, uri: &str, mime: Option<&str>) -> Result<ReadResourceResult, HandlerError>;
}

fn not_found(uri: &str) -> HandlerError {
    HandlerError::from(format!("resource `{uri}` not found")).not_found()
}

fn text(uri: &str, mime: &str, text: impl Into<String>) -> ResourceContents {
    TextResourceContents::new(uri, text).mime_type(mime).into()
}

fn blob(uri: &str, mime: Option<&str>, bytes: impl AsRef<[u8]>) -> ResourceContents {
    BlobResourceContents::from_bytes(uri, bytes).mime_type(mime.unwrap_or("application/octet-stream")).into()
}

fn json<T: Serialize>(uri: &str, mime: Option<&str>, value: &T) -> Result<ResourceContents, HandlerError> {
    let json = structured::json(value)?;
    if json.as_str() == "null" {
        return Err(not_found(uri));
    }
    Ok(text(uri, mime.unwrap_or("application/json"), json.as_str()))
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema + 'static> IntoResourceResult<Structured> for T {
    fn into_result(self, uri: &str, mime: Option<&str>) -> Result<ReadResourceResult, HandlerError> {
        let contents = match plain(self) {
            Ok(Some(Plain::Text(content))) => text(uri, mime.unwrap_or("text/plain"), content),
            Ok(Some(Plain::Blob(content))) => blob(uri, mime, content),
            Ok(None) => return Err(not_found(uri)),
            Err(value) => json(uri, mime, &value)?,
        };
        Ok(ReadResourceResult::new([contents]))
    }
}

/// What is sent as it is and not as JSON.
enum Plain {
    Text(String),
    Blob(Vec<u8>),
}

/// The plain content of `value`, nothing if it was `None`, or the value back.
fn plain<T: 'static>(value: T) -> Result<Option<Plain>, T> {
    macro_rules! try_types {
        ($value:ident: $($type:ty => $plain:expr),* $(,)?) => {
            $(
                let $value = match downcast::<T, $type>($value) {
                    Ok(content) => return Ok(Some($plain(content))),
                    Err(value) => value,
                };
                let $value = match downcast::<T, Option<$type>>($value) {
                    Ok(content) => return Ok(content.map($plain)),
                    Err(value) => value,
                };
            )*
            Err($value)
        };
    }
    try_types! { value:
        String => Plain::Text,
        &'static str => |text| Plain::Text(String::from(text)),
        Cow<'static, str> => |text| Plain::Text(Cow::into_owned(text)),
        Box<str> => |text| Plain::Text(String::from(text)),
        Arc<str> => |text: Arc<str>| Plain::Text(String::from(&*text)),
        Vec<u8> => Plain::Blob,
    }
}

/// What becomes the contents of a resource.
///
/// Types of your own may implement it, unless they are `Serialize + JsonSchema`: those are JSON already.
#[diagnostic::on_unimplemented(message = "`{Self}` is no contents of a resource")]
pub trait IntoContents {
    /// The contents under `uri`, of type `mime` unless they know better.
    ///
    /// # Errors
    /// When they cannot be written.
    fn into_contents(self, uri: &str, mime: Option<&str>) -> Result<ResourceContents, HandlerError>;
}

impl IntoContents for ResourceContents {
    fn into_contents(self, _: &str, _: Option<&str>) -> Result<ResourceContents, HandlerError> {
        Ok(self)
    }
}

impl IntoContents for Bytes {
    fn into_contents(self, uri: &str, mime: Option<&str>) -> Result<ResourceContents, HandlerError> {
        Ok(blob(uri, mime, self))
    }
}

impl IntoContents for Raw {
    fn into_contents(self, uri: &str, mime: Option<&str>) -> Result<ResourceContents, HandlerError> {
        Ok(text(uri, mime.unwrap_or("application/json"), self.as_str()))
    }
}

impl<T: Serialize> IntoContents for Json<T> {
    fn into_contents(self, uri: &str, mime: Option<&str>) -> Result<ResourceContents, HandlerError> {
        json(uri, mime, &self.0)
    }
}

impl IntoContents for File {
    fn into_contents(self, uri: &str, mime: Option<&str>) -> Result<ResourceContents, HandlerError> {
        let mut contents = self.uri(uri).into_contents();
        let own = match &mut contents {
            ResourceContents::Text(contents) => &mut contents.mime_type,
            ResourceContents::Blob(contents) => &mut contents.mime_type,
        };
        if own.is_none() {
            *own = mime.map(str::to_owned);
        }
        Ok(contents)
    }
}

macro_rules! media {
    ($($media:ident: $content:ident)*) => {
        $(impl IntoContents for $media {
            fn into_contents(self, uri: &str, _: Option<&str>) -> Result<ResourceContents, HandlerError> {
                let $content { data, mime_type, meta, .. } = self.into_inner();
                let mut contents = BlobResourceContents::new(uri, data).mime_type(mime_type);
                contents.meta = meta;
                Ok(contents.into())
            }
        })*
    };
}

media!(Image: ImageContent Audio: AudioContent);

#[diagnostic::do_not_recommend]
impl<T: IntoContents> IntoResourceResult<Content> for T {
    fn into_result(self, uri: &str, mime: Option<&str>) -> Result<ReadResourceResult, HandlerError> {
        Ok(ReadResourceResult::new([self.into_contents(uri, mime)?]))
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoContents> IntoResourceResult<Contents> for Vec<T> {
    fn into_result(self, uri: &str, mime: Option<&str>) -> Result<ReadResourceResult, HandlerError> {
        let contents: Result<Vec<_>, _> =
            self.into_iter().map(|part| part.into_contents(uri, mime)).collect();
        Ok(ReadResourceResult::new(contents?))
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoContents> IntoResourceResult<Contents> for Option<T> {
    fn into_result(self, uri: &str, mime: Option<&str>) -> Result<ReadResourceResult, HandlerError> {
        self.ok_or_else(|| not_found(uri))?.into_result(uri, mime)
    }
}

#[diagnostic::do_not_recommend]
impl IntoResourceResult<Complete> for ReadResourceResult {
    fn into_result(self, _: &str, _: Option<&str>) -> Result<ReadResourceResult, HandlerError> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoResourceResult<M>, E: Into<HandlerError>, M> IntoResourceResult<Fallible<M>> for Result<T, E> {
    fn into_result(self, uri: &str, mime: Option<&str>) -> Result<ReadResourceResult, HandlerError> {
        self.map_err(Into::into)?.into_result(uri, mime)
    }
}
