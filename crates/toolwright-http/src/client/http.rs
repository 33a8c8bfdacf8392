use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use ::http::{
    HeaderName, HeaderValue, Request, Response,
    header::{
        ACCEPT, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
        USER_AGENT,
    },
};
use axum::body::Body;
use bytes::Buf;
use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject as _};
use toolwright_core::{
    headers::LAST_EVENT_ID,
    joint::{Attach, Connect, ConnectError, Credentials, Link, SharedCredentials},
    model::Extensions,
};
use tower_service::Service;

use super::{
    line::Line,
    link::Wire,
    sender::{Sender, SharedSender},
    settings::Settings,
    target::Target,
    transport::{BoxError, Dial, Local, Pool, Transport},
};

/// A server behind a URL, over Streamable HTTP; one of 2024-11-05 over its pair of URLs is found there, too.
///
/// Connections are kept open and used again by everything that this connects. Redirects are not followed: what is sent, with
/// its credentials and its session, is meant for this origin. Proxies that the environment names (`HTTPS_PROXY`) are not used.
/// TLS trusts what the operating system trusts.
///
/// An answer is waited for as long as the client waits; see `Client::builder().timeout(..)`.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use toolwright_http::client::{Bearer, Http};
///
/// let http = Http::new("https://example.com/mcp")
///     .auth(Bearer::new("s3cret"))
///     .header("x-tenant", "acme")
///     .connect_timeout(Duration::from_secs(3));
/// # drop(http);
/// ```
pub struct Http {
    name: String,
    target: Result<Target, String>,
    local: Option<Arc<Local>>,
    settings: Settings,
    credentials: Option<SharedCredentials>,
    agent: HeaderValue,
    headers: Vec<(HeaderName, HeaderValue)>,
    roots: Vec<CertificateDer<'static>>,
    sender: OnceLock<SharedSender>,
}

impl Http {
    /// A server at `url`, which begins with `https://` or `http://`. One that is no such URL fails when it is connected to.
    pub fn new(url: impl AsRef<str>) -> Self {
        let url = url.as_ref();
        let target = Target::parse(url);
        let name = match &target {
            Ok(target) => target.identity(),
            Err(_) => format!("`{}`", url.escape_debug()),
        };
        Self::to(name, target, None)
    }

    /// A service in this process, such as an axum router or the [`HttpService`](crate::HttpService) of a server, asked at `path`: all
    /// of HTTP but the socket.
    ///
    /// # Example
    /// ```
    /// use toolwright_http::{ServeHttp, axum, client::Http};
    /// use toolwright_server::Server;
    ///
    /// let app: axum::Router = Server::builder("demo").build()?.http().router("/mcp");
    /// let http = Http::in_process(app, "/mcp");
    /// # drop(http);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn in_process<S, B>(service: S, path: &str) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        B: http_body::Body + Send + 'static,
        B::Data: Buf,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let target = Target::local(path);
        Self::to(format!("`{path}` in process"), target, Some(Arc::new(Local::new(service))))
    }

    fn to(name: String, target: Result<Target, String>, local: Option<Arc<Local>>) -> Self {
        Self {
            name,
            target,
            local,
            settings: Settings::default(),
            credentials: None,
            agent: HeaderValue::from_static(concat!("toolwright/", env!("CARGO_PKG_VERSION"))),
            headers: Vec::new(),
            roots: Vec::new(),
            sender: OnceLock::new(),
        }
    }

    /// Sends this header with every request. One that no request can have, or that is the protocol's own, fails when this is
    /// connected to.
    #[must_use]
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        match header(name.as_ref(), value.as_ref()) {
            Ok(header) => self.headers.push(header),
            Err(reason) => self.refuse(reason),
        }
        self
    }

    /// Authorizes every request, for example by a [`Bearer`](super::Bearer) token.
    #[must_use]
    pub fn auth(mut self, credentials: impl Credentials) -> Self {
        self.credentials = Some(SharedCredentials::new(credentials));
        self
    }

    /// What the client calls itself in `User-Agent`. Default `toolwright/` and the version.
    #[must_use]
    pub fn user_agent(mut self, agent: impl AsRef<str>) -> Self {
        match HeaderValue::from_str(agent.as_ref()) {
            Ok(agent) => self.agent = agent,
            Err(_) => self.refuse("the user agent has characters that no HTTP header can carry".to_owned()),
        }
        self
    }

    /// How long a connection may take to open: name lookup, TCP and TLS together. Default 10 seconds.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// How long a connection is kept that nobody uses. Default 60 seconds.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.settings.idle = timeout;
        self
    }

    /// Most connections that are kept while nobody uses them. Default 32.
    #[must_use]
    pub fn max_idle(mut self, most: usize) -> Self {
        self.settings.most_idle = most;
        self
    }

    /// Longest message in bytes that a server may send, as a body or as an event. Default 32 MiB.
    #[must_use]
    pub fn longest(mut self, longest: usize) -> Self {
        self.settings.longest = longest;
        self
    }

    /// Longest head of an answer in bytes: its status and all its headers. Default 64 KiB.
    #[must_use]
    pub fn longest_head(mut self, longest: usize) -> Self {
        self.settings.longest_head = longest;
        self
    }

    /// Trusts these certificate authorities, too, such as the private one of a company: certificates as PEM text. Text without any
    /// fails when this is connected to.
    ///
    /// # Example
    /// ```no_run
    /// use toolwright_http::client::Http;
    ///
    /// let http = Http::new("https://mcp.internal/mcp").trust(std::fs::read("/etc/company/ca.pem")?);
    /// # drop(http);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn trust(mut self, pem: impl AsRef<[u8]>) -> Self {
        let roots: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_ref()).collect();
        match roots {
            Ok(roots) if !roots.is_empty() => self.roots.extend(roots),
            Ok(_) => self.refuse("the text to trust has no PEM certificate in it".to_owned()),
            Err(error) => self.refuse(format!("the text to trust is not PEM: {error}")),
        }
        self
    }

    /// The first fault is the one to hear of.
    fn refuse(&mut self, reason: String) {
        if self.target.is_ok() {
            self.target = Err(reason);
        }
    }

    fn sender(&self, target: &Target) -> &SharedSender {
        self.sender.get_or_init(|| {
            let mut headers = vec![(HOST, target.host_header()), (USER_AGENT, self.agent.clone())];
            headers.extend(self.headers.iter().cloned());
            let settings = self.settings.clone();
            let transport = match &self.local {
                Some(local) => Transport::Service(Arc::clone(local)),
                None => {
                    let dial = Dial::new(target.origin.clone(), settings.clone(), self.roots.clone());
                    Transport::Sockets(Pool::new(dial))
                }
            };
            let credentials = self.credentials.clone();
            Arc::new(Sender { transport, target: target.clone(), settings, credentials, headers })
        })
    }
}

/// A header of the user's.
fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    const OURS: [HeaderName; 11] = [
        ACCEPT,
        CONNECTION,
        CONTENT_LENGTH,
        CONTENT_TYPE,
        HOST,
        LAST_EVENT_ID,
        TE,
        TRAILER,
        TRANSFER_ENCODING,
        UPGRADE,
        USER_AGENT,
    ];
    let shown = name.escape_debug();
    let header =
        HeaderName::try_from(name).map_err(|_| format!("`{shown}` is no name that a header can have"))?;
    if header == USER_AGENT {
        return Err("set the user agent by `.user_agent(..)`".to_owned());
    }
    if OURS.contains(&header) || header.as_str().starts_with("mcp-") {
        return Err(format!("the header `{shown}` is set by the client itself"));
    }
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| format!("the value of `{shown}` has characters that no header can carry"))?;
    // It may be a secret, and is nobody's business in any case.
    value.set_sensitive(true);
    Ok((header, value))
}

impl Connect for Http {
    async fn connect(&self, attach: Attach) -> Result<Arc<dyn Link>, ConnectError> {
        let fail = |source: BoxError| ConnectError::new(self.name.clone(), source);
        let target = self.target.as_ref().map_err(|reason| fail(reason.clone().into()))?;
        let sender = self.sender(target);
        if let Transport::Sockets(pool) = &sender.transport {
            pool.warm().await.map_err(|error| fail(error.source.into()))?;
        }
        Ok(Arc::new(Wire::new(Line::new(Arc::clone(sender), attach.inlet))))
    }

    fn identity(&self) -> Option<String> {
        // A service in process has no name that another could not have.
        self.target.as_ref().ok().filter(|_| self.local.is_none()).map(Target::identity)
    }

    fn extensions(&self) -> Extensions {
        self.credentials.as_ref().map(Credentials::extensions).unwrap_or_default()
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("name", &self.name)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
