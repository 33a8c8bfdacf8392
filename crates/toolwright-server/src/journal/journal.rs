use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toolwright_core::Raw;

use super::step::Step;
use crate::session::RandomId;

/// What a call was answered, and what came of the steps that it took with [`Context::once`](crate::Context::once).
///
/// It can be stored as JSON, and is all that another run of the call needs to come to the same point.
///
/// # Example
/// ```
/// use toolwright_core::Raw;
/// use toolwright_server::Journal;
///
/// let answer = Raw::from(serde_json::json!({ "action": "decline" }));
/// let mut journal = Journal::default();
/// journal.insert("row", answer.clone());
/// assert_eq!(journal.answer("row"), Some(&answer));
/// assert_eq!(journal.answer("seat"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    /// Names the journal, once somebody needs a name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) answers: BTreeMap<String, Raw>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) steps: BTreeMap<String, Step>,
    /// How often the client's answer to a question could not be used.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) unusable: BTreeMap<String, u32>,
}

impl Journal {
    /// The answer to the question `key`.
    pub fn answer(&self, key: &str) -> Option<&Raw> {
        self.answers.get(key)
    }

    /// Keeps the answer to the question `key`.
    pub fn insert(&mut self, key: impl Into<String>, answer: Raw) {
        self.answers.insert(key.into(), answer);
    }

    /// The name of the journal, if somebody needed one.
    pub(super) fn named(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The name of the journal, which it keeps for good.
    pub(super) fn id(&mut self) -> &str {
        self.id.get_or_insert_with(|| {
            RandomId::mint().expect("the operating system has random numbers").to_string()
        })
    }
}
