use std::borrow::Cow;

use serde_json::value::RawValue;

use super::{Id, RpcError};

/// A message of JSON-RPC 2.0 whose parts borrow from the bytes it came in.
///
/// To keep `params` or a result beyond the bytes' borrow, without copying it, cut it out of the body:
/// `body.slice_ref(params.get().as_bytes())`.
#[derive(Clone, Debug)]
pub enum Message<'a> {
    /// Asks for a response with the same id.
    Request {
        /// What the response repeats.
        id: Id,
        /// The method, unescaped.
        method: Cow<'a, str>,
        /// An object, if there is one.
        params: Option<&'a RawValue>,
    },
    /// Tells something, and gets no response.
    Notification {
        /// The method, unescaped.
        method: Cow<'a, str>,
        /// An object, if there is one.
        params: Option<&'a RawValue>,
    },
    /// Answers a request.
    Response {
        /// The id of the request. Only an error can lack it (or have `null` there): its sender could not read the id.
        id: Option<Id>,
        /// The result, or what went wrong.
        outcome: Result<&'a RawValue, RpcError>,
    },
}

/// Members of a raw JSON text compare by that text.
impl PartialEq for Message<'_> {
    fn eq(&self, other: &Self) -> bool {
        let text = |raw: &Option<&RawValue>| raw.map(|raw| raw.get().to_owned());
        match (self, other) {
            (
                Self::Request { id, method, params },
                Self::Request { id: id2, method: method2, params: params2 },
            ) => id == id2 && method == method2 && text(params) == text(params2),
            (
                Self::Notification { method, params },
                Self::Notification { method: method2, params: params2 },
            ) => method == method2 && text(params) == text(params2),
            (Self::Response { id, outcome }, Self::Response { id: id2, outcome: outcome2 }) => {
                id == id2
                    && match (outcome, outcome2) {
                        (Ok(one), Ok(two)) => one.get() == two.get(),
                        (Err(one), Err(two)) => one == two,
                        _ => false,
                    }
            }
            _ => false,
        }
    }
}
