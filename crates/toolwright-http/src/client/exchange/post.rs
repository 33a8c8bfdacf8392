use std::sync::Arc;

use ::http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use toolwright_core::{
    headers::{MCP_PROTOCOL_VERSION, MCP_SESSION_ID},
    joint::{Incoming, LinkError, Outgoing},
    jsonrpc::{self, ErrorCode, Message, decode},
};

use super::{Events, resume::Reading, routed::routed};
use crate::client::{
    line::Line,
    pair::Pair,
    sender::{Form, Response},
};

/// Longest body that a refusal is explained in.
const LONGEST_REFUSAL: usize = 1024 * 1024;

/// Sends one message, and waits for what it brings ("Streamable HTTP", "Sending Messages to the Server").
pub(crate) async fn post(line: Arc<Line>, message: Outgoing) -> Result<Incoming, LinkError> {
    if line.is_shut() {
        return Err(LinkError::Closed);
    }
    if let Some(pair) = line.pair.get() {
        return pair.exchange(&line, message).await;
    }
    let Some(id) = &message.id else { return alone(line, message).await };
    line.stream().await;
    match line.expect(id) {
        Some(wait) => routed(&line, wait, alone(Arc::clone(&line), message)).await,
        None => alone(line, message).await,
    }
}

/// Waits for what the response to the message itself brings.
async fn alone(line: Arc<Line>, message: Outgoing) -> Result<Incoming, LinkError> {
    let opening = message.method.as_deref() == Some("initialize");
    let mut headers = message.headers.clone();
    let version = headers.get(MCP_PROTOCOL_VERSION).cloned();
    if let Some(session) = line.session().filter(|_| !opening) {
        headers.insert(MCP_SESSION_ID, session.clone());
    }
    let place = &line.sender.target.place;
    let response = line.sender.post(place, headers, message.body.clone()).await?;
    if !response.status.is_success() {
        if !opening && line.has_lost_session(response.status) {
            return Err(LinkError::SessionGone);
        }
        let refusal = refusal(response).await;
        if opening
            && may_be_older(&refusal)
            && let Some(pair) = Pair::open(&line).await?
        {
            let pair = line.pair.get_or_init(|| pair);
            return pair.exchange(&line, message).await;
        }
        return Ok(refusal);
    }
    if opening {
        line.open_session(&response.headers)?;
    }
    accepted(line, message, version, response).await
}

async fn accepted(
    line: Arc<Line>,
    message: Outgoing,
    version: Option<HeaderValue>,
    mut response: Response,
) -> Result<Incoming, LinkError> {
    let status = response.status;
    let nothing = Incoming::new(None).status(status);
    let (Some(id), false) = (message.id, status == StatusCode::NO_CONTENT) else {
        response.reply.finish().await;
        return Ok(nothing);
    };
    let longest = line.sender.settings.longest;
    match response.form() {
        Form::Json => {
            let body = response.reply.whole(longest).await?;
            Ok(Incoming::new(Some(body).filter(|body| !body.is_empty())).status(status))
        }
        Form::Events => {
            // The answer to the first question of all says whether streams can be resumed.
            let resumable = !line.is_stateless() && message.method.as_deref() != Some("server/discover");
            let events = Events::new(response.reply, longest);
            let body = Reading::new(line, id, version, resumable).answer(events).await?;
            Ok(Incoming::new(Some(body)).status(status))
        }
        Form::Other => {
            let body = response.reply.whole(longest).await?;
            if body.is_empty() {
                return Ok(nothing);
            }
            let found = match response.headers.get(CONTENT_TYPE) {
                Some(value) => format!("`{}`", String::from_utf8_lossy(value.as_bytes()).escape_debug()),
                None => "no content type".to_owned(),
            };
            Err(LinkError::Malformed(
                format!(
                    "expected `application/json` or `text/event-stream`, got {found}; is this the URL of an MCP server?"
                )
                .into(),
            ))
        }
    }
}

/// What a status other than 2xx brings. A body that is too long, or breaks off, explains nothing.
pub(crate) async fn refusal(mut response: Response) -> Incoming {
    let body = match response.form() {
        Form::Events => None,
        _ => response.reply.whole(LONGEST_REFUSAL).await.ok().filter(|body| !body.is_empty()),
    };
    Incoming::new(body).status(response.status)
}

/// Whether a server that refuses `initialize` may be one of 2024-11-05 ("Streamable HTTP", "Backwards Compatibility").
fn may_be_older(refusal: &Incoming) -> bool {
    const NEVER: [StatusCode; 4] = [
        StatusCode::UNAUTHORIZED,
        StatusCode::FORBIDDEN,
        StatusCode::PROXY_AUTHENTICATION_REQUIRED,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    if refusal.status.is_none_or(|status| !status.is_client_error() || NEVER.contains(&status)) {
        return false;
    }
    let Some(body) = &refusal.body else { return true };
    !matches!(
        decode(body),
        jsonrpc::Incoming::Single(Ok(Message::Response { outcome: Err(error), .. }))
            if [
                ErrorCode::UNSUPPORTED_PROTOCOL_VERSION,
                ErrorCode::HEADER_MISMATCH,
                ErrorCode::MISSING_CLIENT_CAPABILITY,
            ]
            .contains(&error.code)
    )
}
