//! The other service, as a client of its OAuth sees it. Nothing here has to do with MCP.
use aws_lc_rs::{digest, rand};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Client, Url, redirect::Policy};
use serde::Deserialize;

use crate::Account;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

pub(crate) struct Service {
    http: Client,
    endpoints: Endpoints,
    client: String,
    secret: Option<String>,
}

/// What OpenID Connect Discovery says.
#[derive(Deserialize)]
struct Endpoints {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
}

/// The secret that ties a code to the browser that asked for it (RFC 7636).
pub(crate) struct Verifier(pub(crate) String);

impl Verifier {
    pub(crate) fn new() -> Result<Self, BoxError> {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes).map_err(|_| "there are no random numbers")?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, self.0.as_bytes()))
    }
}

impl Service {
    pub(crate) async fn discover(
        issuer: &str,
        client: String,
        secret: Option<String>,
    ) -> Result<Self, BoxError> {
        let http = Client::builder().redirect(Policy::none()).build()?;
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let endpoints: Endpoints = http.get(url).send().await?.error_for_status()?.json().await?;
        if endpoints.issuer != issuer {
            return Err(format!("`{issuer}` says that it is `{}`", endpoints.issuer).into());
        }
        Ok(Self { http, endpoints, client, secret })
    }

    /// Where the user agrees that we act for them. `state` comes back with the answer.
    pub(crate) fn authorize(
        &self,
        redirect: &str,
        state: &str,
        verifier: &Verifier,
    ) -> Result<Url, BoxError> {
        let mut url = Url::parse(&self.endpoints.authorization_endpoint)?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client)
            .append_pair("redirect_uri", redirect)
            .append_pair("scope", "openid")
            .append_pair("state", state)
            .append_pair("code_challenge", &verifier.challenge())
            .append_pair("code_challenge_method", "S256");
        Ok(url)
    }

    /// The account that the user agreed to connect.
    pub(crate) async fn account(
        &self,
        redirect: &str,
        code: &str,
        verifier: &Verifier,
    ) -> Result<Account, BoxError> {
        #[derive(Deserialize)]
        struct Tokens {
            access_token: String,
        }
        #[derive(Deserialize)]
        struct User {
            sub: String,
        }
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", &verifier.0),
            ("client_id", &self.client),
        ];
        form.extend(self.secret.as_deref().map(|secret| ("client_secret", secret)));
        let request = self.http.post(&self.endpoints.token_endpoint).form(&form);
        let tokens: Tokens = request.send().await?.error_for_status()?.json().await?;
        let request = self.http.get(&self.endpoints.userinfo_endpoint).bearer_auth(&tokens.access_token);
        let user: User = request.send().await?.error_for_status()?.json().await?;
        Ok(Account { name: user.sub, token: tokens.access_token })
    }
}
