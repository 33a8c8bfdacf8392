//! Who may call.
use std::borrow::Cow;

use super::HttpServer;
use crate::guard::{GuardError, Hosts, Origins};

impl HttpServer {
    /// The names under which the server is called, beside `localhost`, `127.0.0.1` and `[::1]`. [`Hosts`] says what an entry can
    /// be. Requests that name another host are answered 421, so that no web page gets here by DNS rebinding.
    ///
    /// # Errors
    /// When an entry stands for no host.
    ///
    /// # Example
    /// ```
    /// use toolwright_http::ServeHttp;
    /// use toolwright_server::Server;
    ///
    /// let server = Server::builder("demo").build()?;
    /// let router: axum::Router = server.http().allowed_hosts(["mcp.example.com"])?.router("/mcp");
    /// assert!(server.http().allowed_hosts(["https://mcp.example.com"]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn allowed_hosts(
        mut self,
        hosts: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Self, GuardError> {
        self.options.gate.allow_hosts(Hosts::parse(hosts)?);
        Ok(self)
    }

    /// The origins whose pages may call the server from a browser, instead of those on the own machine. [`Origins`] says what an
    /// entry can be. Requests of other pages are answered 403; callers that are no browser need nothing.
    ///
    /// For a page to read the answers it takes [`cors`](Self::cors), too.
    ///
    /// # Errors
    /// When an entry stands for no origin.
    pub fn allowed_origins(
        mut self,
        origins: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Self, GuardError> {
        self.options.gate.allow_origins(Origins::parse(origins)?);
        Ok(self)
    }

    /// Lets pages of the allowed origins read the answers, as [`Cors`](crate::Cors) does. Default: browsers keep them from pages.
    pub fn cors(mut self) -> Self {
        self.options.gate.grant_pages();
        self
    }

    /// What clients are told that a token is for. Default `mcp`.
    pub fn realm(mut self, realm: impl Into<Cow<'static, str>>) -> Self {
        self.options.gate.name_realm(realm.into());
        self
    }
}
