use std::borrow::Cow;

use toolwright_core::model::{ContentBlock, PromptMessage, Role};

use super::{IntoContent, content::text_block};

/// A message that the user says.
///
/// # Example
/// ```
/// use toolwright_server::respond::{assistant, user};
///
/// let messages = vec![user("How are you?"), assistant("Fine.")];
/// assert_eq!(serde_json::to_value(&messages)?[1]["role"], "assistant");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn user(content: impl Into<ContentBlock>) -> PromptMessage {
    PromptMessage::new(Role::User, content)
}

/// A message that the assistant says; see [`user`].
pub fn assistant(content: impl Into<ContentBlock>) -> PromptMessage {
    PromptMessage::new(Role::Assistant, content)
}

/// What becomes one message of a prompt.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no message of a prompt",
    note = "a message is a string, content such as `Image`, or made by `user(..)` or `assistant(..)`"
)]
pub trait IntoMessage<M> {
    /// The message; of the user, unless it says its role.
    fn into_message(self) -> PromptMessage;
}

impl IntoMessage<super::marker::Complete> for PromptMessage {
    fn into_message(self) -> PromptMessage {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoContent> IntoMessage<super::marker::Content> for T {
    fn into_message(self) -> PromptMessage {
        user(self.into_content())
    }
}

macro_rules! texts {
    ($($type:ty)*) => {
        $(impl IntoMessage<super::marker::Text> for $type {
            fn into_message(self) -> PromptMessage {
                user(text_block(self))
            }
        })*
    };
}

texts!(String &str Cow<'_, str> Box<str>);
