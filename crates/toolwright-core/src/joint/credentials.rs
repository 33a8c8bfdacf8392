use std::{fmt, sync::Arc};

use http::{HeaderMap, Method, StatusCode};

use super::BoxFuture;
use crate::model::Extensions;

/// What lets an HTTP client in: a token, an OAuth flow, a proof of possession.
///
/// The transport asks before each request, and tells each answer; a refusal (`401`, `403`) may be mended by new headers.
pub trait Credentials: Send + Sync + 'static {
    /// The headers that authorize `request`, fresh for each one: a proof of possession is good for one request only.
    ///
    /// # Errors
    /// When there is no authorization to be had.
    fn authorize<'a>(
        &'a self,
        request: &'a Attempt<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>>;

    /// Hears what the server answered. `true` asks for the same request to be sent once more, with new headers; the
    /// implementation bounds how often. Answers that are no refusal are told too, for the nonces that they bring.
    ///
    /// # Errors
    /// When the refusal cannot be mended.
    fn answered<'a>(
        &'a self,
        request: &'a Attempt<'a>,
        answer: &'a Answer<'a>,
    ) -> BoxFuture<'a, Result<bool, CredentialsError>>;

    /// The extensions that a client declares which is let in this way, such as those of authorization ("Extension Negotiation").
    /// The default has none.
    fn extensions(&self) -> Extensions {
        Extensions::new()
    }
}

/// A request that is about to be sent, or was.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The HTTP method.
    pub method: Method,
    /// The URL that the request goes to.
    pub url: &'a str,
    /// How often this very request was sent before.
    pub retries: u32,
    /// In [`Credentials::answered`], the headers that [`Credentials::authorize`] gave for it: they say which token it was that was
    /// refused, as another request may have fetched a new one meanwhile.
    pub sent: Option<&'a HeaderMap>,
}

impl<'a> Attempt<'a> {
    /// The first attempt at a request.
    pub fn new(method: Method, url: &'a str) -> Self {
        Self { method, url, retries: 0, sent: None }
    }

    /// How often this very request was sent before.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// The headers that the credentials gave for it.
    pub fn sent(mut self, headers: &'a HeaderMap) -> Self {
        self.sent = Some(headers);
        self
    }
}

/// How the server answered an [`Attempt`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer<'a> {
    /// The status.
    pub status: StatusCode,
    /// The headers, `WWW-Authenticate` and `DPoP-Nonce` among them.
    pub headers: &'a HeaderMap,
}

impl<'a> Answer<'a> {
    /// An answer with these.
    pub fn new(status: StatusCode, headers: &'a HeaderMap) -> Self {
        Self { status, headers }
    }
}

/// Why there is no authorization.
pub type CredentialsError = Box<dyn std::error::Error + Send + Sync>;

/// Any [`Credentials`], shared.
#[derive(Clone)]
pub struct SharedCredentials(Arc<dyn Credentials>);

impl SharedCredentials {
    /// Shares `credentials`.
    pub fn new(credentials: impl Credentials) -> Self {
        Self(Arc::new(credentials))
    }
}

impl Credentials for SharedCredentials {
    fn authorize<'a>(
        &'a self,
        request: &'a Attempt<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        self.0.authorize(request)
    }

    fn answered<'a>(
        &'a self,
        request: &'a Attempt<'a>,
        answer: &'a Answer<'a>,
    ) -> BoxFuture<'a, Result<bool, CredentialsError>> {
        self.0.answered(request, answer)
    }

    fn extensions(&self) -> Extensions {
        self.0.extensions()
    }
}

impl fmt::Debug for SharedCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedCredentials")
    }
}
