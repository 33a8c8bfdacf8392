use toolwright_core::model::GetPromptResult;

use super::{
    marker::{Complete, Contents, Fallible, Mixed},
    message::IntoMessage,
};
use crate::HandlerError;

/// What a prompt can return: text or content, which the user says, messages, or a complete result.
///
/// # Example
/// ```
/// use toolwright_server::respond::{IntoPromptResult, assistant, user};
///
/// let result = [user("Knock, knock."), assistant("Who is there?")].into_result()?;
/// assert_eq!(result.messages.len(), 2);
/// # Ok::<(), toolwright_server::HandlerError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a prompt cannot return `{Self}`",
    label = "not a return value of a prompt",
    note = "return a string, a list of `user(..)` and `assistant(..)`, content, a `GetPromptResult`, or a `Result` of these"
)]
pub trait IntoPromptResult<M>: Sized {
    /// The result.
    ///
    /// # Errors
    /// The handler's own error.
    fn into_result(self) -> Result<GetPromptResult, HandlerError>;
}

/// One message.
#[derive(Debug)]
pub struct One<M>(M);

/// A list of messages of one kind.
#[derive(Debug)]
pub struct Many<M>(M);

#[diagnostic::do_not_recommend]
impl<T: IntoMessage<M>, M> IntoPromptResult<One<M>> for T {
    fn into_result(self) -> Result<GetPromptResult, HandlerError> {
        Ok(GetPromptResult::new([self.into_message()]))
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoMessage<M>, M> IntoPromptResult<Many<M>> for Vec<T> {
    fn into_result(self) -> Result<GetPromptResult, HandlerError> {
        Ok(GetPromptResult::new(self.into_iter().map(IntoMessage::into_message)))
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoMessage<M>, M, const N: usize> IntoPromptResult<(Contents, M)> for [T; N] {
    fn into_result(self) -> Result<GetPromptResult, HandlerError> {
        Ok(GetPromptResult::new(self.map(IntoMessage::into_message)))
    }
}

macro_rules! tuples {
    ($($type:ident $marker:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($type: IntoMessage<$marker>, $marker),*> IntoPromptResult<Mixed<($($marker),*)>> for ($($type),*) {
            fn into_result(self) -> Result<GetPromptResult, HandlerError> {
                #[expect(non_snake_case, reason = "a type and the value of that type share a name here")]
                let ($($type),*) = self;
                Ok(GetPromptResult::new([$($type.into_message()),*]))
            }
        }
    };
}

tuples!(A M, B N);
tuples!(A M, B N, C O);
tuples!(A M, B N, C O, D P);

#[diagnostic::do_not_recommend]
impl IntoPromptResult<Complete> for GetPromptResult {
    fn into_result(self) -> Result<GetPromptResult, HandlerError> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoPromptResult<M>, E: Into<HandlerError>, M> IntoPromptResult<Fallible<M>> for Result<T, E> {
    fn into_result(self) -> Result<GetPromptResult, HandlerError> {
        self.map_err(Into::into)?.into_result()
    }
}
