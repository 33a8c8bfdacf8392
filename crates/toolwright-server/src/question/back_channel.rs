use toolwright_core::Raw;

use super::{Question, QuestionError};
use crate::{Context, connection::Unanswered};

/// Asks over the connection of the call: the question is a request on the call's own stream.
pub(super) async fn ask(context: &Context, question: &Question) -> Result<Raw, QuestionError> {
    let Some(connection) = context.connection().filter(|_| context.agreed().is_some()) else {
        return Err(QuestionError::Unreachable("the call came without a session"));
    };
    let answer = connection.ask(context.outlet(), question.method.as_str(), &question.params);
    tokio::select! {
        biased;
        answer = answer => answer.map_err(|error| match error {
            Unanswered::Gone => QuestionError::Closed,
            Unanswered::Refused(error) => QuestionError::Refused(error),
        }),
        () = context.until_cancelled() => Err(QuestionError::Closed),
    }
}
