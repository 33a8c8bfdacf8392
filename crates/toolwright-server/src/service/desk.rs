use std::sync::Arc;

use toolwright_core::{
    era::{Era, Revision},
    headers::MCP_PROTOCOL_VERSION,
    joint::{Arrival, ArrivalKind, Refused, Session, SessionLookup, Transport},
};

use crate::{connection::Connection, context::Ambient, engine::Engine, question::SharedAsker};

/// What a message is served with.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) engine: Arc<Engine>,
    pub(super) asker: Option<SharedAsker>,
    pub(super) ambient: Ambient,
    /// Whether the message is an item of a batch.
    pub(super) in_batch: bool,
    /// Who knows the session of the message, until it was asked.
    pub(super) lookup: Option<Arc<dyn SessionLookup>>,
    /// What a message without claim and session is taken for.
    pub(super) assumed: Option<Revision>,
}

impl Desk {
    /// Asks a transport with many clients which session the message belongs to; none, if it stands alone.
    pub(super) fn stand(&mut self, kind: ArrivalKind<'_>, alone: bool) -> Result<(), Refused> {
        if let Some(lookup) = self.lookup.take() {
            let standing = lookup.find(&Arrival::new(kind, alone, &self.ambient.headers))?;
            self.ambient.connection = standing.session.filter(|_| !alone).and_then(Connection::of);
            self.assumed = standing.assumed.filter(|_| !self.means_stateless());
        }
        Ok(())
    }

    /// Whether a header names a stateless revision: a message that does not claim it lacks that, and is none of an older one.
    fn means_stateless(&self) -> bool {
        let header = self.ambient.headers.get(MCP_PROTOCOL_VERSION).and_then(|value| value.to_str().ok());
        header
            .and_then(|version| version.parse::<Revision>().ok())
            .is_some_and(|revision| revision.era().is_stateless())
    }

    /// The revision of the message's session.
    pub(super) fn negotiated(&self) -> Option<Revision> {
        self.ambient.connection.as_ref().and_then(|connection| connection.revision())
    }

    /// The revision of a message that does not claim one.
    pub(super) fn unclaimed(&self) -> Option<Revision> {
        self.negotiated().or(self.assumed)
    }

    /// The era in whose words a message is answered that does not say its own.
    pub(super) fn words(&self) -> Era {
        let known = self.unclaimed().or(self.engine.served.latest_stateless());
        known.unwrap_or(Revision::V2026_07_28).era()
    }

    /// Whether answers have a status, and messages headers that say what their bodies say.
    pub(super) fn is_http(&self) -> bool {
        self.ambient.transport == Transport::Http
    }

    /// Whether a message without a claim has nobody to serve it. Other transports have no status to say so with, and answer it in
    /// their own way.
    pub(super) fn serves_claims_only(&self) -> bool {
        self.is_http() && self.engine.served.is_stateless_only()
    }
}
