use std::sync::Arc;

use ::http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode,
    header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, LOCATION},
};
use bytes::Bytes;
use toolwright_core::joint::{Answer, Attempt, Credentials as _, LinkError, SharedCredentials};

use super::{
    settings::Settings,
    target::{Place, Target},
    transport::{Once, Reply, Transport},
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const EVENTS: HeaderValue = HeaderValue::from_static("text/event-stream");
const EITHER: HeaderValue = HeaderValue::from_static("application/json, text/event-stream");

/// How often the credentials may ask for the same request again, whatever they count themselves.
const MOST_RETRIES: u32 = 5;

/// Sends requests to one origin, with everything that each of them has.
pub(super) struct Sender {
    pub(super) transport: Transport,
    pub(super) target: Target,
    pub(super) settings: Settings,
    pub(super) credentials: Option<SharedCredentials>,
    /// `Host`, `User-Agent`, and what the user wants sent.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
}

/// An answer whose body is still to come.
pub(super) struct Response {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) reply: Reply,
}

/// What the body is said to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Events,
    Other,
}

impl Response {
    pub(super) fn form(&self) -> Form {
        let Some(value) = self.headers.get(CONTENT_TYPE) else { return Form::Other };
        let essence = value.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        if essence.eq_ignore_ascii_case(b"application/json") {
            Form::Json
        } else if essence.eq_ignore_ascii_case(b"text/event-stream") {
            Form::Events
        } else {
            Form::Other
        }
    }

    /// Whether this is a stream of events, as asked for by a GET.
    pub(super) fn is_stream(&self) -> bool {
        self.status.is_success() && self.form() == Form::Events
    }
}

impl Sender {
    pub(super) async fn post(
        &self,
        place: &Place,
        mut headers: HeaderMap,
        body: Bytes,
    ) -> Result<Response, LinkError> {
        headers.reserve(3 + self.headers.len());
        headers.insert(CONTENT_TYPE, JSON);
        headers.insert(ACCEPT, EITHER);
        self.send(Method::POST, place, headers, body).await
    }

    pub(super) async fn get(&self, place: &Place, mut headers: HeaderMap) -> Result<Response, LinkError> {
        headers.insert(ACCEPT, EVENTS);
        self.send(Method::GET, place, headers, Bytes::new()).await
    }

    pub(super) async fn delete(&self, headers: HeaderMap) -> Result<Response, LinkError> {
        self.send(Method::DELETE, &self.target.place, headers, Bytes::new()).await
    }

    async fn send(
        &self,
        method: Method,
        place: &Place,
        mut headers: HeaderMap,
        body: Bytes,
    ) -> Result<Response, LinkError> {
        for (name, value) in &self.headers {
            headers.append(name.clone(), value.clone());
        }
        let Some(credentials) = &self.credentials else {
            return self.once(method, place, headers, body).await?.readable();
        };
        let mut retries = 0;
        loop {
            let attempt = Attempt::new(method.clone(), &place.url).retries(retries);
            let sent = credentials.authorize(&attempt).await.map_err(LinkError::Unauthorized)?;
            let mut all = headers.clone();
            for (name, value) in &sent {
                all.insert(name.clone(), value.clone());
            }
            let mut response = self.once(method.clone(), place, all, body.clone()).await?;
            let answer = Answer::new(response.status, &response.headers);
            let again =
                credentials.answered(&attempt.sent(&sent), &answer).await.map_err(LinkError::Unauthorized)?;
            if !again || retries == MOST_RETRIES {
                return response.readable();
            }
            response.reply.finish().await;
            retries += 1;
        }
    }

    async fn once(
        &self,
        method: Method,
        place: &Place,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Response, LinkError> {
        let mut request = Request::new(Once::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = place.uri.clone();
        *request.headers_mut() = headers;
        let (head, reply) = self.transport.send(request).await?;
        Ok(Response { status: head.status, headers: head.headers, reply })
    }
}

impl Response {
    /// Refuses what this client did not ask for: to go elsewhere, and to unpack.
    fn readable(self) -> Result<Self, LinkError> {
        if self.status.is_success() { self.unpacked() } else { self.here() }
    }

    fn unpacked(self) -> Result<Self, LinkError> {
        match self.headers.get(CONTENT_ENCODING) {
            Some(encoding) if !encoding.as_bytes().eq_ignore_ascii_case(b"identity") => {
                Err(LinkError::Malformed(
                    format!(
                        "its response is encoded (`{}`), which this client did not say it accepts",
                        String::from_utf8_lossy(encoding.as_bytes()).escape_debug()
                    )
                    .into(),
                ))
            }
            _ => Ok(self),
        }
    }

    /// The message, and with it the token and the session, would go elsewhere.
    fn here(self) -> Result<Self, LinkError> {
        if !self.status.is_redirection() || self.status == StatusCode::NOT_MODIFIED {
            return Ok(self);
        }
        let there = match self.headers.get(LOCATION) {
            Some(location) => format!("to `{}`", String::from_utf8_lossy(location.as_bytes()).escape_debug()),
            None => "without saying where to".to_owned(),
        };
        Err(LinkError::Malformed(
            format!(
                "it redirects {there} (status {}), which is not followed, since credentials would go along; \
                 connect to that URL instead if it is right",
                self.status.as_u16()
            )
            .into(),
        ))
    }
}

/// Shared by the connections of one connector.
pub(super) type SharedSender = Arc<Sender>;
