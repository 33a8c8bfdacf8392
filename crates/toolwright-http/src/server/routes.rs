use axum::Router;

use crate::{pair::PairPaths, serve::health, service::HttpService};

/// What is served beside the endpoint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Routes {
    pub(crate) public: Router,
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
        let mut router = self.public.with_state(());
        if let Some(paths) = self.pair {
            for (path, service) in HttpService::pair(service.shared(), paths) {
                router = router.route_service(&path, service);
            }
        }
        if self.health.unwrap_or(health_by_default) {
            router.merge(health::routes(service.shared()))
        } else {
            router
        }
    }
}
