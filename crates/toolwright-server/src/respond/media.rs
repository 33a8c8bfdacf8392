use std::{fs, io, path::Path};

use toolwright_core::model::{Annotations, AudioContent, ContentBlock, ImageContent, Meta, SamplingContent};

use super::mime;

macro_rules! media {
    ($name:ident, $content:ident, $word:literal, $mime:literal, $file:literal) => {
        #[doc = concat!("A piece of ", $word, " to return.")]
        ///
        /// # Example
        /// ```
        #[doc = concat!("use toolwright_server::respond::{", stringify!($name), ", IntoContent};")]
        ///
        #[doc = concat!("let bytes = [1, 2, 3];")]
        #[doc = concat!("let block = ", stringify!($name), "::new(bytes, \"", $mime, "\").into_content();")]
        #[doc = concat!("assert_eq!(serde_json::to_value(block)?[\"mimeType\"], \"", $mime, "\");")]
        /// # Ok::<(), serde_json::Error>(())
        /// ```
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name($content);

        impl $name {
            /// From bytes and their MIME type.
            pub fn new(bytes: impl AsRef<[u8]>, mime: impl Into<String>) -> Self {
                Self($content::from_bytes(bytes, mime))
            }

            /// Reads a file; its extension says the MIME type.
            ///
            /// # Errors
            #[doc = concat!("When the file cannot be read, or its extension is not that of an ", $word, " file (such as `", $file, "`).")]
            pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
                let path = path.as_ref();
                let mime = mime::guess(path).filter(|mime| mime.starts_with(concat!($word, "/"))).ok_or_else(|| {
                    let text = format!(
                        concat!("`{}` has no extension of an ", $word, " file, use `", stringify!($name), "::new` and say its MIME type"),
                        path.display(),
                    );
                    io::Error::new(io::ErrorKind::InvalidInput, text)
                })?;
                Ok(Self::new(fs::read(path)?, mime))
            }

            /// Hints for whom and how important it is.
            pub fn annotations(self, annotations: Annotations) -> Self {
                Self(self.0.annotations(annotations))
            }

            /// Its `_meta`.
            pub fn meta(self, meta: Meta) -> Self {
                Self(self.0.meta(meta))
            }

            pub(super) fn into_inner(self) -> $content {
                self.0
            }
        }

        impl From<$name> for SamplingContent {
            fn from(media: $name) -> Self {
                media.0.into()
            }
        }

        impl From<$name> for ContentBlock {
            fn from(media: $name) -> Self {
                media.0.into()
            }
        }
    };
}

media!(Image, ImageContent, "image", "image/png", "chart.png");
media!(Audio, AudioContent, "audio", "audio/wav", "voice.wav");
