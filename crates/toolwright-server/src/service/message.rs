use bytes::Bytes;
use http::StatusCode;
use serde_json::value::RawValue;
use toolwright_core::{
    Raw,
    era::{Admitted, Claim, Era, admit},
    joint::ArrivalKind,
    jsonrpc::{Id, Malformed, Message, RpcError},
    model::{CancelledParams, Method},
};

use super::{Answer, admission, desk::Desk};
use crate::{
    Call, Context,
    call::{Head, Illegible},
    context::Origin,
    journal::Rounds,
    mirror,
};

/// A request or notification that is going to be served.
pub(super) struct Accepted<'a> {
    pub(super) era: Era,
    pub(super) method: Method,
    /// None in a notification.
    pub(super) id: Option<Id>,
    pub(super) params: Option<&'a RawValue>,
    pub(super) head: Head,
    /// The journal that the client sent along.
    pub(super) rounds: Option<Box<Rounds>>,
}

/// Takes one message apart and judges it. What is not going to be served has its answer already.
pub(super) fn judge<'a>(desk: &mut Desk, body: &Bytes, message: Message<'a>) -> Result<Accepted<'a>, Answer> {
    match message {
        Message::Request { id, method, params } => {
            let method = Method::from(&*method);
            let head = Head::read(body, &method, params);
            match admission::admitted(desk, &method, params, head) {
                Ok((era, head, rounds)) => Ok(Accepted { era, method, id: Some(id), params, head, rounds }),
                Err(rejected) => Err(rejected.answer(Some(&id))),
            }
        }
        Message::Notification { method, params } => notification(desk, body, &method, params),
        Message::Response { id, outcome } => {
            let outcome = outcome.map(Raw::from);
            Err(response(desk, id.as_ref(), outcome, StatusCode::ACCEPTED))
        }
    }
}

impl Accepted<'_> {
    /// Everything that refers to the body is owned afterwards.
    pub(super) fn call(self, desk: Desk, body: &Bytes) -> Call {
        let Self { era, method, id, params, head, rounds } = self;
        let mirrored = (desk.is_http() && era.is_stateless() && method == Method::CallTool)
            .then(|| head.arguments.clone().unwrap_or(Bytes::from_static(b"{}")));
        let version = head.meta.pinned.clone();
        let origin = Origin { era, method, id, meta: head.meta };
        Call {
            context: Context::new(desk.engine, origin, desk.ambient, desk.asker, rounds),
            params: params.map(|raw| body.slice_ref(raw.get().as_bytes())),
            target: head.target,
            arguments: head.arguments,
            mirrored,
            version,
        }
    }
}

/// Whether an item of a batch is one that batches may have: a readable message that claims nothing ("JSON-RPC Batching").
pub(super) fn fits_batch(body: &Bytes, item: &Result<Message<'_>, Malformed>) -> Result<(), RpcError> {
    match item {
        Err(malformed) => {
            Err(RpcError::invalid_request(format!("a message of the batch is malformed: {malformed}")))
        }
        Ok(Message::Request { method, params, .. } | Message::Notification { method, params }) => {
            match claim(&Head::read(body, &Method::from(&**method), *params)) {
                Claim::None => Ok(()),
                _ => Err(RpcError::invalid_request(
                    "a message that names its protocol version must not be part of a batch; send it by itself",
                )),
            }
        }
        Ok(Message::Response { .. }) => Ok(()),
    }
}

/// What the message claims, whether or not the rest of its head can be read.
pub(super) fn claim(head: &Result<Head, Illegible>) -> Claim<'_> {
    match head {
        Ok(head) => {
            let version = head.meta.protocol_version.as_ref();
            version.map_or(Claim::None, |version| Claim::Version(version.as_str().into()))
        }
        Err(illegible) => illegible.claim.clone(),
    }
}

/// A client's answer to a question. It is for a session: without one, nobody asked. Only HTTP can say so; elsewhere an answer
/// must not be answered.
pub(super) fn response(
    desk: &mut Desk,
    id: Option<&Id>,
    outcome: Result<Raw, RpcError>,
    status: StatusCode,
) -> Answer {
    if !desk.serves_claims_only()
        && let Err(refused) = desk.stand(ArrivalKind::Response, false)
    {
        return Answer::error(desk.words(), None, &refused.error, refused.status);
    }
    match (&desk.ambient.connection, id) {
        (Some(connection), Some(id)) => {
            connection.answer(id, outcome);
            Answer { status, ..Answer::NOTHING }
        }
        (None, _) if desk.is_http() => {
            let error = RpcError::invalid_request("a response belongs to a session; nothing was asked here");
            Answer::error(desk.words(), None, &error, StatusCode::BAD_REQUEST)
        }
        _ => Answer { status: StatusCode::BAD_REQUEST, ..Answer::NOTHING },
    }
}

/// Notifications are never answered, and malformed ones are ignored. Over HTTP they can be refused.
fn notification<'a>(
    desk: &mut Desk,
    body: &Bytes,
    method: &str,
    params: Option<&'a RawValue>,
) -> Result<Accepted<'a>, Answer> {
    let method = Method::from(method);
    let head = Head::read(body, &method, params);
    let claim = claim(&head);
    if claim == Claim::None && desk.serves_claims_only() {
        return Err(Answer::NOTHING);
    }
    desk.stand(ArrivalKind::Notification(&method), claim.stands_alone(&method))
        .map_err(|refused| Answer::error(desk.words(), None, &refused.error, refused.status))?;
    if let (true, Claim::Version(version)) = (desk.is_http() && claim.is_stateless(), &claim) {
        let headers = &desk.ambient.headers;
        mirror::notification(headers, version, method.as_str()).map_err(|error| {
            Answer::error(desk.words(), None, &error, desk.words().status_at_the_edge(error.code))
        })?;
    }
    if method == Method::Cancelled {
        cancel(desk, params);
        return Err(Answer::NOTHING);
    }
    let admitted = admit(&claim, &method, desk.negotiated(), desk.assumed, desk.engine.served);
    let (Ok(Admitted::In(era)), Ok(head)) = (admitted, head) else { return Err(Answer::NOTHING) };
    let known = method.is_notification() && era.has_method(&method);
    let extended =
        desk.engine.extensions.method(era, method.as_str()).is_some_and(|method| method.notification);
    if !known && !extended {
        return Err(Answer::NOTHING);
    }
    Ok(Accepted { era, method, id: None, params, head, rounds: None })
}

fn cancel(desk: &Desk, params: Option<&RawValue>) {
    let params: Option<CancelledParams> = params.and_then(|raw| serde_json::from_str(raw.get()).ok());
    let (Some(params), Some(connection)) = (params, &desk.ambient.connection) else { return };
    let Some(id) = &params.request_id else { return };
    if let Some(reason) = &params.reason {
        tracing::debug!(?id, %reason, "the client gave a request up");
    }
    connection.cancel(id);
}
