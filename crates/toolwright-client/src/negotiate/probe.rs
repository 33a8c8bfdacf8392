use std::{
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use toolwright_core::{
    joint::{Principal, SharedConnect},
    model::{ClientCapabilities, Implementation},
};

use super::{
    EraChoice,
    handshake::Handshake,
    known::{KNOWN, Kind},
    line::Line,
    verdict::{self, Verdict},
};
use crate::{ClientError, connection::Connection, inlet::Routes};

/// What the client wants of its connection.
#[derive(Clone, Debug)]
pub(crate) struct Wishes {
    pub(crate) choice: EraChoice,
    pub(crate) principal: Option<Principal>,
    pub(crate) info: Implementation,
    pub(crate) stateless: ClientCapabilities,
    pub(crate) session: ClientCapabilities,
    pub(crate) probe: Duration,
    pub(crate) handshake: Option<Duration>,
    /// Whether it counts what earlier connections found out.
    pub(crate) remembers: bool,
}

/// Connects, finds out which revision the server speaks, and shakes hands where that is the custom.
pub(crate) async fn negotiate(
    target: &SharedConnect,
    wishes: &Wishes,
    routes: &Arc<Routes>,
    ids: &AtomicI64,
) -> Result<Connection, ClientError> {
    let server = if wishes.remembers && wishes.choice.is_open() { target.identity() } else { None };
    let known = server.as_deref().and_then(|server| KNOWN.get(server));
    if known == Some(Kind::Session) {
        let line = Line::open(target, wishes, routes, ids).await?;
        match line.handshake(wishes).await {
            Ok(Handshake::Done(revision, result)) => return line.session(revision, *result, wishes).await,
            Err(error) if verdict::is_trouble(&error) => return Err(error),
            // It is not what it was.
            Ok(Handshake::Stateless) | Err(_) => server.iter().for_each(|server| KNOWN.forget(server)),
        }
    }
    let connection = probe(target, wishes, routes, ids, known == Some(Kind::Stateless)).await?;
    if let Some(server) = server {
        let kind = if connection.is_stateless() { Kind::Stateless } else { Kind::Session };
        KNOWN.learn(&server, kind);
    }
    Ok(connection)
}

/// Asks first, and shakes hands if there is no answer that says otherwise. A server that is `known` to answer has more time for
/// it.
async fn probe(
    target: &SharedConnect,
    wishes: &Wishes,
    routes: &Arc<Routes>,
    ids: &AtomicI64,
    known: bool,
) -> Result<Connection, ClientError> {
    let mut line = Line::open(target, wishes, routes, ids).await?;
    // Who would make nothing of silence waits longer for an answer.
    let patient = known || wishes.choice.session().is_none() || !line.is_stream();
    let patience = if patient { wishes.handshake } else { Some(wishes.probe) };
    let mut tried = wishes.choice.stateless(|_| true);
    let (mut again, mut late) = (false, false);
    while let Some(revision) = tried {
        let (id, probe) = line.probe(revision, wishes, patience).await;
        match verdict::judge(probe, id, wishes.choice) {
            Verdict::Stateless(revision, discovered) => {
                return Ok(line.stateless(revision, *discovered, wishes));
            }
            // One correction is due to a server that knows better; a second refusal is an error.
            Verdict::Again(other) if !again => (again, tried) = (true, Some(other)),
            Verdict::Again(_) => {
                return Err(ClientError::protocol(
                    "the server refuses the protocol version that it says it supports",
                ));
            }
            Verdict::Fail(error) => return Err(error),
            Verdict::Handshake { .. } if wishes.choice.session().is_none() => {
                return Err(ClientError::Revision {
                    accepted: wishes.choice.to_string(),
                    offered: "only revisions that begin with a handshake".to_owned(),
                });
            }
            Verdict::Handshake { fresh } => {
                if fresh {
                    line = Line::open(target, wishes, routes, ids).await?;
                }
                match line.handshake(wishes).await? {
                    Handshake::Done(revision, result) => {
                        return line.session(revision, *result, wishes).await;
                    }
                    // A stateless server that was too slow for the probe.
                    Handshake::Stateless if !late => late = true,
                    Handshake::Stateless => {
                        return Err(ClientError::protocol(
                            "the server answers neither `server/discover` nor `initialize`",
                        ));
                    }
                }
            }
        }
    }
    match line.handshake(wishes).await? {
        Handshake::Done(revision, result) => line.session(revision, *result, wishes).await,
        Handshake::Stateless => Err(ClientError::Revision {
            accepted: wishes.choice.to_string(),
            offered: "only revisions without a handshake".to_owned(),
        }),
    }
}
