use std::fmt;

use super::{
    super::{OAuthError, Secret, discovery::AuthorizationServer, jose::random, net::Network, scope::Scopes},
    RedirectError,
    answer::Expected,
    pkce::Pkce,
};

/// The scope that asks for a refresh token.
pub(in super::super) const OFFLINE: &str = "offline_access";

/// What goes into an authorization request.
#[derive(Debug)]
pub(in super::super) struct Parameters<'a> {
    pub(in super::super) client_id: &'a str,
    pub(in super::super) redirect_uri: &'a str,
    pub(in super::super) scopes: &'a Scopes,
    pub(in super::super) resource: &'a str,
    pub(in super::super) pkce: &'a Pkce,
    pub(in super::super) dpop: Option<&'a str>,
    pub(in super::super) server_url: &'a str,
}

/// A page of the authorization server that the user has to see, and the yardstick for the answer.
///
/// [`UserAgent`](crate::client::UserAgent)s get one.
pub struct AuthorizationRequest {
    url: String,
    redirect_uri: String,
    server_url: String,
    expected: Expected,
    network: Network,
}

impl AuthorizationRequest {
    pub(in super::super) fn new(
        network: &Network,
        server: &AuthorizationServer,
        parameters: &Parameters<'_>,
    ) -> Result<Self, OAuthError> {
        server.check_pkce()?;
        let endpoint =
            server.authorization_endpoint.as_deref().ok_or_else(|| server.unsupported("the code grant"))?;
        let mut url = network.check("authorization endpoint", endpoint)?.url().clone();
        let expected = Expected {
            state: random::<32>(),
            issuer: server.issuer.clone(),
            names_itself: server.authorization_response_iss_parameter_supported == Some(true),
        };
        url.set_fragment(None);
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("response_type", "code")
                .append_pair("client_id", parameters.client_id)
                .append_pair("redirect_uri", parameters.redirect_uri)
                .append_pair("state", &expected.state)
                .append_pair("code_challenge", &parameters.pkce.challenge)
                .append_pair("code_challenge_method", "S256")
                .append_pair("resource", parameters.resource);
            if !parameters.scopes.is_empty() {
                query.append_pair("scope", &parameters.scopes.to_string());
            }
            if parameters.scopes.contains(OFFLINE) {
                // It is ignored otherwise (OpenID Connect Core, "Offline Access").
                query.append_pair("prompt", "consent");
            }
            if let Some(thumbprint) = parameters.dpop {
                query.append_pair("dpop_jkt", thumbprint);
            }
        }
        Ok(Self {
            url: url.into(),
            redirect_uri: parameters.redirect_uri.to_owned(),
            server_url: parameters.server_url.to_owned(),
            expected,
            network: network.clone(),
        })
    }

    /// The page: https, or http on this machine, and fit to be handed to a browser.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the authorization server sends the user when it is done.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// The server that the user is asked to give access to.
    pub fn server_url(&self) -> &str {
        &self.server_url
    }

    /// The authorization server.
    pub fn issuer(&self) -> &str {
        &self.expected.issuer
    }

    /// Judges the query of a redirect: who shows the user a page should know. [`RedirectError::State`] means that the answer is
    /// none to this request, and that the one to it may still come.
    ///
    /// # Errors
    /// When the answer is a refusal, or is not acted on.
    pub fn judge(&self, query: &str) -> Result<(), RedirectError> {
        self.code(query).map(|_| ())
    }

    pub(in super::super) fn code(&self, query: &str) -> Result<Secret, RedirectError> {
        self.expected.read(query)
    }

    pub(in super::super) fn network(&self) -> &Network {
        &self.network
    }
}

impl fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest")
            .field("server_url", &self.server_url)
            .field("issuer", &self.expected.issuer)
            .field("redirect_uri", &self.redirect_uri)
            .finish_non_exhaustive()
    }
}
