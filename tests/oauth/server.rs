use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::header::AUTHORIZATION,
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use toolwright::{
    core::joint::{Principal, TokenError, TokenVerifier},
    extract,
    http::bearer::Challenge,
    prelude::*,
};

use crate::{Failure, Provider};

const WRITE: &str = "notes:write";
/// Clocks may differ by this many seconds.
const LEEWAY: u64 = 30;

/// Our server, which takes tokens of one authorization server.
pub(crate) struct Notes {
    pub(crate) url: String,
    tokens: Arc<Tokens>,
}

/// Who is calling?
#[tool]
fn who(caller: extract::Principal) -> String {
    caller.subject().to_owned()
}

/// Write a note.
#[tool]
fn write(caller: extract::Principal) -> String {
    format!("{} wrote a note", caller.subject())
}

impl Notes {
    pub(crate) async fn serve(provider: &Provider) -> Result<Self, Failure> {
        Self::serve_at(provider, "/mcp").await
    }

    pub(crate) async fn serve_at(provider: &Provider, path: &str) -> Result<Self, Failure> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}{path}", listener.local_addr()?);
        let issuer = &provider.issuer;
        let tokens = Arc::new(Tokens {
            issuer: issuer.clone(),
            audience: url.clone(),
            keys: reqwest::get(format!("{issuer}/jwks")).await?.json().await?,
            shown: Mutex::default(),
            ahead: AtomicU64::new(0),
        });
        let metadata =
            json!({ "resource": url, "authorization_servers": [issuer], "scopes_supported": ["notes:read"] });
        let server =
            Server::builder("notes").tools(tools![who, write]).auth(Verifier(Arc::clone(&tokens))).build()?;
        let app = server.http().router(path).layer(from_fn_with_state(Arc::clone(&tokens), judge)).merge(
            Router::new().route(
                &format!("/.well-known/oauth-protected-resource{path}"),
                get(move || async { Json(metadata) }),
            ),
        );
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { url, tokens })
    }

    /// Takes the tokens that were shown up to now no more.
    pub(crate) fn revoke(&self) {
        let mut shown = self.tokens.shown.lock().unwrap_or_else(PoisonError::into_inner);
        for refused in shown.values_mut() {
            *refused = true;
        }
    }

    /// From now on it is so many seconds later here.
    pub(crate) fn ahead(&self, seconds: u64) {
        self.tokens.ahead.store(seconds, Ordering::Relaxed);
    }
}

/// Refuses to write without the scope for it, in a way that tells which one is lacking ("Scope Challenge Handling").
async fn judge(State(tokens): State<Arc<Tokens>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let message: Value = serde_json::from_slice(&body).unwrap_or_default();
    let token =
        parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let claims = token.and_then(|token| tokens.claims(token));
    let has =
        |claims: &Value| claims["scope"].as_str().unwrap_or_default().split(' ').any(|scope| scope == WRITE);
    if message["params"]["name"] == "write" && claims.is_some_and(|claims| !has(&claims)) {
        return Challenge::insufficient_scope(WRITE).response().map(Body::from);
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// Access tokens (RFC 9068) as far as this test needs them.
struct Tokens {
    issuer: String,
    audience: String,
    keys: Value,
    /// The tokens that were shown, and whether they are refused from now on.
    shown: Mutex<HashMap<String, bool>>,
    ahead: AtomicU64,
}

struct Verifier(Arc<Tokens>);

impl TokenVerifier for Verifier {
    async fn verify(&self, token: &str) -> Result<Principal, TokenError> {
        let Self(tokens) = self;
        let claims = tokens
            .claims(token)
            .ok_or_else(|| TokenError::invalid("not signed by the authorization server"))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let now = now + tokens.ahead.load(Ordering::Relaxed);
        if claims["iss"] != *tokens.issuer || claims["aud"] != *tokens.audience {
            return Err(TokenError::invalid("not for this server"));
        }
        if claims["exp"].as_u64().is_none_or(|end| end + LEEWAY <= now) {
            return Err(TokenError::invalid("expired"));
        }
        let id = claims["jti"].as_str().unwrap_or_default().to_owned();
        if *tokens.shown.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_default() {
            return Err(TokenError::invalid("revoked"));
        }
        Ok(Principal::new(claims["sub"].as_str().unwrap_or_default()))
    }
}

impl Tokens {
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
