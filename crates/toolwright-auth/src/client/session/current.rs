use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use serde::{Deserialize, Serialize};

use super::super::{
    Secret, discovery::AuthorizationServer, jose::DpopKey, scope::Scopes, secret, token::Tokens,
};

/// What is kept of a sign-in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Whose tokens they are.
    pub(super) server: AuthorizationServer,
    pub(super) resource: String,
    pub(super) client_id: Option<String>,
    /// The scopes that were asked for.
    pub(super) asked: Scopes,
    pub(super) tokens: Tokens,
    /// The key that the tokens are bound to.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "secret::optional")]
    pub(super) dpop: Option<Secret>,
}

/// Where tokens come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Store,
    Refresh,
    Grant,
}

/// The tokens in use.
#[derive(Debug)]
pub(super) struct Current {
    pub(super) kept: Kept,
    pub(super) key: Option<Arc<DpopKey>>,
    source: Source,
    accepted: AtomicBool,
}

impl Current {
    pub(super) fn new(mut kept: Kept, key: Option<Arc<DpopKey>>, source: Source) -> Self {
        kept.dpop = key.as_ref().map(|key| key.keep());
        Self { kept, key, source, accepted: AtomicBool::new(false) }
    }

    /// What a store kept. `None` when tokens are bound to a key that is gone, or to none where they should be.
    pub(super) fn restore(kept: Kept, dpop: bool) -> Option<Self> {
        let key = match (&kept.dpop, dpop) {
            (Some(text), true) => Some(Arc::new(DpopKey::restore(text)?)),
            (None, false) => None,
            _ => return None,
        };
        Some(Self::new(kept, key, Source::Store))
    }

    /// The same without the refresh token, which turned out to be of no use.
    pub(super) fn without_refresh(&self) -> Self {
        let mut kept = self.kept.clone();
        kept.tokens.refresh = None;
        let accepted = AtomicBool::new(self.accepted.load(Ordering::Relaxed));
        Self { kept, key: self.key.clone(), source: self.source, accepted }
    }

    pub(super) fn issuer(&self) -> &str {
        &self.kept.server.issuer
    }

    pub(super) fn is(&self, token: &Secret) -> bool {
        self.kept.tokens.access == *token
    }

    /// Notes that the server took the token.
    pub(super) fn accept(&self) {
        self.accepted.store(true, Ordering::Relaxed);
    }

    /// Whether the token comes straight from `source`, and was never taken by the server.
    pub(super) fn is_untried(&self, source: Source) -> bool {
        self.source == source && !self.accepted.load(Ordering::Relaxed)
    }

    pub(super) fn is_stored(&self) -> bool {
        self.source == Source::Store
    }
}
