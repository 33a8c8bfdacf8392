use serde::{Deserialize, Serialize};

use super::{
    JsonObject, Meta,
    macros::{open_enum, setters},
};

open_enum! {
    /// What kind of result this is, from 2026-07-28 on; a missing one reads as complete.
    pub enum ResultType: String {
        /// The request is done.
        Complete = "complete",
        /// The server has questions first: the result is an [`InputRequiredResult`](super::InputRequiredResult).
        InputRequired = "input_required",
    }
}

/// A result without members of its own, for example of `ping` or `resources/subscribe`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EmptyResult {
    /// What kind of result this is, from 2026-07-28 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_type: Option<ResultType>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(EmptyResult {
    into result_type: ResultType,
    into meta: Meta,
});

impl EmptyResult {
    /// No members.
    pub fn new() -> Self {
        Self::default()
    }
}

/// A result of any shape, with all its members kept.
///
/// Extensions answer with it, and `tasks/result` of 2025-11-25, whose shape depends on the request that became a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AnyResult {
    /// What kind of result this is, from 2026-07-28 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_type: Option<ResultType>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
    /// All other members.
    #[serde(flatten)]
    pub members: JsonObject,
}

setters!(AnyResult {
    into result_type: ResultType,
    into meta: Meta,
});

impl AnyResult {
    /// A result of these members.
    pub fn new(members: JsonObject) -> Self {
        Self { members, ..Self::default() }
    }
}
