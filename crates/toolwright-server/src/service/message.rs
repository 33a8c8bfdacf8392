use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use toolwright_core::{
    Raw,
    era::{Admitted, Claim, Era, Revision, admit},
    joint::Session,
    jsonrpc::{Id, Message, RpcError},
    model::{CancelledParams, Method},
};

use super::{Answer, request, serve::Desk};
use crate::{
    Call, Context,
    call::{Head, Illegible},
    context::Origin,
    engine::Engine,
};

/// A message under way.
pub(super) enum Started {
    Answered(Answer),
    Request(Call),
    Notification(Call),
}

impl Started {
    /// Sees it through.
    pub(super) async fn finish(self, engine: Arc<Engine>) -> Answer {
        match self {
            Self::Answered(answer) => answer,
            Self::Request(call) => request::run(engine, call).await,
            Self::Notification(call) => request::notify(engine, call).await,
        }
    }
}

/// Takes one message apart. Everything that refers to the body is owned afterwards.
pub(super) fn start(desk: Desk, body: &Bytes, message: Message<'_>) -> Started {
    match message {
        Message::Request { id, method, params } => request(desk, body, id, method, params),
        Message::Notification { method, params } => notification(desk, body, method, params)
            .map_or(Started::Answered(Answer::NOTHING), Started::Notification),
        Message::Response { id, outcome } => {
            if let (Some(connection), Some(id)) = (&desk.ambient.connection, &id) {
                connection.answer(id, outcome.map(Raw::from));
                return Started::Answered(Answer::NOTHING);
            }
            Started::Answered(Answer { status: StatusCode::BAD_REQUEST, ..Answer::NOTHING })
        }
    }
}

fn request(desk: Desk, body: &Bytes, id: Id, method: Cow<'_, str>, params: Option<&RawValue>) -> Started {
    let method = Method::from(&*method);
    let negotiated = desk.ambient.connection.as_ref().and_then(|connection| connection.revision());
    let served = desk.engine.served;
    let head = Head::read(body, &method, params);
    let claim = match &head {
        Ok(head) => claim(head),
        Err(illegible) => illegible.claim.clone(),
    };
    let era = match admit(&claim, &method, negotiated, None, served) {
        Ok(Admitted::In(era)) => era,
        Ok(Admitted::Handshake) if desk.in_batch => {
            let error = RpcError::invalid_request("`initialize` must not be part of a batch");
            let era = negotiated.unwrap_or(Revision::V2025_03_26).era();
            return Started::Answered(Answer::error(era, Some(&id), &error, StatusCode::BAD_REQUEST));
        }
        Ok(Admitted::Handshake) => {
            served.negotiate(&requested(params)).unwrap_or(Revision::V2025_11_25.era())
        }
        Err(refusal) => {
            let status = StatusCode::BAD_REQUEST;
            // Without a claim, only the handshake itself tells what the client would like to speak.
            if method == Method::Initialize && claim == Claim::None {
                let error = RpcError::unsupported_protocol_version(&requested(params), &served.names());
                return Started::Answered(Answer::error(refusal.era, Some(&id), &error, status));
            }
            return Started::Answered(Answer::error(refusal.era, Some(&id), &refusal.error, status));
        }
        // A revision of the model may get more verdicts.
        Ok(_) => return Started::Answered(Answer::NOTHING),
    };
    let refuse = |error: &RpcError, status| Started::Answered(Answer::error(era, Some(&id), error, status));
    let head = match head {
        Ok(head) => head,
        Err(Illegible { error, in_required: true, .. }) => return refuse(&error, era.status_of_bad_meta()),
        Err(Illegible { error, .. }) => return refuse(&error, era.status_at_the_edge(error.code)),
    };
    if era.is_stateless() && head.meta.client_capabilities.is_none() {
        let error = RpcError::invalid_params(
            "`params._meta[\"io.modelcontextprotocol/clientCapabilities\"]` is missing; send `{}` if there are none",
        );
        return refuse(&error, era.status_of_bad_meta());
    }
    if desk.in_batch && !era.batches() {
        let error =
            RpcError::invalid_request("a request of this protocol revision must not be part of a batch");
        return refuse(&error, StatusCode::BAD_REQUEST);
    }
    if !exists(&desk, era, &method) {
        let error = RpcError::method_not_found(method.as_str());
        return refuse(&error, era.status_at_the_edge(error.code));
    }
    Started::Request(call(desk, body, era, method, Some(id), params, head))
}

/// The revision that `initialize` asks for; nothing where it does not say, which its handler then complains about.
fn requested(params: Option<&RawValue>) -> String {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Requested {
        protocol_version: String,
    }

    let requested: Option<Requested> = params.and_then(|raw| serde_json::from_str(raw.get()).ok());
    requested.map(|requested| requested.protocol_version).unwrap_or_default()
}

fn claim(head: &Head) -> Claim<'_> {
    let version = head.meta.protocol_version.as_ref();
    version.map_or(Claim::None, |version| Claim::Version(version.as_str().into()))
}

fn exists(desk: &Desk, era: Era, method: &Method) -> bool {
    if desk.engine.extensions.method(era, method.as_str()).is_some_and(|method| !method.notification) {
        return true;
    }
    !matches!(method, Method::Other(_))
        && !method.is_notification()
        && era.has_method(method)
        && desk.engine.serves(method)
}

fn call(
    desk: Desk,
    body: &Bytes,
    era: Era,
    method: Method,
    id: Option<Id>,
    params: Option<&RawValue>,
    head: Head,
) -> Call {
    let version = head
        .meta
        .other
        .get(crate::component::VERSION_KEY)
        .and_then(|value| value.as_str())
        .map(str::to_owned);
    let origin = Origin { era, method, id, meta: head.meta };
    let context = Context::new(desk.engine, origin, desk.ambient, desk.asker);
    Call {
        context,
        params: params.map(|raw| body.slice_ref(raw.get().as_bytes())),
        target: head.target,
        arguments: head.arguments,
        version,
    }
}

/// Notifications are never answered, and malformed ones are ignored.
fn notification(desk: Desk, body: &Bytes, method: Cow<'_, str>, params: Option<&RawValue>) -> Option<Call> {
    let method = Method::from(&*method);
    if method == Method::Cancelled {
        let params: CancelledParams = serde_json::from_str(params?.get()).ok()?;
        let connection = desk.ambient.connection.as_ref()?;
        if let Some(reason) = &params.reason {
            tracing::debug!(id = ?params.request_id, %reason, "the client gave a request up");
        }
        connection.cancel(params.request_id.as_ref()?);
        return None;
    }
    let negotiated = desk.ambient.connection.as_ref().and_then(|connection| connection.revision());
    let head = Head::read(body, &method, params).ok()?;
    let Ok(Admitted::In(era)) = admit(&claim(&head), &method, negotiated, None, desk.engine.served) else {
        return None;
    };
    let known = method.is_notification() && era.has_method(&method);
    let extended =
        desk.engine.extensions.method(era, method.as_str()).is_some_and(|method| method.notification);
    if !known && !extended {
        return None;
    }
    Some(call(desk, body, era, method, None, params, head))
}
