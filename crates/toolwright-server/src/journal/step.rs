use serde::{Deserialize, Serialize, de::DeserializeOwned};
use toolwright_core::{Raw, jsonrpc::RpcError};

use crate::HandlerError;

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Step {
    #[serde(rename = "v")]
    Done(Raw),
    #[serde(rename = "e")]
    Failed(Failure),
}

/// What is kept of an error: all that a client may see of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Failure {
    #[serde(rename = "t")]
    text: String,
    #[serde(rename = "p", default, skip_serializing_if = "std::ops::Not::not")]
    public: bool,
    #[serde(rename = "n", default, skip_serializing_if = "std::ops::Not::not")]
    not_found: bool,
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    rpc: Option<RpcError>,
}

impl Step {
    /// What is kept of `outcome`.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub(super) fn of<T: Serialize>(outcome: &Result<T, HandlerError>) -> Result<Self, serde_json::Error> {
        match outcome {
            Ok(value) => Raw::serialize(value).map(Self::Done),
            Err(error) => Ok(Self::Failed(Failure {
                text: error.to_string(),
                public: error.is_public(),
                not_found: error.is_not_found(),
                rpc: error.as_rpc().cloned(),
            })),
        }
    }

    /// The same outcome once more.
    pub(super) fn outcome<T: DeserializeOwned>(&self, key: &str) -> Result<T, HandlerError> {
        match self {
            Self::Done(value) => value.read().map_err(|error| {
                format!("what the step `{key}` came to in an earlier round cannot be read: {error}").into()
            }),
            Self::Failed(failure) => Err(failure.error()),
        }
    }
}

impl Failure {
    fn error(&self) -> HandlerError {
        let error = match &self.rpc {
            Some(rpc) => HandlerError::rpc(rpc.clone()),
            None if self.public => HandlerError::public(self.text.clone()),
            None => HandlerError::from(self.text.clone()),
        };
        if self.not_found { error.not_found() } else { error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(error: HandlerError) -> HandlerError {
        let step = Step::of(&Err::<(), _>(error)).unwrap();
        let step: Step = serde_json::from_str(&serde_json::to_string(&step).unwrap()).unwrap();
        step.outcome::<()>("s").unwrap_err()
    }

    #[test]
    fn errors_come_back_as_what_they_were() {
        let plain = again(HandlerError::from("no").hint("try b"));
        assert_eq!((plain.to_string().as_str(), plain.is_public()), ("no (try b)", false));
        assert!(again(HandlerError::public("no")).is_public());
        assert!(again(HandlerError::from("no").not_found()).is_not_found());
        let rpc = again(HandlerError::rpc(RpcError::new(7, "seven")));
        assert_eq!(rpc.as_rpc().unwrap().code, 7);
    }

    #[test]
    fn what_cannot_be_read_any_more_says_which_step_it_is() {
        let step = Step::of(&Ok("text")).unwrap();
        assert_eq!(step.outcome::<String>("s").unwrap(), "text");
        let error = step.outcome::<u8>("s").unwrap_err();
        assert!(
            error.to_string().starts_with("what the step `s` came to in an earlier round cannot be read")
        );
    }
}
