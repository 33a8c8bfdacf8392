use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use serde::Serialize;
use tokio::time::timeout;
use toolwright_core::{
    era::Revision,
    joint::{Attach, Incoming, Link, Outgoing, Principal, SharedConnect},
    jsonrpc::encode,
    model::{ClientCapabilities, DiscoverResult, Implementation, InitializeParams, InitializeResult, meta},
};

use super::{
    EraChoice,
    handshake::{self, Handshake},
    verdict::{self, Probe, Verdict},
};
use crate::{
    ClientError,
    inlet::{Inlet, Routes},
    request::{BaseMeta, Extra, Headers, Message},
    shared::Settled,
};

const INITIALIZED: &str = "notifications/initialized";

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
}

/// Connects, finds out which revision the server speaks, and shakes hands where that is the custom.
pub(crate) async fn negotiate(
    target: &SharedConnect,
    wishes: &Wishes,
    routes: &Arc<Routes>,
) -> Result<Settled, ClientError> {
    let mut line = Line::open(target, wishes, routes).await?;
    let mut tried = wishes.choice.stateless(|_| true);
    let (mut again, mut late) = (false, false);
    while let Some(revision) = tried {
        let (id, probe) = line.probe(revision, wishes, tried_patience(wishes)).await;
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
                    line = Line::open(target, wishes, routes).await?;
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

/// A client that would take nothing but an answer waits longer for it than one that can fall back.
fn tried_patience(wishes: &Wishes) -> Option<Duration> {
    if wishes.choice.session().is_some() { Some(wishes.probe) } else { wishes.handshake }
}

/// A connection before anything is settled.
struct Line {
    link: Arc<dyn Link>,
    inlet: Arc<Inlet>,
    next_id: i64,
}

impl Line {
    async fn open(
        target: &SharedConnect,
        wishes: &Wishes,
        routes: &Arc<Routes>,
    ) -> Result<Self, ClientError> {
        let inlet = Arc::new(Inlet::new(routes));
        let attach = Attach::new(inlet.clone()).principal(wishes.principal.clone());
        let link = target.connect(attach).await?;
        inlet.attach(&link);
        Ok(Self { link, inlet, next_id: 1 })
    }

    fn message(&mut self, method: &'static str) -> Message {
        let id = self.next_id;
        self.next_id += 1;
        Message::open(id, method)
    }

    async fn probe(
        &mut self,
        revision: Revision,
        wishes: &Wishes,
        patience: Option<Duration>,
    ) -> (i64, Probe) {
        let base = BaseMeta::stateless(revision, &wishes.stateless, &wishes.info);
        let message = self.message("server/discover");
        let id = message.id();
        let headers = Headers::of(&*self.link, revision).request("server/discover", "");
        let outgoing =
            Outgoing::request(id.into(), finish(message, &base)).method("server/discover").headers(headers);
        let probe = match self.exchange(outgoing, patience).await {
            Some(Ok(incoming)) => Probe::Back(incoming),
            Some(Err(error)) => Probe::Lost { error, stream: self.link.announces_cancel() },
            None => Probe::Silence { stream: self.link.announces_cancel() },
        };
        (id, probe)
    }

    async fn handshake(&mut self, wishes: &Wishes) -> Result<Handshake, ClientError> {
        let asked = wishes.choice.session().ok_or_else(|| verdict::nothing_in_common(wishes.choice, &[]))?;
        let mut message = self.message("initialize");
        let id = message.id();
        let params = InitializeParams::new(asked, wishes.session.clone(), wishes.info.clone());
        member(&mut message, "protocolVersion", &params.protocol_version)?;
        member(&mut message, "capabilities", &params.capabilities)?;
        member(&mut message, "clientInfo", &params.client_info)?;
        // The handshake has no headers: nothing is agreed on yet.
        let outgoing =
            Outgoing::request(id.into(), finish(message, &BaseMeta::session())).method("initialize");
        match self.exchange(outgoing, wishes.handshake).await {
            Some(incoming) => handshake::judge(&incoming?, id, wishes.choice),
            None => Err(ClientError::Timeout {
                method: "initialize".into(),
                after: wishes.handshake.unwrap_or_default(),
            }),
        }
    }

    /// The outcome of a request, or nothing if none came in time.
    async fn exchange(
        &self,
        outgoing: Outgoing,
        patience: Option<Duration>,
    ) -> Option<Result<Incoming, toolwright_core::joint::LinkError>> {
        let exchange = self.link.exchange(outgoing);
        match patience {
            Some(patience) => timeout(patience, exchange).await.ok(),
            None => Some(exchange.await),
        }
    }

    fn stateless(self, revision: Revision, discovered: DiscoverResult, wishes: &Wishes) -> Settled {
        self.inlet.stateless();
        let headers = Headers::of(&*self.link, revision);
        self.link.settled(revision);
        let server_info =
            discovered.meta.as_ref().and_then(|meta| meta.read(meta::SERVER_INFO).ok().flatten());
        Settled {
            link: self.link,
            inlet: self.inlet,
            revision,
            capabilities: discovered.capabilities,
            server_info,
            instructions: discovered.instructions,
            meta: BaseMeta::stateless(revision, &wishes.stateless, &wishes.info),
            headers,
            next_id: self.next_id,
        }
    }

    async fn session(
        self,
        revision: Revision,
        result: InitializeResult,
        wishes: &Wishes,
    ) -> Result<Settled, ClientError> {
        let headers = Headers::of(&*self.link, revision);
        self.inlet.settle(headers);
        let body = encode::notification(INITIALIZED, &())
            .map_err(|source| ClientError::Encode { what: INITIALIZED.into(), source })?;
        let outgoing = Outgoing::notice(body).method(INITIALIZED).headers(headers.message(Some(INITIALIZED)));
        let sent = self.link.exchange(outgoing);
        match wishes.handshake {
            Some(patience) => timeout(patience, sent)
                .await
                .map_err(|_| ClientError::Timeout { method: INITIALIZED.into(), after: patience })??,
            None => sent.await?,
        };
        self.link.settled(revision);
        Ok(Settled {
            link: self.link,
            inlet: self.inlet,
            revision,
            capabilities: result.capabilities,
            server_info: Some(result.server_info),
            instructions: result.instructions,
            meta: BaseMeta::session(),
            headers,
            next_id: self.next_id,
        })
    }
}

fn member<T: Serialize>(message: &mut Message, name: &'static str, value: &T) -> Result<(), ClientError> {
    message.member(name, value).map_err(|source| ClientError::Encode { what: name.into(), source })
}

fn finish(message: Message, base: &BaseMeta) -> Bytes {
    let none = serde_json::Map::new();
    message.close(|buffer| base.write(buffer, &Extra { level: None, token: None, members: &none })).body
}
