//! The pages that users see in their browsers.
use std::sync::Arc;

use axum::{
    extract::{Form, Query, State},
    http::{
        HeaderMap, StatusCode,
        header::{COOKIE, SET_COOKIE},
    },
    response::{AppendHeaders, Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use toolwright::{Links, links::LinkError, prelude::Principal};

use crate::{
    Accounts, Base, Users,
    service::{Service, Verifier},
};

pub(crate) struct Pages {
    pub(crate) users: Users,
    pub(crate) accounts: Accounts,
    pub(crate) service: Service,
    pub(crate) links: Links,
    pub(crate) base: Base,
}

impl Pages {
    /// Who has signed in to this browser. A real application has sessions, and no keys in cookies.
    fn signed_in(&self, headers: &HeaderMap) -> Option<&Principal> {
        self.users.get(cookie(headers, "key")?)
    }

    fn redirect_uri(&self, headers: &HeaderMap) -> Result<String, Failed> {
        let base = self.base.of(headers).ok_or("the request has no host")?;
        Ok(format!("{base}/connected"))
    }
}

#[derive(Deserialize)]
pub(crate) struct Connect {
    state: String,
}

/// Where a link leads. It stays good, for the user has not agreed to anything yet.
pub(crate) async fn connect(
    State(pages): State<Arc<Pages>>,
    headers: HeaderMap,
    Query(Connect { state }): Query<Connect>,
) -> Result<Response, Failed> {
    // An attacker could send a victim the attacker's link, and would then use the victim's account. So whoever is here has to be
    // the one for whom the link was made.
    let Some(user) = pages.signed_in(&headers) else { return Ok(Html(SIGN_IN).into_response()) };
    pages.links.check(&state, Some(user)).await?;
    let verifier = Verifier::new()?;
    let there = pages.service.authorize(&pages.redirect_uri(&headers)?, &state, &verifier)?;
    // The answer is for this browser alone.
    let kept = format!("verifier={}; HttpOnly; SameSite=Lax; Path=/connected; Max-Age=600", verifier.0);
    Ok((AppendHeaders([(SET_COOKIE, kept)]), Redirect::to(there.as_str())).into_response())
}

#[derive(Deserialize)]
pub(crate) struct SignIn {
    key: String,
}

/// Signs in, and goes on where the user was.
pub(crate) async fn sign_in(
    State(pages): State<Arc<Pages>>,
    Query(Connect { state }): Query<Connect>,
    Form(SignIn { key }): Form<SignIn>,
) -> Result<Response, Failed> {
    if !pages.users.contains_key(&key) {
        return Err(Failed(StatusCode::FORBIDDEN, "Nobody has this key.".into()));
    }
    let kept = format!("key={key}; HttpOnly; SameSite=Lax; Path=/");
    // What is no link goes nowhere: it has to be one before it becomes part of a URL.
    let is_token = state.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let back = if is_token { format!("/connect?state={state}") } else { "/connect".into() };
    Ok((AppendHeaders([(SET_COOKIE, kept)]), Redirect::to(&back)).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Answer {
    state: String,
    code: Option<String>,
    error: Option<String>,
}

/// Where the other service sends the browser back to. Here the link is opened, and used up.
pub(crate) async fn connected(
    State(pages): State<Arc<Pages>>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Result<Html<&'static str>, Failed> {
    let user = pages.signed_in(&headers).ok_or("You are not signed in.")?;
    let verifier = cookie(&headers, "verifier").ok_or("This browser has not asked for it.")?;
    let link = pages.links.open(&answer.state, Some(user)).await?;
    let redirect = pages.redirect_uri(&headers)?;
    let outcome = match (answer.code, answer.error) {
        (Some(code), None) => pages.service.account(&redirect, &code, &Verifier(verifier.to_owned())).await,
        (_, error) => Err(error.unwrap_or_else(|| "no code".into()).into()),
    };
    match outcome {
        Ok(account) => {
            let name = account.name.clone();
            pages.accounts.connect(user, account);
            link.complete(name).await?;
            Ok(Html("<p>Your account is connected. You can close this page."))
        }
        Err(error) => {
            tracing::warn!(error, "an account could not be connected");
            link.fail("the other service did not connect the account; the user can try again").await?;
            Err(Failed(StatusCode::BAD_GATEWAY, "Your account could not be connected.".into()))
        }
    }
}

const SIGN_IN: &str = r#"<form method="post"><label>Your key <input name="key" type="password"></label> <button>Sign in</button></form>"#;

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split("; "))
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// What the user reads instead.
pub(crate) struct Failed(StatusCode, String);

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (self.0, self.1).into_response()
    }
}

impl From<LinkError> for Failed {
    fn from(error: LinkError) -> Self {
        Self(StatusCode::FORBIDDEN, error.to_string())
    }
}

impl From<&str> for Failed {
    fn from(text: &str) -> Self {
        Self(StatusCode::BAD_REQUEST, text.to_owned())
    }
}

impl From<Box<dyn std::error::Error + Send + Sync>> for Failed {
    fn from(error: Box<dyn std::error::Error + Send + Sync>) -> Self {
        tracing::error!(error, "a page failed");
        Self(StatusCode::INTERNAL_SERVER_ERROR, "This did not work.".into())
    }
}
