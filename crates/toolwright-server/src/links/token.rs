use std::fmt;

use serde::{Deserialize, Serialize};
use toolwright_core::joint::Principal;

use super::{LinkError, Ticket};
use crate::{engine::Engine, seal::Binding};

/// Longer texts are none of ours; nobody makes us decode megabytes.
const LONGEST: usize = 8 * 1024;

/// What a URL carries so that the page behind it finds the call that waits: `Display` writes it, in characters that need no
/// encoding in a URL.
///
/// It is sealed: nobody can read, make or change one. It is no proof of who opens it, and expires.
pub struct LinkToken(String);

/// What is inside.
#[derive(Serialize, Deserialize)]
pub(super) struct Inside {
    #[serde(flatten)]
    pub(super) ticket: Ticket,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) owner: Option<Owner>,
}

/// For whom a link was made.
#[derive(Serialize, Deserialize, PartialEq)]
pub(super) struct Owner {
    subject: String,
    issuer: Option<String>,
}

impl Owner {
    fn of(principal: &Principal) -> Self {
        let issuer = principal.issued_by().map(ToOwned::to_owned);
        Self { subject: principal.subject().to_owned(), issuer }
    }

    pub(super) fn principal(&self) -> Principal {
        let principal = Principal::new(self.subject.as_str());
        match &self.issuer {
            Some(issuer) => principal.issuer(issuer.as_str()),
            None => principal,
        }
    }
}

impl LinkToken {
    /// A link of this server for `principal`.
    pub(crate) fn seal(engine: &Engine, ticket: &Ticket, principal: Option<&Principal>) -> Self {
        let inside = Inside { ticket: ticket.clone(), owner: principal.map(Owner::of) };
        let plain = serde_json::to_vec(&inside).expect("texts and numbers can always be written");
        Self(engine.seal().seal(&binding(engine), &plain))
    }

    /// What is inside `text`, if this server made it and `principal` may open it now.
    pub(super) fn open(
        engine: &Engine,
        text: &str,
        principal: Option<&Principal>,
    ) -> Result<Inside, LinkError> {
        if text.len() > LONGEST {
            return Err(LinkError::Invalid);
        }
        let plain = engine.seal().open(&binding(engine), text).ok_or(LinkError::Invalid)?;
        let inside: Inside = serde_json::from_slice(&plain).map_err(|_| LinkError::Invalid)?;
        if inside.ticket.remaining().is_none() {
            return Err(LinkError::Expired);
        }
        match &inside.owner {
            Some(owner) if principal.map(Owner::of).as_ref() != Some(owner) => Err(LinkError::OtherUser),
            _ => Ok(inside),
        }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Servers may share keys, but not links.
fn binding(engine: &Engine) -> Binding {
    Binding::new("link").part(&engine.info.name)
}

impl fmt::Display for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// It does not belong into logs.
impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(..)")
    }
}
