//! Which requests are served, and by the rules of which era.
use http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use toolwright_core::{
    era::{Admitted, Claim, Era, Refusal, Revision, admit},
    headers::MCP_PROTOCOL_VERSION,
    joint::ArrivalKind,
    jsonrpc::{Id, RpcError},
    model::Method,
};

use super::{Answer, desk::Desk, message::claim};
use crate::{
    call::{Head, Illegible},
    journal::{self, Rounds},
    mirror,
};

/// Why a request is not served.
pub(super) struct Rejected {
    era: Era,
    error: RpcError,
    status: StatusCode,
}

impl Rejected {
    fn bad(era: Era, error: RpcError) -> Self {
        Self { era, error, status: StatusCode::BAD_REQUEST }
    }

    /// With the status that the era has for errors found before a handler runs.
    fn edge(era: Era, error: RpcError) -> Self {
        let status = era.status_at_the_edge(error.code);
        Self { era, error, status }
    }

    pub(super) fn answer(&self, id: Option<&Id>) -> Answer {
        Answer::error(self.era, id, &self.error, self.status)
    }
}

impl From<Refusal> for Rejected {
    fn from(refusal: Refusal) -> Self {
        Self::bad(refusal.era, refusal.error)
    }
}

/// Judges a request, in the order that makes the first of several mistakes the one to mend first: what it must carry, which
/// version it follows, what it is, and whether its headers say the same ("Streamable HTTP", "Server Validation").
pub(super) fn admitted(
    desk: &mut Desk,
    method: &Method,
    params: Option<&RawValue>,
    head: Result<Head, Illegible>,
) -> Result<(Era, Head, Option<Box<Rounds>>), Rejected> {
    let claim = claim(&head);
    if claim == Claim::None && desk.serves_claims_only() {
        return Err(unclaimed(desk, method, params));
    }
    desk.stand(ArrivalKind::Request(method), claim.stands_alone(method)).map_err(|refused| Rejected {
        era: desk.words(),
        error: refused.error,
        status: refused.status,
    })?;
    let mirrors = desk.is_http() && claim.is_stateless();
    if mirrors && let Claim::Version(version) = &claim {
        let refuse = |error| Rejected::bad(desk.words(), error);
        required(&head).map_err(refuse)?;
        mirror::version(&desk.ambient.headers, version).map_err(refuse)?;
    }
    let era = era(desk, method, params, &claim)?;
    let edge = |error| Rejected::edge(era, error);
    if era.is_stateless() {
        required(&head).map_err(|error| Rejected::bad(era, error))?;
    }
    if mirrors {
        mirror::method(&desk.ambient.headers, method.as_str()).map_err(edge)?;
    }
    let head = head.map_err(|illegible| {
        let status = if illegible.in_required {
            era.status_of_bad_meta()
        } else {
            era.status_at_the_edge(illegible.error.code)
        };
        Rejected { era, error: illegible.error, status }
    })?;
    if desk.in_batch && !era.batches() {
        return Err(Rejected::bad(
            era,
            RpcError::invalid_request("a request of this protocol revision must not be part of a batch"),
        ));
    }
    if mirrors {
        let extension = desk.engine.extensions.method(era, method.as_str());
        let member = extension.and_then(|method| method.name_from.as_deref());
        mirror::name(&desk.ambient.headers, method, &head, params, member).map_err(edge)?;
    }
    if !exists(desk, era, method) {
        return Err(edge(RpcError::method_not_found(method.as_str())));
    }
    let rounds = match &head.sent {
        Some(_) if era.is_stateless() => {
            let principal = desk.ambient.principal.as_ref();
            journal::opened(&desk.engine, principal, method, &head).map_err(edge)?.map(Box::new)
        }
        _ => None,
    };
    Ok((era, head, rounds))
}

fn era(desk: &Desk, method: &Method, params: Option<&RawValue>, claim: &Claim<'_>) -> Result<Era, Rejected> {
    let served = desk.engine.served;
    let negotiated = desk.negotiated();
    match admit(claim, method, negotiated, desk.assumed, served) {
        Ok(Admitted::In(era)) => Ok(era),
        Ok(Admitted::Handshake) if desk.in_batch => Err(Rejected::bad(
            desk.unclaimed().unwrap_or(Revision::V2025_03_26).era(),
            RpcError::invalid_request("`initialize` must not be part of a batch"),
        )),
        Ok(Admitted::Handshake) if desk.is_http() && negotiated.is_some() => Err(Rejected::bad(
            desk.words(),
            RpcError::invalid_request(
                "this session is initialized already; send `initialize` without its id to open another one",
            ),
        )),
        Ok(Admitted::Handshake) => {
            Ok(served.negotiate(&requested(params)).unwrap_or(Revision::V2025_11_25.era()))
        }
        // Without a claim, only the handshake itself tells what the client would like to speak.
        Err(refusal) if *method == Method::Initialize && *claim == Claim::None => Err(Rejected::bad(
            refusal.era,
            RpcError::unsupported_protocol_version(&requested(params), &served.names()),
        )),
        Err(refusal) => Err(refusal.into()),
        // A revision of the model may get more verdicts.
        Ok(_) => Err(Rejected::bad(desk.words(), RpcError::invalid_request("the request cannot be served"))),
    }
}

/// What a client without a claim is told by a server that has no handshake: the versions that it would have to speak, or, if it
/// means to speak one of them, what is missing ("Versioning", "Era detection").
fn unclaimed(desk: &Desk, method: &Method, params: Option<&RawValue>) -> Rejected {
    let served = desk.engine.served;
    let header = desk.ambient.headers.get(MCP_PROTOCOL_VERSION).and_then(|value| value.to_str().ok());
    let named = if *method == Method::Initialize { requested(params) } else { String::new() };
    let named = if named.is_empty() { header.unwrap_or_default() } else { &named };
    if *method != Method::Initialize && named.parse().is_ok_and(|revision| served.has(revision)) {
        return match admit(&Claim::None, method, None, None, served) {
            Err(refusal) => refusal.into(),
            Ok(_) => Rejected::bad(desk.words(), RpcError::invalid_request("the request cannot be served")),
        };
    }
    Rejected::bad(desk.words(), RpcError::unsupported_protocol_version(named, &served.names()))
}

/// Members of `_meta` that every stateless request carries ("_meta").
fn required(head: &Result<Head, Illegible>) -> Result<(), RpcError> {
    match head {
        Ok(head) if head.meta.client_capabilities.is_none() => Err(RpcError::invalid_params(
            "`params._meta[\"io.modelcontextprotocol/clientCapabilities\"]` is missing; send `{}` if there are none",
        )),
        Err(Illegible { error, in_required: true, .. }) => Err(error.clone()),
        _ => Ok(()),
    }
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

fn exists(desk: &Desk, era: Era, method: &Method) -> bool {
    if desk.engine.extensions.method(era, method.as_str()).is_some_and(|method| !method.notification) {
        return true;
    }
    !matches!(method, Method::Other(_))
        && !method.is_notification()
        && era.has_method(method)
        && desk.engine.serves(method)
}
