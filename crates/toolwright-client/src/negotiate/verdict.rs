use std::time::Duration;

use http::StatusCode;
use toolwright_core::{
    era::Revision,
    joint::{Incoming, LinkError},
    jsonrpc::{ErrorCode, RpcError},
    model::{DiscoverResult, ProtocolVersion, ResultType, UnsupportedProtocolVersionData},
};

use super::EraChoice;
use crate::{
    ClientError,
    request::{Reply, answer},
};

/// What came of the first request, `server/discover`.
#[derive(Debug)]
pub(super) enum Probe {
    /// Something came back.
    Back(Incoming),
    /// Nothing came in time. `stream` says that the transport is one where a timeout means nothing else.
    Silence { after: Duration, stream: bool },
    /// The connection failed. `stream` says that there is one for all messages, which a server can end.
    Lost { error: LinkError, stream: bool },
}

/// What to do next.
#[derive(Debug)]
pub(super) enum Verdict {
    /// The server speaks this revision, without a handshake.
    Stateless(Revision, Box<DiscoverResult>),
    /// It says that it speaks this one.
    Again(Revision),
    /// It wants a handshake; `fresh` says that this takes a new connection.
    Handshake { fresh: bool },
    /// Neither can be said.
    Fail(ClientError),
}

/// Judges the answer to `server/discover` under the id `id`.
///
/// No single error code means "older server" ("Versioning": the fallback must not be keyed to one); what means "newer server"
/// is listed instead. Statuses that speak of authorization or of trouble are never a verdict.
pub(super) fn judge(probe: Probe, id: i64, choice: EraChoice) -> Verdict {
    let incoming = match probe {
        Probe::Back(incoming) => incoming,
        Probe::Silence { stream: true, .. } => return Verdict::Handshake { fresh: false },
        Probe::Silence { after, .. } => {
            return Verdict::Fail(ClientError::Timeout { method: "server/discover".into(), after });
        }
        // Some older servers end on any request before `initialize`.
        Probe::Lost { error: LinkError::Closed | LinkError::Died { .. }, stream: true } => {
            return Verdict::Handshake { fresh: true };
        }
        Probe::Lost { error, .. } => return Verdict::Fail(error.into()),
    };
    if let Some(status) = incoming.status.filter(|status| is_no_verdict(*status)) {
        return Verdict::Fail(ClientError::Refused { status });
    }
    match answer(&incoming, id, |_| ()) {
        Ok(reply) => discovered(&reply, choice),
        Err(ClientError::Rpc(error)) => refused(error, choice),
        Err(_) => Verdict::Handshake { fresh: false },
    }
}

fn is_no_verdict(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::PROXY_AUTHENTICATION_REQUIRED
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS
    ) || status.is_server_error()
}

/// Whether a failure says nothing about which revisions a server speaks.
pub(super) fn is_trouble(error: &ClientError) -> bool {
    match error {
        ClientError::Refused { status } => is_no_verdict(*status),
        ClientError::Connect(_)
        | ClientError::Link(_)
        | ClientError::Timeout { .. }
        | ClientError::TooLarge { .. }
        | ClientError::Unauthorized(_) => true,
        _ => false,
    }
}

fn discovered(reply: &Reply, choice: EraChoice) -> Verdict {
    let Ok(result) = serde_json::from_slice::<DiscoverResult>(&reply.0) else {
        return Verdict::Handshake { fresh: false };
    };
    if !matches!(result.result_type, None | Some(ResultType::Complete)) {
        return Verdict::Handshake { fresh: false };
    }
    let offered = &result.supported_versions;
    match choice.stateless(|revision| has(offered, revision)) {
        Some(revision) => Verdict::Stateless(revision, Box::new(result)),
        // A list without a revision in common advertises the handshake.
        None if choice.session().is_some() => Verdict::Handshake { fresh: false },
        None => Verdict::Fail(nothing_in_common(choice, offered)),
    }
}

fn refused(error: RpcError, choice: EraChoice) -> Verdict {
    match error.code {
        ErrorCode::UNSUPPORTED_PROTOCOL_VERSION => {
            let data = error.data.as_ref().map(toolwright_core::Raw::read::<UnsupportedProtocolVersionData>);
            let Some(Ok(data)) = data else { return Verdict::Handshake { fresh: false } };
            match choice.stateless(|revision| has(&data.supported, revision)) {
                // Also when it is the one that was refused: a server may not have been ready for it.
                Some(revision) => Verdict::Again(revision),
                // A list may name revisions that are reached by the handshake.
                None if has_handshake(&data.supported) && choice.session().is_some() => {
                    Verdict::Handshake { fresh: false }
                }
                None => Verdict::Fail(nothing_in_common(choice, &data.supported)),
            }
        }
        // Only a stateless server knows these.
        ErrorCode::HEADER_MISMATCH | ErrorCode::MISSING_CLIENT_CAPABILITY => Verdict::Fail(error.into()),
        _ => Verdict::Handshake { fresh: false },
    }
}

fn has(offered: &[ProtocolVersion], revision: Revision) -> bool {
    offered.iter().any(|version| version.revision() == Some(revision))
}

fn has_handshake(offered: &[ProtocolVersion]) -> bool {
    offered.iter().filter_map(ProtocolVersion::revision).any(|revision| !revision.era().is_stateless())
}

pub(super) fn nothing_in_common(choice: EraChoice, offered: &[ProtocolVersion]) -> ClientError {
    let names: Vec<_> = offered.iter().map(ProtocolVersion::as_str).collect();
    ClientError::Revision { accepted: choice.to_string(), offered: names.join(", ") }
}

#[cfg(test)]
mod tests;
