use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::{IntoNumber, Meta, ProgressToken, macros::setters};

/// Parameters of `notifications/progress`.
///
/// # Example
/// ```
/// use toolwright_core::model::ProgressParams;
///
/// let params = ProgressParams::new("t1", 1.into()).total(2.5).message("halfway");
/// assert_eq!(
///     serde_json::to_string(&params)?,
///     r#"{"progressToken":"t1","progress":1,"total":2.5,"message":"halfway"}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProgressParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
    /// The token that the request carried.
    pub progress_token: ProgressToken,
    /// How far it is; more with each notification.
    pub progress: Number,
    /// How far it goes, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Number>,
    /// What is being done, for people; from 2025-03-26 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

setters!(ProgressParams {
    into meta: Meta,
    number total,
    into message: String,
});

impl ProgressParams {
    /// The request with `progress_token` is at `progress`.
    pub fn new(progress_token: impl Into<ProgressToken>, progress: Number) -> Self {
        Self { meta: None, progress_token: progress_token.into(), progress, total: None, message: None }
    }
}
