use std::{fmt, future::Future, io, sync::Arc};

use toolwright_core::joint::BoxFuture;

use super::super::AuthorizationRequest;

/// What brings the user to an authorization server and catches the answer: a browser and a listener on this machine, a window of
/// the application, a web application's own routes.
///
/// # Example
/// ```
/// use toolwright_auth::client::{AuthorizationRequest, UserAgent, UserAgentError, Visit};
///
/// /// A web application that has a route for the redirect.
/// struct Site;
/// struct Redirected;
///
/// impl UserAgent for Site {
///     type Visit = Redirected;
///
///     async fn prepare(&self, _before: Option<&str>) -> Result<Redirected, UserAgentError> {
///         Ok(Redirected)
///     }
/// }
///
/// impl Visit for Redirected {
///     fn redirect_uri(&self) -> &str {
///         "https://app.example.com/callback"
///     }
///
///     async fn authorize(self, request: &AuthorizationRequest) -> Result<String, UserAgentError> {
///         // Send the user to `request.url()`, and wait for the route to be asked.
///         # let _ = request;
///         Err(UserAgentError::TimedOut)
///     }
/// }
/// ```
pub trait UserAgent: Send + Sync + 'static {
    /// One sign-in.
    type Visit: Visit;

    /// Gets ready for one sign-in: from here on there is a redirect URI that an answer can be caught at. `before` is the one of the
    /// last time, which the authorization server knows already; any other one has to be registered first.
    ///
    /// # Errors
    /// When nothing can be caught.
    fn prepare(
        &self,
        before: Option<&str>,
    ) -> impl Future<Output = Result<Self::Visit, UserAgentError>> + Send;
}

/// One sign-in of a [`UserAgent`].
pub trait Visit: Send + 'static {
    /// Where the authorization server has to send the user: https, or http on this machine ("Communication Security").
    fn redirect_uri(&self) -> &str;

    /// Shows the user the page of `request`, and gives the query of the redirect that ends it, as it came. It is judged
    /// afterwards; who shows a page may [judge](AuthorizationRequest::judge) it before.
    ///
    /// # Errors
    /// When the user cannot be brought there, or does not come back.
    fn authorize(
        self,
        request: &AuthorizationRequest,
    ) -> impl Future<Output = Result<String, UserAgentError>> + Send;
}

/// Why a user was not authorized by a [`UserAgent`].
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UserAgentError {
    /// No answer can be caught.
    #[error("this machine cannot listen for the answer of the authorization server")]
    Listen(#[source] Arc<io::Error>),
    /// The redirect URI is not one that codes may be sent to.
    #[error("`{0}` is no redirect URI: it has to be https, or http on this machine")]
    RedirectUri(String),
    /// The user did not come back in time.
    #[error("the sign-in was not finished in time")]
    TimedOut,
    /// Anything else.
    #[error("the user cannot be brought to the authorization server: {0}")]
    Failed(String),
}

/// Any [`UserAgent`], shared.
#[derive(Clone)]
pub(in super::super) struct SharedUserAgent(Arc<dyn Prepare>);

impl SharedUserAgent {
    pub(in super::super) fn new(user_agent: impl UserAgent) -> Self {
        Self(Arc::new(user_agent))
    }

    pub(in super::super) async fn prepare(
        &self,
        before: Option<&str>,
    ) -> Result<SharedVisit, UserAgentError> {
        let visit = self.0.prepare_boxed(before).await?;
        let uri = visit.redirect_uri();
        let fine = url::Url::parse(uri).is_ok_and(|url| match url.scheme() {
            "https" => true,
            "http" => super::super::net::host_is_loopback(&url),
            _ => false,
        });
        if fine { Ok(visit) } else { Err(UserAgentError::RedirectUri(uri.to_owned())) }
    }
}

impl fmt::Debug for SharedUserAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedUserAgent")
    }
}

/// Any [`Visit`].
pub(in super::super) type SharedVisit = Box<dyn VisitBoxed>;

trait Prepare: Send + Sync {
    fn prepare_boxed<'a>(
        &'a self,
        before: Option<&'a str>,
    ) -> BoxFuture<'a, Result<SharedVisit, UserAgentError>>;
}

impl<U: UserAgent> Prepare for U {
    fn prepare_boxed<'a>(
        &'a self,
        before: Option<&'a str>,
    ) -> BoxFuture<'a, Result<SharedVisit, UserAgentError>> {
        Box::pin(async move { Ok(Box::new(self.prepare(before).await?) as SharedVisit) })
    }
}

pub(in super::super) trait VisitBoxed: Send {
    fn redirect_uri(&self) -> &str;

    fn authorize_boxed<'a>(
        self: Box<Self>,
        request: &'a AuthorizationRequest,
    ) -> BoxFuture<'a, Result<String, UserAgentError>>;
}

impl<V: Visit> VisitBoxed for V {
    fn redirect_uri(&self) -> &str {
        Visit::redirect_uri(self)
    }

    fn authorize_boxed<'a>(
        self: Box<Self>,
        request: &'a AuthorizationRequest,
    ) -> BoxFuture<'a, Result<String, UserAgentError>> {
        Box::pin((*self).authorize(request))
    }
}
