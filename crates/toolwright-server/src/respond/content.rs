use schemars::{Schema, SchemaGenerator};
use toolwright_core::model::{
    AudioContent, CallToolResult, ContentBlock, EmbeddedResource, ImageContent, Resource, ResourceContents,
    TextContent,
};

use super::{
    Audio, File, Image, IntoToolResult,
    marker::{Content, Mixed, Text},
};
use crate::HandlerError;

/// What becomes one block of content.
///
/// Types of your own may implement it, unless they are `Serialize + JsonSchema`: those are structured content already.
///
/// # Example
/// ```
/// use toolwright_server::respond::{Image, IntoContent};
///
/// let block = Image::new([0x89, 0x50], "image/png").into_content();
/// assert_eq!(serde_json::to_value(block)?["type"], "image");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no content",
    note = "content is an `Image`, `Audio` or `File`, a link (`Resource`), or a `ContentBlock`"
)]
pub trait IntoContent {
    /// The block.
    fn into_content(self) -> ContentBlock;
}

impl IntoContent for ContentBlock {
    fn into_content(self) -> ContentBlock {
        self
    }
}

macro_rules! content {
    ($($type:ty)*) => {
        $(impl IntoContent for $type {
            fn into_content(self) -> ContentBlock {
                self.into()
            }
        })*
    };
}

content!(TextContent ImageContent AudioContent EmbeddedResource Resource Image Audio File);

impl IntoContent for ResourceContents {
    fn into_content(self) -> ContentBlock {
        ContentBlock::resource(self)
    }
}

/// A block of text.
pub(super) fn text_block(text: impl Into<String>) -> ContentBlock {
    ContentBlock::text(text)
}

/// Content or a string, as a part of a tuple.
pub trait Part<M> {
    /// The block.
    fn into_part(self) -> ContentBlock;
}

#[diagnostic::do_not_recommend]
impl<T: IntoContent> Part<Content> for T {
    fn into_part(self) -> ContentBlock {
        self.into_content()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Into<String>> Part<Text> for T {
    fn into_part(self) -> ContentBlock {
        text_block(self)
    }
}

macro_rules! tuple {
    ($($name:ident: $marker:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($name: Part<$marker>),*> IntoToolResult<Mixed<($($marker),*)>> for ($($name),*) {
            fn output_schema(_: &mut SchemaGenerator) -> Option<Schema> {
                None
            }

            fn into_result(self) -> Result<CallToolResult, HandlerError> {
                #[expect(non_snake_case, reason = "a type and the value of that type share a name here")]
                let ($($name),*) = self;
                Ok(CallToolResult::new([$($name.into_part()),*]))
            }
        }
    };
}

// Every mixture but that of strings alone, which is a structured tuple.
macro_rules! tuples {
    ($($a:ident)*) => {
        tuples!(@grow [] $($a)*);
    };
    (@grow [$($done:tt)*]) => {
        tuples!(@emit $($done)*);
    };
    (@grow [$($done:tt)*] $next:ident $($rest:ident)*) => {
        tuples!(@grow [$($done)* ($next Content)] $($rest)*);
        tuples!(@grow [$($done)* ($next Text)] $($rest)*);
    };
    (@emit $(($name:ident Text))*) => {};
    (@emit $(($name:ident $marker:ident))*) => {
        tuple!($($name: $marker),*);
    };
}

tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
