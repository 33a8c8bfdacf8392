use http::{HeaderMap, HeaderValue, StatusCode, header::AUTHORIZATION};
use toolwright_core::{
    joint::{Answer, Attempt, BoxFuture, Credentials, CredentialsError},
    model::{Extensions, JsonObject},
};
use url::Url;

use super::{
    super::{OAuthError, Secret, challenge::Demand},
    current::Current,
    flight::Need,
    oauth::OAuth,
};

/// Times that one request is authorized anew ("Step-Up Authorization Flow": a few).
const MOST: u32 = 3;
/// Times that it is sent again in all, as nonces run out, too.
const MOST_NONCES: u32 = 6;

impl Credentials for OAuth {
    fn authorize<'a>(
        &'a self,
        request: &'a Attempt<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        Box::pin(async move { Ok(self.headers(request).await?) })
    }

    fn answered<'a>(
        &'a self,
        request: &'a Attempt<'a>,
        answer: &'a Answer<'a>,
    ) -> BoxFuture<'a, Result<bool, CredentialsError>> {
        Box::pin(async move { Ok(self.hear(request, answer).await?) })
    }

    fn extensions(&self) -> Extensions {
        match self.shared.settings.grant.extension() {
            Some(id) => Extensions::new().extension(id, JsonObject::new()),
            None => Extensions::new(),
        }
    }
}

impl OAuth {
    async fn headers(&self, request: &Attempt<'_>) -> Result<HeaderMap, OAuthError> {
        let shared = &self.shared;
        let url = self.own(request)?;
        shared.load().await?;
        if let Some(current) = shared.current()
            && current.kept.tokens.due()
            && (current.kept.tokens.refresh.is_some() || shared.settings.grant.is_silent())
        {
            let need = Need::Fresh(current.kept.tokens.access.clone());
            if let Err(error) = self.flight.satisfy(shared, need).await {
                // It may still be good; the server knows.
                tracing::debug!(%error, "the token cannot be renewed");
            }
        }
        match shared.current() {
            Some(current) => Ok(self.show(&current, request, &url)),
            None => Ok(HeaderMap::new()),
        }
    }

    fn show(&self, current: &Current, request: &Attempt<'_>, url: &Url) -> HeaderMap {
        let tokens = &current.kept.tokens;
        let text = Secret::from(format!("{} {}", tokens.scheme.name(), tokens.access.expose()));
        let mut value = HeaderValue::from_str(text.expose()).expect("tokens were checked when they came");
        value.set_sensitive(true);
        let mut headers = HeaderMap::with_capacity(2);
        headers.insert(AUTHORIZATION, value);
        if let Some(key) = &current.key {
            let nonce = self.shared.nonces.of(url);
            let proof = key.proof(&request.method, url, Some(&tokens.access), nonce.as_deref());
            headers.insert(
                "dpop",
                HeaderValue::from_str(&proof).expect("a signed token can be a header's value"),
            );
        }
        headers
    }

    async fn hear(&self, request: &Attempt<'_>, answer: &Answer<'_>) -> Result<bool, OAuthError> {
        let shared = &self.shared;
        let url = self.own(request)?;
        let current = shared.current();
        let sent = match request.sent {
            Some(headers) => token_in(headers),
            None => current.as_ref().map(|current| current.kept.tokens.access.clone()),
        };
        let new_nonce = shared.settings.dpop && shared.nonces.hear(&url, answer.headers);
        if answer.status != StatusCode::UNAUTHORIZED
            && let (Some(current), Some(sent)) = (&current, &sent)
            && current.is(sent)
        {
            current.accept();
        }
        let refused = matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        if !refused {
            return Ok(false);
        }
        let demand = Demand::read(answer.headers);
        let error = demand.error.as_deref();
        let need = match (answer.status, sent) {
            (StatusCode::UNAUTHORIZED, Some(_)) if error == Some("use_dpop_nonce") && new_nonce => None,
            (StatusCode::UNAUTHORIZED, sent) => Some(Need::Token(sent, demand)),
            (_, Some(sent)) if error == Some("insufficient_scope") => Some(Need::Scope(sent, demand)),
            // Forbidden for another reason, which no token changes.
            _ => return Ok(false),
        };
        if request.retries >= if need.is_some() { MOST } else { MOST_NONCES } {
            return Err(OAuthError::TooManyAttempts { server: shared.settings.server_url.to_string() });
        }
        if let Some(need) = need {
            self.flight.satisfy(shared, need).await?;
        }
        Ok(true)
    }

    /// The URL of a request to the server that the tokens are for; they are shown to nobody else.
    fn own(&self, request: &Attempt<'_>) -> Result<Url, OAuthError> {
        let server = &self.shared.settings.server_url;
        match Url::parse(request.url) {
            Ok(url) if url.origin() == server.origin() => Ok(url),
            _ => Err(OAuthError::ForeignOrigin { server: server.to_string(), url: request.url.to_owned() }),
        }
    }
}

fn token_in(headers: &HeaderMap) -> Option<Secret> {
    let (_, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    Some(token.into())
}
