use std::net::SocketAddr;

use http::{HeaderMap, Uri};
use toolwright_core::joint::Transport;

use super::{FromCall, Needs};
use crate::{Context, HandlerError};

/// The HTTP request that a call came with; on other transports the call fails. `Option<HttpParts>` where the tool serves both.
///
/// There is no method, since messages are always sent by POST ("Streamable HTTP", "Sending Messages to the Server"). Each
/// extractor gets a copy; for a look at one header [`Context::headers`] is cheaper.
///
/// # Example
/// ```
/// use toolwright_server::extract::HttpParts;
///
/// async fn language(http: Option<HttpParts>) -> String {
///     let wanted = http.as_ref().and_then(|http| http.headers.get("accept-language")?.to_str().ok());
///     wanted.unwrap_or("en").to_owned()
/// }
/// # let _ = language;
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HttpParts {
    /// Path and query, as the server was asked for them.
    pub uri: Uri,
    /// All headers. What they say about the caller, nobody has verified.
    pub headers: HeaderMap,
    /// Who opened the connection: the client, or the last proxy before the server.
    pub peer: Option<SocketAddr>,
}

impl HttpParts {
    fn of(context: &Context) -> Option<Self> {
        if context.transport() != Transport::Http {
            return None;
        }
        Some(Self {
            uri: context.uri().cloned().unwrap_or_default(),
            headers: context.headers().clone(),
            peer: context.peer(),
        })
    }
}

impl FromCall for HttpParts {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        Self::of(context).ok_or_else(|| HandlerError::public("this can be called over HTTP only"))
    }

    fn needs(needs: &mut Needs) {
        needs.caller();
    }
}

impl FromCall for Option<HttpParts> {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        Ok(HttpParts::of(context))
    }

    fn needs(needs: &mut Needs) {
        needs.caller();
    }
}
