use std::{
    fmt,
    future::{Ready, ready},
    net::IpAddr,
    sync::{Arc, atomic::Ordering},
};

use http::StatusCode;
use tokio::net::{TcpListener, ToSocketAddrs};
use toolwright_signal::Signals;

use super::{
    Closing, Error, Life,
    conduct::Conduct,
    connection::{Shelter, protocol},
    listen::Connections,
    site::Site,
};
use crate::HttpServer;

impl HttpServer {
    /// Serves at `address` until the process is told to end, by SIGTERM or Ctrl-C, or the program asks for it. What runs then has
    /// the limit `drain` to finish; nothing that was accepted is lost. A second signal ends at once.
    ///
    /// # Example
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use toolwright_http::ServeHttp;
    /// use toolwright_server::Server;
    ///
    /// Server::builder("demo").build()?.http().serve("127.0.0.1:8000").await?; // at http://127.0.0.1:8000/mcp
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When nothing can listen at `address`, the endpoint does not start, or a second signal cuts the end short.
    pub async fn serve(self, address: impl ToSocketAddrs + fmt::Debug) -> Result<(), Error> {
        let listener = TcpListener::bind(&address)
            .await
            .map_err(|source| Error::Bind { address: format!("{address:?}").replace('"', ""), source })?;
        self.serve_listener(listener).await
    }

    /// Serves what arrives at `listener`, as [`serve`](Self::serve) does. The address may have been bound with port 0, or come from a
    /// supervisor.
    ///
    /// # Errors
    /// As [`serve`](Self::serve).
    pub async fn serve_listener(self, listener: TcpListener) -> Result<(), Error> {
        let address = listener.local_addr().map_err(Error::Setup)?;
        if !is_loopback(address.ip()) && self.options.gate.is_local() {
            tracing::warn!(
                "listening at {address}, but only loopback names are allowed as hosts, so requests from elsewhere are refused \
                 (421): say under which names clients call with `.allowed_hosts([..])` or TOOLWRIGHT_ALLOWED_HOSTS"
            );
        }
        self.held.serves_itself.store(true, Ordering::Relaxed);
        let _over = Over(Arc::clone(&self.held.life));
        let (service, routes, serving) = self.split();
        let shared = Arc::clone(service.shared());
        let path = serving.path.trim_end_matches('/');
        let url = format!("http://{address}{}", if path.is_empty() { "/" } else { path });
        let others =
            routes.router(&service, true).fallback(nothing(if path.is_empty() { "/" } else { path }));
        let shelter = Shelter {
            respond: Site { service, path: path.to_owned(), others },
            http: protocol(serving.header_timeout, serving.max_header_size),
            life: Arc::clone(&shared.life),
            closing: Closing::default(),
        };
        Conduct {
            connections: Connections::new(Arc::new(shelter), serving.max_connections),
            signals: Signals::new(serving.shutdown, serving.signals).map_err(Error::Setup)?,
            given_up: serving.given_up,
            shared,
        }
        .run(listener, &url)
        .await
    }
}

/// However serving ends, nobody waits for its end any longer.
struct Over(Arc<Life>);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// For a person who mistook the path. Clients look for several well-known paths and take any 404 for an answer.
fn nothing(path: &str) -> impl Fn() -> Ready<(StatusCode, String)> + Clone + Send + Sync + 'static {
    let text = format!("There is nothing here; MCP is served at {path}\n");
    move || ready((StatusCode::NOT_FOUND, text.clone()))
}

fn is_loopback(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback(),
        IpAddr::V6(address) => {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|mapped| mapped.is_loopback())
        }
    }
}
