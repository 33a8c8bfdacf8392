use bytes::Bytes;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use toolwright_core::{
    Raw, joint,
    jsonrpc::{Id, Incoming, Malformed, Message, decode},
};

use crate::ClientError;

/// The result of a request, still as the text that came.
#[derive(Clone, Debug)]
pub(crate) struct Reply(pub(crate) Bytes);

impl Reply {
    pub(crate) fn read<T: DeserializeOwned>(&self, method: &str) -> Result<T, ClientError> {
        self.borrow(method)
    }

    /// Like [`read`](Self::read), for types that borrow from the text.
    pub(crate) fn borrow<'a, T: Deserialize<'a>>(&'a self, method: &str) -> Result<T, ClientError> {
        serde_json::from_slice(&self.0)
            .map_err(|error| ClientError::protocol(format!("malformed result of `{method}`: {error}")))
    }

    pub(crate) fn raw(&self) -> Result<Raw, ClientError> {
        serde_json::from_slice(&self.0).map_err(|error| ClientError::decode("the result", error))
    }
}

/// Finds the answer to `id` in what came back. Messages beside it, which a batch can hold, go to `stray`.
pub(crate) fn answer(
    incoming: &joint::Incoming,
    id: i64,
    mut stray: impl FnMut(Bytes),
) -> Result<Reply, ClientError> {
    let refused = incoming.status.filter(|status| !status.is_success());
    let Some(body) = &incoming.body else {
        return Err(match refused {
            Some(status) => ClientError::Refused { status },
            None => ClientError::protocol("a request was accepted but not answered"),
        });
    };
    match decode(body) {
        Incoming::Single(message) => match (message, refused) {
            // Whatever a proxy or web server writes beside a bad status is not the server's word.
            (Err(_), Some(status)) => Err(ClientError::Refused { status }),
            (message, _) => response(body, message, id),
        },
        Incoming::Batch(messages) => {
            let mut found = None;
            for message in messages {
                let ours = match &message {
                    Ok(Message::Response { id: Some(other), .. }) => *other == Id::Integer(id),
                    Ok(_) => false,
                    Err(malformed) => malformed.id == Some(Id::Integer(id)) && malformed.response,
                };
                if ours && found.is_none() {
                    found = Some(response(body, message, id));
                } else if let Ok(message) = message {
                    stray(encode(&message));
                }
            }
            found.unwrap_or_else(|| Err(ClientError::protocol("a batch of answers lacks one")))
        }
    }
}

fn response(body: &Bytes, message: Result<Message<'_>, Malformed>, id: i64) -> Result<Reply, ClientError> {
    match message {
        Ok(Message::Response { id: Some(other), .. }) if other != Id::Integer(id) => {
            Err(ClientError::protocol(format!("request {id} was answered under the id {other:?}")))
        }
        Ok(Message::Response { outcome: Ok(result), .. }) => object(body, result),
        Ok(Message::Response { outcome: Err(error), .. }) => Err(error.into()),
        Ok(_) => Err(ClientError::protocol("a request was answered by a message that is no response")),
        Err(malformed) => Err(ClientError::protocol(format!("malformed answer: {malformed}"))),
    }
}

fn object(body: &Bytes, result: &RawValue) -> Result<Reply, ClientError> {
    if result.get().starts_with('{') {
        Ok(Reply(body.slice_ref(result.get().as_bytes())))
    } else {
        Err(ClientError::protocol("a `result` must be an object"))
    }
}

/// A message of a batch on its own.
fn encode(message: &Message<'_>) -> Bytes {
    use toolwright_core::jsonrpc::encode::{self, AbsentId};
    match message {
        Message::Request { id, method, params } => encode::request(id, method, params),
        Message::Notification { method, params } => encode::notification(method, params),
        Message::Response { id: Some(id), outcome: Ok(result) } => {
            Ok(encode::result(id, result.get().as_bytes()))
        }
        Message::Response { id, outcome: Err(error) } => {
            Ok(encode::error(id.as_ref(), AbsentId::Omitted, error))
        }
        Message::Response { id: None, outcome: Ok(_) } => Ok(Bytes::new()),
    }
    .expect("text that was JSON can be written as JSON")
}
