use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use toolwright::core::model::LoggingMessageParams;

/// What arrives beside the answers.
#[derive(Default)]
pub(crate) struct Record(Mutex<Vec<Value>>);

impl Record {
    pub(crate) fn log(&self, message: &LoggingMessageParams) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(json!(message));
    }

    pub(crate) fn logs(&self) -> Vec<Value> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
