use schemars::{Schema, SchemaGenerator};
use serde::Serialize;
use toolwright_core::model::CallToolResult;

use super::{IntoToolResult, marker::Untyped, structured};
use crate::HandlerError;

/// A value to return as JSON whose type has no schema.
///
/// # Example
/// ```
/// use serde::Serialize;
/// use toolwright_server::respond::{IntoToolResult, Json};
///
/// #[derive(Serialize)]
/// struct Foreign { id: u8 }
///
/// let result = Json(Foreign { id: 7 }).into_result()?;
/// assert_eq!(result.structured_content.unwrap().as_str(), r#"{"id":7}"#);
/// # Ok::<(), toolwright_server::HandlerError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

#[diagnostic::do_not_recommend]
impl<T: Serialize> IntoToolResult<Untyped> for Json<T> {
    fn output_schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }

    fn into_result(self) -> Result<CallToolResult, HandlerError> {
        structured::result(&self.0)
    }
}
