use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use serde::Serialize;
use tokio::time::timeout;
use toolwright_core::{
    era::Revision,
    joint::{Attach, ConnectError, Incoming, Link, LinkError, Outgoing, SharedConnect},
    jsonrpc::encode,
    model::{DiscoverResult, InitializeParams, InitializeResult, meta},
};

use super::{
    Wishes,
    handshake::{self, Handshake},
    verdict::{self, Probe},
};
use crate::{
    ClientError,
    connection::Connection,
    inlet::{Inlet, Routes},
    request::{BaseMeta, Extra, Headers, Message},
};

const INITIALIZED: &str = "notifications/initialized";

/// A connection before anything is settled.
pub(super) struct Line<'a> {
    link: Arc<dyn Link>,
    inlet: Arc<Inlet>,
    ids: &'a AtomicI64,
}

impl<'a> Line<'a> {
    pub(super) async fn open(
        target: &SharedConnect,
        wishes: &Wishes,
        routes: &Arc<Routes>,
        ids: &'a AtomicI64,
    ) -> Result<Self, ClientError> {
        let inlet = Arc::new(Inlet::new(routes));
        let attach = Attach::new(inlet.clone()).principal(wishes.principal.clone());
        let opening = target.connect(attach);
        let link = match wishes.handshake {
            Some(patience) => timeout(patience, opening).await.unwrap_or_else(|_| {
                let target = target.identity().unwrap_or_else(|| "the server".to_owned());
                Err(ConnectError::new(target, format!("it takes longer than {patience:?}")))
            })?,
            None => opening.await?,
        };
        inlet.attach(&link);
        Ok(Self { link, inlet, ids })
    }

    /// Whether silence and a sudden end can mean that the server is an older one.
    pub(super) fn is_stream(&self) -> bool {
        self.link.announces_cancel()
    }

    fn message(&self, method: &'static str) -> Message {
        Message::open(self.ids.fetch_add(1, Ordering::Relaxed), method)
    }

    pub(super) async fn probe(
        &self,
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
        let stream = self.is_stream();
        let probe = match self.exchange(outgoing, patience).await {
            Some(Ok(incoming)) => Probe::Back(incoming),
            Some(Err(error)) => Probe::Lost { error, stream },
            None => Probe::Silence { after: patience.unwrap_or_default(), stream },
        };
        (id, probe)
    }

    pub(super) async fn handshake(&self, wishes: &Wishes) -> Result<Handshake, ClientError> {
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
    ) -> Option<Result<Incoming, LinkError>> {
        let exchange = self.link.exchange(outgoing);
        match patience {
            Some(patience) => timeout(patience, exchange).await.ok(),
            None => Some(exchange.await),
        }
    }

    pub(super) fn stateless(
        self,
        revision: Revision,
        discovered: DiscoverResult,
        wishes: &Wishes,
    ) -> Connection {
        let meta = BaseMeta::stateless(revision, &wishes.stateless, &wishes.info);
        let mut connection = Connection::new(self.link, self.inlet, revision, meta);
        let info = discovered.meta.as_ref().and_then(|meta| meta.read(meta::SERVER_INFO).ok().flatten());
        connection.capabilities = Arc::new(discovered.capabilities);
        connection.server_info = info.map(Arc::new);
        connection.instructions = discovered.instructions.map(Arc::from);
        connection.inlet.settle(connection.headers);
        connection.inlet.stateless();
        connection.link.settled(revision);
        connection
    }

    pub(super) async fn session(
        self,
        revision: Revision,
        result: InitializeResult,
        wishes: &Wishes,
    ) -> Result<Connection, ClientError> {
        let mut connection = Connection::new(self.link, self.inlet, revision, BaseMeta::session());
        connection.capabilities = Arc::new(result.capabilities);
        connection.server_info = Some(Arc::new(result.server_info));
        connection.instructions = result.instructions.map(Arc::from);
        connection.inlet.settle(connection.headers);
        let body = encode::notification(INITIALIZED, &())
            .map_err(|source| ClientError::Encode { what: "`notifications/initialized`".into(), source })?;
        let sent = connection.link.exchange(connection.notice(INITIALIZED, body));
        match wishes.handshake {
            Some(patience) => timeout(patience, sent)
                .await
                .map_err(|_| ClientError::Timeout { method: INITIALIZED.into(), after: patience })??,
            None => sent.await?,
        };
        connection.link.settled(revision);
        Ok(connection)
    }
}

fn member<T: Serialize>(message: &mut Message, name: &'static str, value: &T) -> Result<(), ClientError> {
    message
        .member(name, value)
        .map_err(|source| ClientError::Encode { what: format!("`{name}`").into(), source })
}

fn finish(message: Message, base: &BaseMeta) -> Bytes {
    message.close(|buffer| base.write(buffer, &Extra::NONE)).body
}
