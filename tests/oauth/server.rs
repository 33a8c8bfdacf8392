use std::{
    collections::HashSet,
    error::Error,
    sync::{Arc, Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use axum::{Json, routing::get};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use toolwright::{
    core::joint::{Principal, TokenError, TokenVerifier},
    extract,
    prelude::*,
};

/// Our server, which takes tokens of one authorization server.
pub(crate) struct Notes {
    pub(crate) url: String,
    revoked: Revoked,
}

type Revoked = Arc<Mutex<(HashSet<String>, Option<String>)>>;

/// Who is calling?
#[tool]
fn who(caller: extract::Principal) -> String {
    caller.subject().to_owned()
}

impl Notes {
    pub(crate) async fn serve(issuer: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/mcp", listener.local_addr()?);
        let revoked = Revoked::default();
        let verifier = Jwts {
            issuer: issuer.to_owned(),
            audience: url.clone(),
            keys: reqwest::get(format!("{issuer}/jwks")).await?.json().await?,
            revoked: Arc::clone(&revoked),
        };
        let metadata =
            json!({ "resource": url, "authorization_servers": [issuer], "scopes_supported": ["notes:read"] });
        let http =
            Server::builder("notes").tools(tools![who]).auth(verifier).build()?.http().public_route(
                "/.well-known/oauth-protected-resource/mcp",
                get(move || async { Json(metadata) }),
            );
        tokio::spawn(http.serve_listener(listener));
        Ok(Self { url, revoked })
    }

    /// Takes the token that was shown last no more.
    pub(crate) fn revoke(&self) {
        let mut revoked = self.revoked.lock().unwrap_or_else(PoisonError::into_inner);
        let last = revoked.1.take();
        revoked.0.extend(last);
    }
}

/// Verifies access tokens (RFC 9068) as far as this test needs it.
struct Jwts {
    issuer: String,
    audience: String,
    keys: Value,
    revoked: Revoked,
}

impl TokenVerifier for Jwts {
    async fn verify(&self, token: &str) -> Result<Principal, TokenError> {
        let claims = self
            .claims(token)
            .ok_or_else(|| TokenError::invalid("not signed by the authorization server"))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        if claims["iss"] != *self.issuer || claims["aud"] != *self.audience {
            return Err(TokenError::invalid("not for this server"));
        }
        if claims["exp"].as_u64().is_none_or(|end| end <= now) {
            return Err(TokenError::invalid("expired"));
        }
        let mut revoked = self.revoked.lock().unwrap_or_else(PoisonError::into_inner);
        let id = claims["jti"].as_str().unwrap_or_default();
        if revoked.0.contains(id) {
            return Err(TokenError::invalid("revoked"));
        }
        revoked.1 = Some(id.to_owned());
        Ok(Principal::new(claims["sub"].as_str().unwrap_or_default()))
    }
}

impl Jwts {
    fn claims(&self, token: &str) -> Option<Value> {
        let (input, signature) = token.rsplit_once('.')?;
        let (header, claims) = input.split_once('.')?;
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
        let header: Value = serde_json::from_slice(&decode(header)?).ok()?;
        if header["alg"] != "RS256" || header["typ"] != "at+jwt" {
            return None;
        }
        let key = self.keys["keys"].as_array()?.iter().find(|key| key["kid"] == header["kid"])?;
        let member = |name: &str| decode(key[name].as_str()?);
        RsaPublicKeyComponents { n: member("n")?, e: member("e")? }
            .verify(&RSA_PKCS1_2048_8192_SHA256, input.as_bytes(), &decode(signature)?)
            .ok()?;
        serde_json::from_slice(&decode(claims)?).ok()
    }
}
