use std::{error::Error, future::Future};

use super::{
    super::{
        ClientRegistration, OAuthError, Secret,
        discovery::{AuthorizationServer, fetch_server},
        net::Network,
        scope::Scopes,
        token::{ClientIdentity, Nonces, TokenEndpoint},
    },
    Assertions,
};

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";

/// The identity provider of an enterprise, where the user is signed in already: it decides which servers the user may use
/// ("Enterprise-Managed Authorization").
///
/// # Example
/// ```
/// use toolwright_auth::client::{ClientRegistration, IdentityProvider, OAuth};
///
/// let provider = IdentityProvider::new("https://idp.example.com", ClientRegistration::new("notes"), || async {
///     Ok::<_, std::io::Error>("the ID token of the signed-in user")
/// });
/// let oauth = OAuth::builder("https://api.example.com/mcp")
///     .client(ClientRegistration::new("notes-at-api").secret("s3cret"))
///     .enterprise(provider)
///     .build()?;
/// # let _ = oauth;
/// # Ok::<_, toolwright_auth::client::OAuthError>(())
/// ```
#[derive(Clone, Debug)]
pub struct IdentityProvider {
    issuer: String,
    client: ClientRegistration,
    token_endpoint: Option<String>,
    subject: Assertions,
    subject_type: String,
}

impl IdentityProvider {
    /// The provider `issuer`, which knows this application as `client`; `id_token` gives a current ID token of the user.
    pub fn new<F, Fut, S, E>(issuer: impl Into<String>, client: ClientRegistration, id_token: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<S, E>> + Send + 'static,
        S: Into<Secret>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        Self {
            issuer: issuer.into(),
            client,
            token_endpoint: None,
            subject: Assertions::new(id_token),
            subject_type: ID_TOKEN.to_owned(),
        }
    }

    /// Where tokens are exchanged, for providers that publish no metadata.
    #[must_use]
    pub fn token_endpoint(mut self, url: impl Into<String>) -> Self {
        self.token_endpoint = Some(url.into());
        self
    }

    /// The type of the token that the provider is shown, when it is no ID token: with SAML it is a refresh token,
    /// `urn:ietf:params:oauth:token-type:refresh_token`.
    #[must_use]
    pub fn subject_token_type(mut self, uri: impl Into<String>) -> Self {
        self.subject_type = uri.into();
        self
    }

    /// Exchanges the user's token for a grant that the authorization server `audience` takes (RFC 8693, "Request").
    pub(in super::super) async fn grant(
        &self,
        network: &Network,
        nonces: &Nonces,
        audience: &str,
        resource: &str,
        scopes: &Scopes,
    ) -> Result<Secret, OAuthError> {
        let server = match &self.token_endpoint {
            Some(url) => AuthorizationServer::of_endpoint(&self.issuer, url),
            None => fetch_server(network, &self.issuer).await?,
        };
        let subject = self.subject.next().await?;
        let scope = scopes.to_string();
        let mut form = vec![
            ("grant_type", EXCHANGE),
            ("requested_token_type", ID_JAG),
            ("audience", audience),
            ("resource", resource),
            ("subject_token", subject.expose()),
            ("subject_token_type", &*self.subject_type),
        ];
        if !scopes.is_empty() {
            form.push(("scope", &scope));
        }
        let client = ClientIdentity::from(&self.client);
        let endpoint = TokenEndpoint { network, server: &server, client: Some(&client), dpop: None, nonces };
        endpoint.exchange(ID_JAG, &form).await
    }
}
