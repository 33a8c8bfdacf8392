use serde::{Deserialize, Serialize};

use crate::model::{Meta, macros::setters};

/// Parameters of `notifications/elicitation/complete`, 2025-11-25 only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ElicitationCompleteParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
    /// The elicitation that came to its end.
    pub elicitation_id: String,
}

setters!(ElicitationCompleteParams {
    into meta: Meta,
});

impl ElicitationCompleteParams {
    /// The elicitation `elicitation_id` came to its end.
    pub fn new(elicitation_id: impl Into<String>) -> Self {
        Self { meta: None, elicitation_id: elicitation_id.into() }
    }
}
