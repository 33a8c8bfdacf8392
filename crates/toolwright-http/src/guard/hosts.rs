use std::fmt::Display;

use http::{HeaderMap, StatusCode, Uri, header::HOST};
use toolwright_core::headers::single;

use super::{
    GuardError, Refusal,
    authority::{Authority, number},
    pattern::{Fault, HostPattern, PortPattern, parse},
    refusal::shown,
};

/// The hosts under which a server is called.
///
/// The names of the own machine, which are `localhost`, `127.0.0.1` and `[::1]` with any port, always are among them: no page of
/// another site can make a browser send one of these. Without configuration they are all.
///
/// | entry | allows |
/// |---|---|
/// | `example.com`, `192.0.2.7`, `[2001:db8::7]` | this host, at any port |
/// | `example.com:8443` | this host at this port; 80 and 443 also without a port, since clients leave those out |
/// | `*.example.com` | all names below, but not `example.com` itself; a port can follow |
/// | `*` | everything, which gives up the protection against DNS rebinding |
///
/// # Example
/// ```
/// use toolwright_http::guard::Hosts;
///
/// let hosts = Hosts::parse(["example.com:8443", "*.example.org"])?;
/// assert!(hosts.allows("EXAMPLE.com:8443") && hosts.allows("mcp.example.org") && hosts.allows("localhost:8000"));
/// assert!(!hosts.allows("example.com") && !hosts.allows("example.org") && !hosts.allows("evil.net"));
///
/// let error = Hosts::parse(["https://example.com"]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "invalid allowed host `https://example.com`: a host has no scheme; write for example `example.com`",
/// );
/// # Ok::<(), toolwright_http::guard::GuardError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hosts {
    any: bool,
    rules: Vec<(HostPattern, PortPattern)>,
}

impl Hosts {
    /// Reads the entries of a configuration. Space around an entry is no part of it.
    ///
    /// # Errors
    /// When an entry stands for no host; the first such is named.
    pub fn parse(entries: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, GuardError> {
        let mut hosts = Self::default();
        for entry in entries {
            match entry.as_ref().trim() {
                "*" => hosts.any = true,
                entry if entry.contains("://") => return Err(GuardError::host(entry, Fault::Scheme)),
                entry => hosts.rules.push(parse(entry).map_err(|fault| GuardError::host(entry, fault))?),
            }
        }
        Ok(hosts)
    }

    /// Whether `authority`, a host with or without a port, is one of them. What is malformed never is.
    pub fn allows(&self, authority: &str) -> bool {
        Authority::parse(authority).is_ok_and(|authority| self.allow(authority))
    }

    fn allow(&self, authority: Authority<'_>) -> bool {
        self.any
            || authority.host.is_loopback()
            || self.rules.iter().any(|(host, port)| {
                let port = match (port, authority.port) {
                    (PortPattern::Unsaid | PortPattern::Any, _) | (PortPattern::Is(80 | 443), None) => true,
                    (PortPattern::Is(port), found) => found == Some(*port),
                };
                port && host.matches(authority.host)
            })
    }

    /// Checks the `Host` header, and the authority of the URI, where HTTP/2 and requests to proxies have it.
    ///
    /// # Errors
    /// 400 when there is no host, when there are several, and when it is malformed; 421 when it is not allowed.
    pub fn check(&self, headers: &HeaderMap, uri: &Uri) -> Result<(), Refusal> {
        let header = single(headers, &HOST).map_err(|error| malformed(&error))?;
        if let Some(header) = header {
            self.judge(header.to_str().map_err(|_| malformed(&"it is not ASCII"))?)?;
        }
        match (uri.authority(), header) {
            (Some(authority), _) => self.judge(authority.as_str()),
            (None, Some(_)) => Ok(()),
            (None, None) => Err(malformed(&"it is missing")),
        }
    }

    fn judge(&self, text: &str) -> Result<(), Refusal> {
        if plainly_loopback(text) {
            return Ok(());
        }
        let authority = Authority::parse(text).map_err(|fault| malformed(&fault))?;
        if self.allow(authority) { Ok(()) } else { Err(misdirected(text)) }
    }
}

/// Whether it is the own machine as almost everybody writes it, which needs no closer look.
fn plainly_loopback(text: &str) -> bool {
    let names = ["127.0.0.1", "localhost", "[::1]"];
    match names.iter().find_map(|name| text.strip_prefix(name)) {
        Some("") => true,
        Some(rest) => rest.strip_prefix(':').is_some_and(|port| number(port).is_some()),
        None => false,
    }
}

fn malformed(fault: &dyn Display) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, format!("the request names no host that can be checked: {fault}"))
}

fn misdirected(host: &str) -> Refusal {
    let host = shown(host);
    Refusal::new(
        StatusCode::MISDIRECTED_REQUEST,
        format!(
            "host `{host}` is not served here; whoever runs the server can allow it with `.allowed_hosts([\"{host}\"])` \
             or TOOLWRIGHT_ALLOWED_HOSTS"
        ),
    )
}
