use std::{
    fmt,
    sync::{
        Arc, OnceLock, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{runtime::Handle, time::sleep};

use super::Life;
use crate::shared::Shared;

/// Watches and ends what an [`HttpServer`](crate::HttpServer) has become: a router, a service, a server of its own. Cheap to
/// clone.
///
/// # Example
/// In an application with a graceful shutdown of its own:
/// ```no_run
/// use std::sync::Arc;
/// use toolwright_http::ServeHttp;
/// use toolwright_server::Server;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let mcp = Server::builder("demo").build()?.http();
/// let handle = mcp.handle();
/// let app = axum::Router::new().merge(mcp.router("/mcp"));
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
/// let draining = handle.clone();
/// axum::serve(listener, app)
///     .with_graceful_shutdown(async move {
///         toolwright_http::shutdown_signal().await;
///         draining.drain(); // Streams would hold the application for ever.
///     })
///     .await?;
/// handle.stop().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct HttpHandle(pub(crate) Arc<Held>);

/// What a handle and its service share.
#[derive(Default)]
pub(crate) struct Held {
    pub(crate) life: Arc<Life>,
    pub(crate) shared: OnceLock<Weak<Shared>>,
    /// Whether a server of its own sees to the end.
    pub(crate) serves_itself: AtomicBool,
}

impl HttpHandle {
    /// Begins the end: subscriptions end with their result, `/ready` says no, and a server of its own accepts no more connections.
    /// Running requests go on, as long as the limit `drain` allows; then they are cancelled. When none runs any more sessions end, and
    /// with them their streams, so that nothing holds the application for ever. Returns at once.
    ///
    /// Without a runtime around it, only [`stop`](Self::stop) sees to the rest.
    pub fn drain(&self) {
        let Some(shared) = self.shared() else { return self.0.life.drain() };
        let is_first = !shared.life.is_draining();
        shared.begin_end();
        // A server of its own counts the time itself.
        if is_first
            && !self.0.serves_itself.load(Ordering::Relaxed)
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(async move { wind_down(&shared).await });
        }
    }

    /// Ends it: [`drain`](Self::drain), then waits for running requests as long as the limit `drain` allows, then cancels those
    /// that are left, closes all sessions and stops the endpoint. With a server of its own, resolves when that has ended.
    pub async fn stop(&self) {
        self.drain();
        let Some(shared) = self.shared() else { return self.0.life.stop() };
        if self.0.serves_itself.load(Ordering::Relaxed) {
            return shared.life.stopped().await;
        }
        wind_down(&shared).await;
        shared.endpoint.stop().await;
        shared.life.stop();
    }

    /// Whether new requests should come here: the endpoint has started, and the end has not begun.
    pub fn is_ready(&self) -> bool {
        self.0.life.is_ready()
    }

    /// How many requests run now, streams that last not counted.
    pub fn requests(&self) -> usize {
        self.shared().map_or(0, |shared| shared.running())
    }

    /// How many streams that last are open now: subscriptions, and what clients of sessions read by GET.
    pub fn streams(&self) -> usize {
        self.shared().map_or(0, |shared| shared.slots.streams())
    }

    /// How many sessions are open now.
    pub fn sessions(&self) -> usize {
        self.shared().map_or(0, |shared| shared.sessions.len())
    }

    fn shared(&self) -> Option<Arc<Shared>> {
        self.0.shared.get().and_then(Weak::upgrade)
    }
}

/// Waits for what runs, as long as that may take, and ends the rest.
async fn wind_down(shared: &Shared) {
    tokio::select! {
        biased;
        () = shared.idle() => {}
        () = shared.life.given_up() => {}
        () = sleep(shared.limits.drain) => {}
    }
    shared.give_up();
}

impl fmt::Debug for HttpHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpHandle").field("life", &self.0.life).finish()
    }
}
