use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use tokio::sync::{OnceCell, watch};
use url::Url;

use super::{
    super::{
        ClientRegistration, OAuthError, Secret, StoreLock,
        grant::Grant,
        net::Network,
        scope::Scopes,
        store::Entries,
        token::{Nonces, TokenEndpoint},
        user_agent::SharedUserAgent,
    },
    current::{Current, Kept},
};

/// What the application decided.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) server_url: Url,
    pub(super) grant: Grant,
    pub(super) client: Option<ClientRegistration>,
    pub(super) metadata_url: Option<String>,
    pub(super) client_name: String,
    pub(super) scopes: Scopes,
    pub(super) dpop: bool,
}

/// What all clones of an [`OAuth`](super::OAuth) share.
pub(super) struct Shared {
    pub(super) settings: Settings,
    pub(super) network: Network,
    pub(super) user_agent: SharedUserAgent,
    pub(super) entries: Entries,
    pub(super) nonces: Nonces,
    /// Held by whoever changes the tokens: a renewal, a sign-out.
    pub(super) turn: tokio::sync::Mutex<()>,
    /// Sign-outs that wait for their turn.
    pub(super) leaving: watch::Sender<usize>,
    current: RwLock<Option<Arc<Current>>>,
    loaded: OnceCell<()>,
    /// Sets of scopes that the user did not want to give.
    denied: Mutex<HashSet<Scopes>>,
    /// The last assertion that was refused, and why.
    refused: Mutex<Option<(Secret, OAuthError)>>,
}

const SESSION: &str = "session";
/// Refusals that are remembered.
const MOST_DENIED: usize = 32;

impl Shared {
    pub(super) fn new(
        settings: Settings,
        network: Network,
        user_agent: SharedUserAgent,
        entries: Entries,
    ) -> Self {
        Self {
            settings,
            network,
            user_agent,
            entries,
            nonces: Nonces::default(),
            turn: tokio::sync::Mutex::default(),
            leaving: watch::Sender::default(),
            current: RwLock::default(),
            loaded: OnceCell::new(),
            denied: Mutex::default(),
            refused: Mutex::default(),
        }
    }

    pub(super) fn current(&self) -> Option<Arc<Current>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, current: Option<Arc<Current>>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = current;
    }

    /// Whether there is a token, and not the `unfit` one.
    pub(super) fn has_other_than(&self, unfit: Option<&Secret>) -> bool {
        self.current().is_some_and(|current| unfit.is_none_or(|unfit| !current.is(unfit)))
    }

    /// Reads what an earlier run of the program kept, once.
    pub(super) async fn load(&self) -> Result<(), OAuthError> {
        self.loaded.get_or_try_init(|| async { self.adopt(None).await.map(|_| ()) }).await?;
        Ok(())
    }

    /// Takes over the token in the store, if it is another one than `unfit`: another process may have renewed it.
    pub(super) async fn adopt(&self, unfit: Option<&Secret>) -> Result<bool, OAuthError> {
        let kept: Option<Kept> = self.entries.load(SESSION, self.settings.server_url.as_str()).await?;
        let found = kept.and_then(|kept| Current::restore(kept, self.settings.dpop));
        match found {
            Some(found) if unfit.is_none_or(|unfit| !found.is(unfit)) => {
                self.replace(Some(Arc::new(found)));
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Keeps others who share the store from renewing the tokens meanwhile.
    pub(super) async fn lock(&self) -> Result<StoreLock, OAuthError> {
        Ok(self.entries.lock(SESSION, self.settings.server_url.as_str()).await?)
    }

    /// Uses these tokens from now on, and keeps them.
    pub(super) async fn take(&self, current: Current) -> Result<(), OAuthError> {
        let current = Arc::new(current);
        self.replace(Some(Arc::clone(&current)));
        Ok(self.entries.save(SESSION, self.settings.server_url.as_str(), &current.kept).await?)
    }

    /// Forgets the tokens.
    pub(super) async fn forget(&self) -> Result<(), OAuthError> {
        self.replace(None);
        Ok(self.entries.remove(SESSION, self.settings.server_url.as_str()).await?)
    }

    pub(super) fn forget_refusals(&self) {
        self.denied.lock().unwrap_or_else(PoisonError::into_inner).clear();
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(super) fn is_denied(&self, scopes: &Scopes) -> bool {
        self.denied.lock().unwrap_or_else(PoisonError::into_inner).contains(&scopes.clone().sorted())
    }

    pub(super) fn deny(&self, scopes: &Scopes) {
        let mut denied = self.denied.lock().unwrap_or_else(PoisonError::into_inner);
        if denied.len() < MOST_DENIED {
            denied.insert(scopes.clone().sorted());
        }
    }

    /// Why this very assertion was refused before.
    pub(super) fn refusal_of(&self, assertion: &Secret) -> Option<OAuthError> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.as_ref().filter(|(known, _)| known == assertion).map(|(_, error)| error.clone())
    }

    pub(super) fn refuse(&self, assertion: Secret, error: OAuthError) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some((assertion, error));
    }

    pub(super) fn endpoint<'a>(
        &'a self,
        server: &'a super::super::discovery::AuthorizationServer,
        client: Option<&'a super::super::token::ClientIdentity>,
        dpop: Option<&'a super::super::jose::DpopKey>,
    ) -> TokenEndpoint<'a> {
        TokenEndpoint { network: &self.network, server, client, dpop, nonces: &self.nonces }
    }
}
