use http::{HeaderMap, HeaderValue, Method};

use super::{
    super::{
        ErrorResponse, OAuthError, Secret,
        discovery::AuthorizationServer,
        jose::DpopKey,
        net::{Network, Reply},
    },
    identity::ClientIdentity,
    nonces::Nonces,
    response::{WHAT, exchanged, refusal, tokens},
    tokens::Tokens,
};

/// The token endpoint of one authorization server, as one client sees it; and where tokens are taken back.
#[derive(Debug)]
pub(in super::super) struct TokenEndpoint<'a> {
    pub(in super::super) network: &'a Network,
    pub(in super::super) server: &'a AuthorizationServer,
    /// None where an assertion says who it is.
    pub(in super::super) client: Option<&'a ClientIdentity>,
    pub(in super::super) dpop: Option<&'a DpopKey>,
    pub(in super::super) nonces: &'a Nonces,
}

impl TokenEndpoint<'_> {
    /// Asks for tokens.
    pub(in super::super) async fn tokens(&self, form: &[(&str, &str)]) -> Result<Tokens, OAuthError> {
        let url = self.server.token_endpoint()?;
        tokens(&self.ask(url, form).await?, url, self.dpop.is_some())
    }

    /// Exchanges a token for one of the type `wanted` (RFC 8693).
    pub(in super::super) async fn exchange(
        &self,
        wanted: &str,
        form: &[(&str, &str)],
    ) -> Result<Secret, OAuthError> {
        let url = self.server.token_endpoint()?;
        exchanged(&self.ask(url, form).await?, url, wanted)
    }

    /// Takes a token back, where the authorization server does that (RFC 7009, "Revocation Request").
    pub(in super::super) async fn revoke(
        &self,
        token: &Secret,
        kind: &'static str,
    ) -> Result<(), OAuthError> {
        let Some(url) = &self.server.revocation_endpoint else { return Ok(()) };
        let form = [("token", token.expose()), ("token_type_hint", kind)];
        let reply = self.send("revocation endpoint", url, &form).await?;
        if reply.status.is_success() {
            return Ok(());
        }
        Err(OAuthError::RevocationRefused { issuer: self.server.issuer.clone(), error: error_of(&reply) })
    }

    async fn ask(&self, url: &str, form: &[(&str, &str)]) -> Result<Reply, OAuthError> {
        let mut reply = self.send(WHAT, url, form).await?;
        if let (Some(_), Some(error)) = (self.dpop, refusal(&reply)) {
            let target = self.network.check(WHAT, url)?;
            if self.nonces.hear(target.url(), &reply.headers) && error.code() == "use_dpop_nonce" {
                reply = self.send(WHAT, url, form).await?;
            }
        }
        if reply.status.is_success() {
            return Ok(reply);
        }
        Err(OAuthError::TokenRefused { issuer: self.server.issuer.clone(), error: error_of(&reply) })
    }

    async fn send(&self, what: &'static str, url: &str, form: &[(&str, &str)]) -> Result<Reply, OAuthError> {
        let (shown, mut headers) = match self.client {
            Some(client) => client.show(self.server),
            None => (Vec::new(), HeaderMap::new()),
        };
        let mut form = form.to_vec();
        form.extend(shown.iter().map(|(name, value)| (*name, value.expose())));
        if let Some(key) = self.dpop {
            let target = self.network.check(what, url)?;
            let nonce = self.nonces.of(target.url());
            let proof = key.proof(&Method::POST, target.url(), None, nonce.as_deref());
            headers.insert(
                "dpop",
                HeaderValue::from_str(&proof).expect("a signed token can be a header's value"),
            );
        }
        self.network.post_form(what, url, &form, headers).await
    }
}

fn error_of(reply: &Reply) -> ErrorResponse {
    refusal(reply).unwrap_or_else(|| ErrorResponse::new(&format!("status {}", reply.status.as_u16()), None))
}
