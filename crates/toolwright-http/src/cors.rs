use std::{
    convert::Infallible,
    fmt,
    future::{Future, Ready, ready},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use http::{
    HeaderMap, Method, Request, Response,
    header::{
        ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, RETRY_AFTER, WWW_AUTHENTICATE,
    },
};
use pin_project_lite::pin_project;
use toolwright_core::headers::{MCP_PROTOCOL_VERSION, MCP_SESSION_ID};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};
use tower_layer::Layer;
use tower_service::Service;

use crate::guard::Origins;

/// For how long a browser need not ask again.
const MAX_AGE: Duration = Duration::from_secs(60 * 60);

/// Lets pages of allowed origins call an MCP server from a browser (Fetch, "CORS protocol"): a tower layer.
///
/// `GET`, `POST`, `DELETE` and `OPTIONS` are granted with every header that is asked for, `Authorization` included, and pages may
/// read what a client needs: `Mcp-Session-Id`, `MCP-Protocol-Version`, `WWW-Authenticate` and `Retry-After`. Cookies are not
/// granted. Pages of other origins get no grant, and whether they are answered at all is up to the service.
///
/// Every `OPTIONS` request is answered here, before anything asks for a token, since browsers send none with it. So this goes
/// around authentication, and behind a check of the host.
///
/// # Example
/// ```
/// use axum::{Router, body::Body, routing::post};
/// use http::{Method, Request};
/// use toolwright_http::{Cors, guard::Origins};
/// use tower_service::Service;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cors = Cors::new(Origins::parse(["https://app.example.com"])?);
/// let mut app: Router = Router::new().route("/mcp", post(|| async { "{}" })).layer(cors);
///
/// let preflight = Request::options("/mcp")
///     .header("origin", "https://app.example.com")
///     .header("access-control-request-method", "POST")
///     .body(Body::empty())?;
/// let answer = app.call(preflight).await?;
/// assert_eq!(answer.headers()["access-control-allow-origin"], "https://app.example.com");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Cors(CorsLayer);

impl Cors {
    /// Grants pages of these origins.
    pub fn new(origins: Origins) -> Self {
        Self(
            CorsLayer::new()
                .allow_origin(AllowOrigin::predicate(move |origin, _| origins.allow(origin)))
                .allow_methods([Method::GET, Method::POST, Method::DELETE, Method::OPTIONS])
                .allow_headers(AllowHeaders::mirror_request())
                .expose_headers([MCP_SESSION_ID, MCP_PROTOCOL_VERSION, WWW_AUTHENTICATE, RETRY_AFTER])
                .max_age(MAX_AGE),
        )
    }
}

impl Cors {
    /// What an answer to a request with these headers gets, for those that are no tower service.
    pub(crate) async fn grant(&self, method: &Method, headers: &HeaderMap) -> HeaderMap {
        let mut request = Request::new(());
        *request.method_mut() = method.clone();
        for name in [ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_REQUEST_HEADERS] {
            if let Some(value) = headers.get(&name) {
                request.headers_mut().insert(name, value.clone());
            }
        }
        let Ok(response) = self.0.layer(Empty).call(request).await;
        response.into_parts().0.headers
    }
}

/// Answers at once, with nothing.
struct Empty;

impl Service<Request<()>> for Empty {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        ready(Ok(Response::new(())))
    }
}

impl fmt::Debug for Cors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cors")
    }
}

impl<S> Layer<S> for Cors {
    type Service = CorsService<S>;

    fn layer(&self, inner: S) -> CorsService<S> {
        CorsService(self.0.layer(inner))
    }
}

/// The service of [`Cors`].
#[derive(Clone, Debug)]
pub struct CorsService<S>(tower_http::cors::Cors<S>);

impl<S, B, R> Service<Request<B>> for CorsService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    R: Default,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = CorsFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> CorsFuture<S::Future> {
        CorsFuture { inner: self.0.call(request) }
    }
}

pin_project! {
    /// The future of [`CorsService`].
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct CorsFuture<F> {
        #[pin]
        inner: tower_http::cors::ResponseFuture<F>,
    }
}

impl<F, R, E> Future for CorsFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: Default,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.project().inner.poll(context)
    }
}

impl<F> fmt::Debug for CorsFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CorsFuture")
    }
}
