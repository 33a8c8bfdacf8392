use std::{error::Error, sync::Arc, time::Duration};

use http::{HeaderMap, StatusCode, header::ACCEPT};
use reqwest::{Client, RequestBuilder, redirect::Policy};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::{
    super::OAuthError,
    address::Address,
    reach::Reach,
    resolve::{OutOfReach, Resolver},
};

/// Most bytes of an answer.
const MOST: usize = 1024 * 1024;
const CONNECT: Duration = Duration::from_secs(10);
const WHOLE: Duration = Duration::from_secs(30);

/// Asks authorization servers, and servers for their metadata.
#[derive(Clone, Debug)]
pub(in super::super) struct Network {
    http: Client,
    reach: Reach,
}

/// An answer, read whole.
#[derive(Debug)]
pub(in super::super) struct Reply {
    pub(in super::super) status: StatusCode,
    pub(in super::super) headers: HeaderMap,
    pub(in super::super) body: Vec<u8>,
}

/// Whether an answer says that there is nothing here, and not that something is broken. A redirect leads to a page to sign in at.
pub(in super::super) fn absent(status: StatusCode) -> bool {
    status.is_redirection() || status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS
}

impl Network {
    /// # Errors
    /// When TLS cannot be set up.
    pub(in super::super) fn new(reach: Reach) -> Result<Self, reqwest::Error> {
        let mut http = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .referer(false)
            .dns_resolver(Arc::new(Resolver(reach)));
        if reach == Reach::Loopback {
            // A proxy does not reach this machine.
            http = http.no_proxy();
        }
        Ok(Self { http: http.build()?, reach })
    }

    pub(in super::super) fn check(&self, what: &'static str, url: &str) -> Result<Address, OAuthError> {
        Address::check(what, url, self.reach)
    }

    pub(in super::super) async fn get(
        &self,
        what: &'static str,
        url: &str,
        headers: HeaderMap,
    ) -> Result<Reply, OAuthError> {
        let address = self.check(what, url)?;
        self.send(what, url, self.http.get(address.0).headers(headers)).await
    }

    pub(in super::super) async fn post_json(
        &self,
        what: &'static str,
        url: &str,
        body: Vec<u8>,
    ) -> Result<Reply, OAuthError> {
        let address = self.check(what, url)?;
        let request = self.http.post(address.0).header(http::header::CONTENT_TYPE, "application/json");
        self.send(what, url, request.header(ACCEPT, "application/json").body(body)).await
    }

    pub(in super::super) async fn post_form(
        &self,
        what: &'static str,
        url: &str,
        form: &[(&str, &str)],
        headers: HeaderMap,
    ) -> Result<Reply, OAuthError> {
        let address = self.check(what, url)?;
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self
            .http
            .post(address.0)
            .headers(headers)
            .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .body(body);
        self.send(what, url, request).await
    }

    async fn send(
        &self,
        what: &'static str,
        url: &str,
        request: RequestBuilder,
    ) -> Result<Reply, OAuthError> {
        let unreachable = |error: reqwest::Error| unreachable(what, url, error.without_url());
        let mut response = request.send().await.map_err(unreachable)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > MOST {
                return Err(OAuthError::Malformed {
                    what,
                    url: url.to_owned(),
                    reason: format!("it is larger than {MOST} bytes"),
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status: response.status(), headers: std::mem::take(response.headers_mut()), body })
    }
}

fn unreachable(what: &'static str, url: &str, error: reqwest::Error) -> OAuthError {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(inner) = cause {
        if let Some(OutOfReach(reason)) = inner.downcast_ref() {
            return OAuthError::Address { what, url: url.to_owned(), reason };
        }
        cause = inner.source();
    }
    OAuthError::Unreachable { what, url: url.to_owned(), source: Arc::new(error) }
}

impl Reply {
    /// Whether the body is meant to be JSON.
    pub(in super::super) fn is_json(&self) -> bool {
        self.body.trim_ascii_start().starts_with(b"{")
    }

    /// The body as JSON.
    pub(in super::super) fn json<T: DeserializeOwned>(
        &self,
        what: &'static str,
        url: &str,
    ) -> Result<T, OAuthError> {
        serde_json::from_slice(&self.body).map_err(|error| OAuthError::Malformed {
            what,
            url: url.to_owned(),
            // The text of the error could quote a token.
            reason: format!(
                "status {}, and not the JSON that belongs there (line {}, column {})",
                self.status.as_u16(),
                error.line(),
                error.column()
            ),
        })
    }
}
