//! Probes of orchestrators and load balancers.
use std::sync::Arc;

use axum::{Router, http::StatusCode, routing::get};

use crate::shared::Shared;

/// `/health` and `/ready`. Neither is behind the check of hosts, because probes name the address of a machine; neither tells more
/// than that somebody listens does.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(shared: &Arc<Shared>) -> Router<S> {
    let shared = Arc::clone(shared);
    let ready = async move || {
        if shared.life.is_ready() {
            return (StatusCode::OK, "ready\n");
        }
        if shared.life.is_idle() {
            // An embedded endpoint starts with its first request, which would never come to one that is not ready.
            let shared = Arc::clone(&shared);
            tokio::spawn(async move { shared.life.start(&shared.endpoint).await });
        }
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    };
    Router::new().route("/health", get(async || "alive\n")).route("/ready", get(ready))
}
