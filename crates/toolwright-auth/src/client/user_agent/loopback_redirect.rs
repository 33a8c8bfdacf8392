use std::{fmt, io, net::Ipv4Addr, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
    time::timeout,
};

use super::{
    super::{AuthorizationRequest, RedirectError},
    browser, http,
    page::Page,
    user_agent::{UserAgent, UserAgentError, Visit},
};

const PATH: &str = "/callback";
/// Connections that are served at a time: browsers open some that they never use.
const MOST: usize = 16;
const PATIENCE: Duration = Duration::from_secs(300);

/// Opens the user's browser, and listens on a port of this machine for the answer (RFC 8252, "Loopback Interface Redirection").
/// The page to sign in at is also written to stderr.
///
/// This is what [`OAuth`](super::super::OAuth) does by default.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use toolwright_auth::client::LoopbackRedirect;
///
/// let user_agent = LoopbackRedirect::new().port(8400).timeout(Duration::from_secs(60));
/// # let _ = user_agent;
/// ```
#[derive(Clone)]
pub struct LoopbackRedirect {
    open: Arc<dyn Fn(&str) -> io::Result<()> + Send + Sync>,
    port: Option<u16>,
    timeout: Duration,
}

impl Default for LoopbackRedirect {
    fn default() -> Self {
        Self::new()
    }
}

impl LoopbackRedirect {
    /// Any free port, the system's browser, five minutes.
    pub fn new() -> Self {
        Self { open: Arc::new(browser::open_and_print), port: None, timeout: PATIENCE }
    }

    /// Always this port, for authorization servers that know a client by one exact redirect URI: `http://127.0.0.1:<port>/callback`.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// How long the user may take. Default five minutes.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Only writes to stderr which page to open, and opens none: for machines that are used from afar.
    #[must_use]
    pub fn print_only(self) -> Self {
        self.open_with(browser::print)
    }

    /// Shows the page by `open`, which must not wait for the user.
    #[must_use]
    pub fn open_with(mut self, open: impl Fn(&str) -> io::Result<()> + Send + Sync + 'static) -> Self {
        self.open = Arc::new(open);
        self
    }

    async fn listen(&self, before: Option<&str>) -> io::Result<TcpListener> {
        if let Some(port) = self.port {
            return TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        }
        // The port of the last time is registered already.
        if let Some(port) = before.and_then(port_of)
            && let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
        {
            return Ok(listener);
        }
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await
    }
}

fn port_of(redirect_uri: &str) -> Option<u16> {
    redirect_uri.strip_prefix("http://127.0.0.1:")?.strip_suffix(PATH)?.parse().ok()
}

impl UserAgent for LoopbackRedirect {
    type Visit = Listening;

    async fn prepare(&self, before: Option<&str>) -> Result<Listening, UserAgentError> {
        let failed = |error| UserAgentError::Listen(Arc::new(error));
        let listener = self.listen(before).await.map_err(failed)?;
        let host = listener.local_addr().map_err(failed)?.to_string();
        Ok(Listening {
            redirect_uri: format!("http://{host}{PATH}"),
            listener,
            host,
            open: Arc::clone(&self.open),
            timeout: self.timeout,
        })
    }
}

impl fmt::Debug for LoopbackRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoopbackRedirect")
            .field("port", &self.port)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// A port of this machine that waits for one answer.
pub struct Listening {
    listener: TcpListener,
    redirect_uri: String,
    host: String,
    open: Arc<dyn Fn(&str) -> io::Result<()> + Send + Sync>,
    timeout: Duration,
}

impl fmt::Debug for Listening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listening").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}

impl Visit for Listening {
    fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    async fn authorize(self, request: &AuthorizationRequest) -> Result<String, UserAgentError> {
        (self.open)(request.url()).map_err(|error| UserAgentError::Failed(error.to_string()))?;
        timeout(self.timeout, self.wait(request)).await.map_err(|_| UserAgentError::TimedOut)?
    }
}

impl Listening {
    async fn wait(&self, request: &AuthorizationRequest) -> Result<String, UserAgentError> {
        let slots = Arc::new(Semaphore::new(MOST));
        let mut asked = JoinSet::new();
        loop {
            let slot = Arc::clone(&slots).acquire_owned().await.expect("the semaphore is never closed");
            let (stream, target) = tokio::select! {
                accepted = self.listener.accept() => {
                    let (mut stream, _) = accepted.map_err(|error| UserAgentError::Listen(Arc::new(error)))?;
                    let host = self.host.clone();
                    asked.spawn(async move {
                        let target = http::target(&mut stream, &host).await.ok()?;
                        drop(slot);
                        Some((stream, target))
                    });
                    continue;
                }
                Some(heard) = asked.join_next() => match heard {
                    Ok(Some(heard)) => heard,
                    _ => continue,
                },
            };
            if let Some(query) = serve(stream, target.as_deref(), request).await {
                return Ok(query);
            }
        }
    }
}

/// Answers one request of the browser; gives the query that ends the sign-in.
async fn serve(stream: TcpStream, target: Option<&str>, request: &AuthorizationRequest) -> Option<String> {
    let query = target.and_then(|target| target.strip_prefix(PATH)?.strip_prefix('?'));
    let judged = query.map(|query| request.judge(query));
    let page = match &judged {
        Some(judged) => Page::of(judged, request.server_url()),
        None => Page::nothing_here(),
    };
    if let Err(error) = http::answer(stream, &page).await {
        tracing::debug!(%error, "the browser did not wait for the page");
    }
    // An answer to something else ends nothing: the right one may still come.
    match judged? {
        Err(RedirectError::State) => None,
        _ => query.map(str::to_owned),
    }
}
