use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use toolwright_core::joint::Principal;
use toolwright_store::{KeyValue as _, StoreError};

use super::{
    Ticket,
    token::{Inside, Owner},
};
use crate::{HandlerError, engine::Engine, seal::Binding, session::Key};

/// A client may take its time to come back for what a link brought.
const GRACE: Duration = Duration::from_secs(60 * 60);

/// What came of a link.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome {
    Completed(Value),
    Failed(String),
}

impl Outcome {
    pub(super) async fn put(&self, engine: &Engine, of: &Inside) -> Result<(), StoreError> {
        let plain = serde_json::to_vec(self).expect("a value of JSON can always be written");
        let owner = of.owner.as_ref().map(Owner::principal);
        let sealed = engine.seal().seal(&binding(engine, &of.ticket, owner.as_ref()), &plain);
        engine.keeper.store.put(&key(engine, "link", &of.ticket), sealed.into(), Some(kept(&of.ticket))).await
    }

    /// What came of the link by now.
    pub(crate) async fn get(
        engine: &Engine,
        ticket: &Ticket,
        principal: Option<&Principal>,
    ) -> Result<Option<Self>, HandlerError> {
        let Some(sealed) = engine.keeper.store.get(&key(engine, "link", ticket)).await? else {
            return Ok(None);
        };
        let plain = std::str::from_utf8(&sealed)
            .ok()
            .and_then(|sealed| engine.seal().open(&binding(engine, ticket, principal), sealed))
            .ok_or("what a link brought was sealed with keys that this replica does not have")?;
        Ok(Some(serde_json::from_slice(&plain)?))
    }
}

/// How long the store keeps what it knows of a link.
pub(super) fn kept(ticket: &Ticket) -> Duration {
    ticket.remaining().unwrap_or_default().saturating_add(GRACE)
}

/// Where the store notes that a link is used up.
pub(super) fn used_key(engine: &Engine, ticket: &Ticket) -> String {
    key(engine, "used-link", ticket)
}

fn key(engine: &Engine, what: &str, ticket: &Ticket) -> String {
    let mut key = Key::new(&engine.info.name);
    key.part(what).part(&ticket.id);
    key.into()
}

fn binding(engine: &Engine, ticket: &Ticket, principal: Option<&Principal>) -> Binding {
    Binding::new("outcome of a link").part(&engine.info.name).part(&ticket.id).principal(principal)
}
