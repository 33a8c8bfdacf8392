use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::Arc,
    task::{Context, Poll},
};

use axum::extract::ConnectInfo;
use bytes::Buf;
use http::{Method, Request, Response, request::Parts};
use toolwright_core::joint::BoxFuture;
use tower_service::Service;

use crate::{
    delete::delete,
    get::get,
    pair::{self, PairPaths},
    post::post,
    reply::{self, Body},
    shared::Shared,
};

/// An endpoint as a tower service, for any stack that speaks `http`. Cheap to clone.
///
/// It answers whatever path it is called with. The address of the peer comes from axum's
/// [`ConnectInfo`](axum::extract::ConnectInfo) as an extension of the request, and so does a
/// [`Principal`](toolwright_core::joint::Principal) from whatever layer checked the caller before, if the endpoint checks no tokens.
#[derive(Clone, Debug)]
pub struct HttpService {
    shared: Arc<Shared>,
    door: Door,
}

/// Which of the addresses of an endpoint this is.
#[derive(Clone, Debug)]
enum Door {
    /// The only one since 2025-03-26.
    Streamable,
    /// Where clients of 2024-11-05 read.
    Events(Arc<PairPaths>),
    /// Where clients of 2024-11-05 write.
    Messages,
}

impl HttpService {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, door: Door::Streamable }
    }

    /// The two addresses for clients of 2024-11-05, with the path of each.
    pub(crate) fn pair(shared: &Arc<Shared>, paths: PairPaths) -> [(Box<str>, Self); 2] {
        let at = |door| Self { shared: Arc::clone(shared), door };
        let paths = Arc::new(paths);
        [
            (paths.events.clone(), at(Door::Events(Arc::clone(&paths)))),
            (paths.messages.clone(), at(Door::Messages)),
        ]
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Answers one request. The head is lent, since moving it from one future to the next copies it each time.
    pub(crate) async fn respond<B>(
        &self,
        parts: &mut Parts,
        body: B,
        peer: Option<SocketAddr>,
    ) -> Response<Body>
    where
        B: http_body::Body,
        B::Data: Buf,
    {
        let gate = &self.shared.options.gate;
        if let Err(refusal) = gate.check(parts) {
            return refusal.response().map(Body::whole);
        }
        let grant = gate.grant(parts).await;
        let mut response = if grant.is_some() && parts.method == Method::OPTIONS {
            Response::new(Body::EMPTY)
        } else {
            self.answer(parts, body, peer).await
        };
        if let Some(grant) = grant {
            response.headers_mut().extend(grant);
        }
        response
    }

    /// Answers a request that may come here.
    async fn answer<B>(&self, parts: &mut Parts, body: B, peer: Option<SocketAddr>) -> Response<Body>
    where
        B: http_body::Body,
        B::Data: Buf,
    {
        let shared = &self.shared;
        if !shared.life.has_started()
            && let Err(error) = shared.life.start(&shared.endpoint).await
        {
            tracing::error!(%error, "the server could not start; the next request tries again");
            return reply::unavailable("the server could not start; its log says why");
        }
        if shared.life.has_stopped() {
            return reply::ending();
        }
        let verifier = shared.endpoint.surface().token_verifier.as_ref();
        let principal = match shared.options.gate.caller(verifier, parts).await {
            Ok(principal) => principal,
            Err(challenge) => return challenge.response().map(Body::whole),
        };
        match (&self.door, &parts.method) {
            (Door::Streamable, &Method::POST) => post(shared, parts, body, principal, peer).await,
            (Door::Streamable, &Method::GET) => get(shared, &parts.headers, principal.as_ref()),
            (Door::Streamable, &Method::DELETE) => delete(shared, &parts.headers, principal.as_ref()),
            (Door::Streamable, _) => {
                let sessions = shared.sessions.are_offered();
                reply::method_not_allowed(if sessions { "GET, POST, DELETE" } else { "POST" })
            }
            (Door::Events(paths), &Method::GET) => {
                pair::open(shared, paths, &parts.headers, principal.as_ref())
            }
            (Door::Events(_), _) => reply::method_not_allowed("GET"),
            (Door::Messages, &Method::POST) => pair::messages(shared, parts, body, principal, peer).await,
            (Door::Messages, _) => reply::method_not_allowed("POST"),
        }
    }
}

impl<B> Service<Request<B>> for HttpService
where
    B: http_body::Body + Send + 'static,
    B::Data: Buf + Send,
    B::Error: Send,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let service = self.clone();
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer);
        let (mut parts, body) = request.into_parts();
        Box::pin(async move { Ok(service.respond(&mut parts, body, peer).await) })
    }
}
