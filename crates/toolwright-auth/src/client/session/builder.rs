use std::{error::Error, future::Future, sync::Arc};

use url::Url;

use super::{
    super::{
        ClientRegistration, IdentityProvider, LoopbackRedirect, MemoryStore, OAuthError, Secret, TokenStore,
        UserAgent,
        grant::{Assertions, Grant},
        net::{Address, Network, Reach, host_is_loopback},
        scope::Scopes,
        store::{Entries, SharedTokenStore},
        user_agent::SharedUserAgent,
    },
    flight::Flight,
    oauth::OAuth,
    shared::{Settings, Shared},
};

/// Says how a client is authorized; [`OAuth::builder`] makes one.
#[must_use]
#[derive(Debug)]
pub struct OAuthBuilder {
    server_url: String,
    grant: Grant,
    client: Option<ClientRegistration>,
    metadata_url: Option<String>,
    client_name: String,
    scopes: Scopes,
    dpop: bool,
    private_networks: bool,
    user_agent: SharedUserAgent,
    store: SharedTokenStore,
}

impl OAuthBuilder {
    pub(super) fn new(server_url: String) -> Self {
        Self {
            server_url,
            grant: Grant::Code,
            client: None,
            metadata_url: None,
            client_name: "Toolwright".to_owned(),
            scopes: Scopes::default(),
            dpop: false,
            private_networks: false,
            user_agent: SharedUserAgent::new(LoopbackRedirect::new()),
            store: SharedTokenStore::new(MemoryStore::default()),
        }
    }

    /// A client that was registered beforehand. It comes before any other way to be known ("Client Registration Approaches").
    pub fn client(mut self, client: ClientRegistration) -> Self {
        self.client = Some(client);
        self
    }

    /// The URL of a document that describes this application, which then is its client id wherever authorization servers support
    /// that ("Client ID Metadata Documents"). Others are asked to register the application, if they do that.
    ///
    /// The document is JSON with `client_id` (this URL exactly), `client_name`, `redirect_uris` (`http://127.0.0.1/callback` for
    /// [`LoopbackRedirect`]), `application_type` (`native` with that one: without it, authorization servers may insist on a port),
    /// `grant_types` (`authorization_code`, `refresh_token`), and `token_endpoint_auth_method` (`none`).
    pub fn client_metadata_url(mut self, url: impl Into<String>) -> Self {
        self.metadata_url = Some(url.into());
        self
    }

    /// What the application is called where it has to be registered. Default `Toolwright`.
    pub fn client_name(mut self, name: impl Into<String>) -> Self {
        self.client_name = name.into();
        self
    }

    /// Scopes that are always asked for, beside those that the server wants ("Scope Selection Strategy").
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.scopes = scopes.into_iter().collect();
        self
    }

    /// Where tokens are kept. Default [`MemoryStore`]: each run of the program signs in anew.
    pub fn store(mut self, store: impl TokenStore) -> Self {
        self.store = SharedTokenStore::new(store);
        self
    }

    /// How the user gets to the authorization server. Default [`LoopbackRedirect`].
    pub fn user_agent(mut self, user_agent: impl UserAgent) -> Self {
        self.user_agent = SharedUserAgent::new(user_agent);
        self
    }

    /// Binds tokens to a key, so that a stolen one is of no use (DPoP, RFC 9449). An authorization server that does not support
    /// that is an error then.
    pub fn dpop(mut self) -> Self {
        self.dpop = true;
        self
    }

    /// Lets the client act for itself, without a user ("OAuth Client Credentials"). It needs a [`client`](Self::client) with a
    /// secret or a key. Clients that connect so declare the extension `io.modelcontextprotocol/oauth-client-credentials`.
    pub fn client_credentials(mut self) -> Self {
        self.grant = Grant::ClientCredentials;
        self
    }

    /// Lets the enterprise of the user decide ("Enterprise-Managed Authorization"). It needs a [`client`](Self::client) that the
    /// authorization server of the MCP server knows. Clients that connect so declare the extension
    /// `io.modelcontextprotocol/enterprise-managed-authorization`.
    pub fn enterprise(mut self, provider: IdentityProvider) -> Self {
        self.grant = Grant::Enterprise(provider);
        self
    }

    /// Lets the platform that this runs on vouch for it ("Workload Identity Federation"): `assertion` gives a current signed token
    /// of the platform, whose audience is the authorization server. A refused one is never shown again.
    pub fn workload<F, Fut, S, E>(mut self, assertion: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<S, E>> + Send + 'static,
        S: Into<Secret>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        self.grant = Grant::Workload(Assertions::new(assertion));
        self
    }

    /// Also follows metadata into private networks (10/8, 172.16/12, 192.168/16, fc00::/7 and the like): for servers of a company.
    /// Without this only the public internet is asked, and this machine when the server is on it.
    pub fn private_networks(mut self) -> Self {
        self.private_networks = true;
        self
    }

    /// Makes the authorization. Nothing is sent anywhere yet.
    ///
    /// # Errors
    /// When a URL cannot be used, the grant needs a [`client`](Self::client) and there is none, or TLS cannot be set up.
    pub fn build(self) -> Result<OAuth, OAuthError> {
        let what = "MCP server";
        let widest = Address::check(what, &self.server_url, Reach::Private)?;
        let reach = match (self.private_networks, host_is_loopback(widest.url())) {
            (true, _) => Reach::Private,
            (false, true) => Reach::Loopback,
            (false, false) => Reach::Public,
        };
        let mut server_url = Address::check(what, &self.server_url, reach)?.url().clone();
        server_url.set_fragment(None);
        if let Some(url) = &self.metadata_url {
            check_metadata_url(url)?;
        }
        if self.grant.needs_client() && self.client.is_none() && self.metadata_url.is_none() {
            return Err(OAuthError::NoClient);
        }
        let network = Network::new(reach).map_err(|error| OAuthError::Unreachable {
            what,
            url: self.server_url.clone(),
            source: Arc::new(error),
        })?;
        let settings = Settings {
            server_url,
            grant: self.grant,
            client: self.client,
            metadata_url: self.metadata_url,
            client_name: self.client_name,
            scopes: self.scopes,
            dpop: self.dpop,
        };
        let shared = Shared::new(settings, network, self.user_agent, Entries::new(self.store));
        Ok(OAuth { shared: Arc::new(shared), flight: Arc::new(Flight::default()) })
    }
}

/// It has to be https with a path ("Client ID Metadata Documents").
fn check_metadata_url(text: &str) -> Result<(), OAuthError> {
    let fine = Url::parse(text)
        .is_ok_and(|url| url.scheme() == "https" && url.path() != "/" && url.fragment().is_none());
    if fine {
        return Ok(());
    }
    let reason = "it must be https, and have a path and no fragment";
    Err(OAuthError::Address { what: "document that describes the client", url: text.to_owned(), reason })
}
