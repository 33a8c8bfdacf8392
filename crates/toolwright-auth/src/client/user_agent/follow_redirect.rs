use std::collections::BTreeMap;

use ::http::{
    HeaderMap, HeaderValue,
    header::{COOKIE, LOCATION, SET_COOKIE},
};
use url::Url;

use super::{
    super::AuthorizationRequest,
    user_agent::{UserAgent, UserAgentError, Visit},
};

/// Redirects that are followed before it is given up.
const MOST: usize = 10;

/// Follows the redirects of the authorization server itself, without a user and a browser: for tests, and for authorization
/// servers that ask nobody. A page that waits for a click ends it.
///
/// # Example
/// ```
/// use toolwright_auth::client::{FollowRedirect, OAuth};
///
/// let oauth = OAuth::builder("http://localhost:8000/mcp").user_agent(FollowRedirect::default()).build()?;
/// # let _ = oauth;
/// # Ok::<_, toolwright_auth::client::OAuthError>(())
/// ```
#[derive(Clone, Debug)]
pub struct FollowRedirect {
    redirect_uri: String,
}

impl Default for FollowRedirect {
    fn default() -> Self {
        Self::new("http://127.0.0.1:3000/callback")
    }
}

impl FollowRedirect {
    /// Stops at `redirect_uri`, where nobody needs to listen.
    pub fn new(redirect_uri: impl Into<String>) -> Self {
        Self { redirect_uri: redirect_uri.into() }
    }
}

impl UserAgent for FollowRedirect {
    type Visit = Self;

    async fn prepare(&self, _before: Option<&str>) -> Result<Self, UserAgentError> {
        Ok(self.clone())
    }
}

impl Visit for FollowRedirect {
    fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    async fn authorize(self, request: &AuthorizationRequest) -> Result<String, UserAgentError> {
        let failed = |error: String| UserAgentError::Failed(error);
        let mut url: Url = request.url().parse().map_err(|_| failed("no URL".to_owned()))?;
        let mut cookies = BTreeMap::new();
        for _ in 0..MOST {
            let reply = request
                .network()
                .get("authorization endpoint", url.as_str(), header_of(&cookies))
                .await
                .map_err(|error| failed(error.to_string()))?;
            keep(&mut cookies, &reply.headers);
            let Some(location) = reply.headers.get(LOCATION).and_then(|value| value.to_str().ok()) else {
                return Err(failed(format!(
                    "status {} where a redirect was expected",
                    reply.status.as_u16()
                )));
            };
            if let Some(query) =
                location.strip_prefix(&*self.redirect_uri).and_then(|rest| rest.strip_prefix('?'))
            {
                return Ok(query.split('#').next().unwrap_or_default().to_owned());
            }
            url = url
                .join(location)
                .map_err(|_| failed("it redirects to something that is no URL".to_owned()))?;
        }
        Err(failed(format!("more than {MOST} redirects")))
    }
}

/// One authorization server, one sign-in: names and values of cookies are all that counts.
fn keep(cookies: &mut BTreeMap<String, String>, headers: &HeaderMap) {
    for value in headers.get_all(SET_COOKIE) {
        let pair = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
        if let Some((name, value)) = pair.split_once('=') {
            cookies.insert(name.trim().to_owned(), value.trim().to_owned());
        }
    }
}

fn header_of(cookies: &BTreeMap<String, String>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let text: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if let (false, Ok(value)) = (text.is_empty(), HeaderValue::from_str(&text.join("; "))) {
        headers.insert(COOKIE, value);
    }
    headers
}
