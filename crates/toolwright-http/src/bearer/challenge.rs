use std::{borrow::Cow, fmt, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};
use toolwright_core::jsonrpc::{
    RpcError,
    encode::{self, AbsentId},
};

/// What a caller is answered whose token is missing or not good enough (RFC 6750, "The WWW-Authenticate Response Header Field";
/// basic/authorization, "Error Handling").
///
/// # Example
/// ```
/// use toolwright_http::bearer::Challenge;
///
/// let challenge = Challenge::missing()
///     .resource_metadata("https://api.example.net/.well-known/oauth-protected-resource/mcp")
///     .scope("notes.read");
/// assert_eq!(challenge.status(), 401);
/// assert_eq!(
///     challenge.headers()["www-authenticate"],
///     "Bearer realm=\"mcp\", scope=\"notes.read\", \
///      resource_metadata=\"https://api.example.net/.well-known/oauth-protected-resource/mcp\"",
/// );
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Challenge(Box<Inner>);

#[derive(Clone, Debug, PartialEq)]
struct Inner {
    status: StatusCode,
    error: Option<&'static str>,
    description: Cow<'static, str>,
    realm: Cow<'static, str>,
    scope: Option<String>,
    resource_metadata: Option<String>,
    retry_after: Option<Duration>,
}

impl Challenge {
    fn new(
        status: StatusCode,
        error: Option<&'static str>,
        description: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Inner {
            status,
            error,
            description: description.into(),
            realm: Cow::Borrowed("mcp"),
            scope: None,
            resource_metadata: None,
            retry_after: None,
        }))
    }

    /// 401: there is no bearer token.
    pub fn missing() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, None, "send a token as `Authorization: Bearer <token>`")
    }

    /// 400, `invalid_request`: the header is malformed.
    pub fn invalid_request(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Some("invalid_request"), description)
    }

    /// 401, `invalid_token`: the token is not accepted. The description must not repeat it.
    pub fn invalid_token(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, Some("invalid_token"), description)
    }

    /// 403, `insufficient_scope`: the token is good, but does not allow this. `scope` names all that the operation needs, with
    /// spaces in between ("Scope Challenge Handling").
    pub fn insufficient_scope(scope: impl Into<String>) -> Self {
        let description = "the token does not allow this";
        Self::new(StatusCode::FORBIDDEN, Some("insufficient_scope"), description).scope(scope)
    }

    /// 503: the token cannot be judged now, and nobody's token is at fault. Asks to come again in 5 seconds.
    pub fn unavailable() -> Self {
        let mut challenge = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            None,
            "the token cannot be verified now; try again later",
        );
        challenge.0.retry_after = Some(Duration::from_secs(5));
        challenge
    }

    /// What is protected, as clients may show it. Default `mcp`.
    #[must_use]
    pub fn realm(mut self, realm: impl Into<Cow<'static, str>>) -> Self {
        self.0.realm = realm.into();
        self
    }

    /// Scopes to ask the authorization server for, with spaces in between ("Scope Selection Strategy").
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.0.scope = Some(scope.into());
        self
    }

    /// URL of the metadata of the protected resource (RFC 9728, "WWW-Authenticate").
    #[must_use]
    pub fn resource_metadata(mut self, url: impl Into<String>) -> Self {
        self.0.resource_metadata = Some(url.into());
        self
    }

    /// When to come again; sent in whole seconds, one at least.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// `WWW-Authenticate`, unless nothing is asked of the caller, and `Retry-After`.
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if self.0.status.is_client_error() {
            headers.insert(WWW_AUTHENTICATE, self.authenticate());
        }
        if let Some(wait) = self.0.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        headers
    }

    /// The answer, with a JSON-RPC error without id as its body.
    pub fn response(&self) -> Response<Bytes> {
        let error = RpcError::invalid_request(self.0.description.clone());
        let mut response = Response::new(encode::error(None, AbsentId::Omitted, &error));
        *response.status_mut() = self.0.status;
        *response.headers_mut() = self.headers();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }

    fn authenticate(&self) -> HeaderValue {
        let Inner { error, description, realm, scope, resource_metadata, .. } = &*self.0;
        let mut text = String::with_capacity(128);
        text.push_str("Bearer ");
        push(&mut text, "realm", realm);
        for (name, value) in [
            ("error", *error),
            // A caller that sent no token gets no details (RFC 6750, "Error Codes").
            ("error_description", error.map(|_| &**description)),
            ("scope", scope.as_deref()),
            ("resource_metadata", resource_metadata.as_deref()),
        ] {
            if let Some(value) = value {
                text.push_str(", ");
                push(&mut text, name, value);
            }
        }
        HeaderValue::try_from(text).expect("quoted printable ASCII can always be a header's value")
    }
}

/// Adds `name="value"`. What the values of RFC 6750 cannot have is replaced, so that no value ends its quotes or its header.
fn push(text: &mut String, name: &str, value: &str) {
    text.push_str(name);
    text.push_str("=\"");
    text.extend(value.chars().map(|character| match character {
        '"' => '\'',
        ' '..='~' if character != '\\' => character,
        _ => '?',
    }));
    text.push('"');
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.description)
    }
}

impl std::error::Error for Challenge {}
