use serde::{Serialize, de::DeserializeOwned};
use toolwright_core::Raw;

use crate::{Context, HandlerError};

/// Does something whose outcome the call keeps: once it is done, it is not done again when the handler starts over. Until then it
/// is part of the handler, may ask questions, and starts over with it. An error is not kept.
pub(super) async fn recorded<T>(
    context: &Context,
    name: String,
    step: impl Future<Output = Result<T, HandlerError>> + Send,
) -> Result<T, HandlerError>
where
    T: Serialize + DeserializeOwned + Send,
{
    let name = context.path().iter().rev().fold(name, |name, outer| format!("{outer}/{name}"));
    let name = context.numbered(format!("note:{name}"));
    if let Some(known) = context.rounds_so_far().and_then(|rounds| rounds.note(&name)) {
        return Ok(known.read()?);
    }
    let outcome = step.await?;
    if context.keeps_answers() {
        context.rounds().put_note(name, Raw::serialize(&outcome)?);
    }
    Ok(outcome)
}
