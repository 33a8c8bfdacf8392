use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use bytes::Bytes;

use crate::{bearer::Challenge, pair::PairPaths, serve::health, service::HttpService, shared::Shared};

/// What is served beside the endpoint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Routes {
    pub(crate) public: Router,
    pub(crate) protected: Router,
    /// Unless said otherwise, a server of its own has them and a router has not.
    pub(crate) health: Option<bool>,
    /// For clients of 2024-11-05.
    pub(crate) pair: Option<PairPaths>,
}

impl Routes {
    /// As a router.
    pub(crate) fn router<S>(self, service: &HttpService, health_by_default: bool) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        let shared = service.shared();
        let Self { mut public, mut protected, health, pair } = self;
        if public.has_routes() {
            public = public.route_layer(from_fn_with_state(Arc::clone(shared), guard));
        }
        if protected.has_routes() {
            protected = protected.route_layer(from_fn_with_state(Arc::clone(shared), authenticate));
        }
        let mut router = public.merge(protected).with_state(());
        if let Some(paths) = pair {
            for (path, service) in HttpService::pair(shared, paths) {
                router = router.route_service(&path, service);
            }
        }
        if health.unwrap_or(health_by_default) { router.merge(health::routes(shared)) } else { router }
    }
}

/// Public routes are for everybody who names this server.
async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match shared.options.gate.check_host(&parts) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(refusal) => whole(refusal.response()),
    }
}

/// Protected routes are for callers who are known, and learn who it is.
async fn authenticate(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let gate = &shared.options.gate;
    if let Err(refusal) = gate.check(&parts) {
        return whole(refusal.response());
    }
    let caller = gate.caller(shared.endpoint.surface().token_verifier.as_ref(), &parts).await;
    // Where nobody checks tokens nobody is known, and a protected route stays closed.
    match caller.and_then(|caller| caller.ok_or_else(Challenge::missing)) {
        Ok(principal) => {
            parts.extensions.insert(principal);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(challenge) => whole(challenge.response()),
    }
}

fn whole(response: http::Response<Bytes>) -> Response {
    response.map(Into::into)
}
