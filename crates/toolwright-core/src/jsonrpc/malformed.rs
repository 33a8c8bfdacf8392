use std::borrow::Cow;

use super::{Id, RpcError};

/// A message that could not be understood.
///
/// It turns into the [`RpcError`] that JSON-RPC has for it. Whether that is sent, and how, is for the caller to say.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct Malformed {
    /// On which level it failed.
    pub fault: Fault,
    /// The id of the message, if it could be read. Text that is no JSON has none, even if something like an id stands in it
    /// ("Response object" of JSON-RPC 2.0).
    pub id: Option<Id>,
    /// Whether it was meant as a response, with `result` or `error`. Its id is then one that the receiver gave out: fail what waits
    /// for it, and answer nothing.
    pub response: bool,
    /// What is wrong, for the peer to read.
    pub message: Cow<'static, str>,
}

/// On which level a message is malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is no JSON text.
    Parse,
    /// It is JSON, but no message of JSON-RPC.
    Invalid,
}

impl Malformed {
    pub(super) fn parse(message: impl Into<Cow<'static, str>>) -> Self {
        Self { fault: Fault::Parse, id: None, response: false, message: message.into() }
    }

    pub(super) fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self { fault: Fault::Invalid, id: None, response: false, message: message.into() }
    }
}

impl From<&Malformed> for RpcError {
    fn from(malformed: &Malformed) -> Self {
        let message = malformed.message.clone();
        match malformed.fault {
            Fault::Parse => Self::parse_error(message),
            Fault::Invalid => Self::invalid_request(message),
        }
    }
}
