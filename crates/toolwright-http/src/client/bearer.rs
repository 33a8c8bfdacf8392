use std::{fmt, future::ready};

use ::http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use toolwright_core::joint::{Answer, Attempt, BoxFuture, Credentials, CredentialsError};

/// A token that is always the same: `Authorization: Bearer …` on each request ("Authorization", "Token Requirements").
///
/// It is never written to a log, and never sent to another origin than the one it was given for.
///
/// # Example
/// ```
/// use toolwright_http::client::{Bearer, Http};
///
/// let http = Http::new("https://example.com/mcp").auth(Bearer::new("s3cret"));
/// # drop(http);
/// assert_eq!(format!("{:?}", Bearer::new("s3cret")), "Bearer");
/// ```
#[derive(Clone)]
pub struct Bearer(Option<HeaderValue>);

impl Bearer {
    /// Sends `token`. One with characters that no header can carry, such as a line break, fails the first request.
    pub fn new(token: impl AsRef<str>) -> Self {
        let value = HeaderValue::try_from(format!("Bearer {}", token.as_ref().trim())).ok();
        Self(value.map(|mut value| {
            value.set_sensitive(true);
            value
        }))
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer")
    }
}

impl Credentials for Bearer {
    fn authorize<'a>(
        &'a self,
        _request: &'a Attempt<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        Box::pin(ready(match &self.0 {
            Some(value) => Ok(HeaderMap::from_iter([(AUTHORIZATION, value.clone())])),
            None => Err("the bearer token has characters that no HTTP header can carry".into()),
        }))
    }

    fn answered<'a>(
        &'a self,
        _request: &'a Attempt<'a>,
        _answer: &'a Answer<'a>,
    ) -> BoxFuture<'a, Result<bool, CredentialsError>> {
        // Another attempt would be refused like this one.
        Box::pin(ready(Ok(false)))
    }
}
