//! URLs of servers.
use std::sync::Arc;

use ::http::{HeaderValue, Uri, uri::PathAndQuery};

/// Who is spoken to: a scheme, a host and a port. Credentials and sessions never leave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) secure: bool,
    /// In lower case; an IPv6 address without its brackets.
    pub(super) host: Box<str>,
    pub(super) port: u16,
}

impl Origin {
    /// As a `Host` header has it: the port is left out where it is the scheme's own.
    pub(super) fn authority(&self) -> String {
        let host = if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone().into_string()
        };
        if self.port == self.own_port() { host } else { format!("{host}:{}", self.port) }
    }

    fn own_port(&self) -> u16 {
        if self.secure { 443 } else { 80 }
    }

    fn scheme(&self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }
}

/// What is asked for there.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Path and query, as a request line has them.
    pub(super) uri: Uri,
    /// The whole URL.
    pub(super) url: Arc<str>,
}

impl Place {
    fn new(origin: &Origin, path: PathAndQuery) -> Self {
        let url = format!("{}://{}{path}", origin.scheme(), origin.authority()).into();
        Self { uri: path.into(), url }
    }
}

/// A place of an origin.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) origin: Origin,
    pub(super) place: Place,
}

impl Target {
    /// Reads the URL of a server.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        if !url.contains("://") {
            return Err("the URL has no scheme; begin it with `https://` or `http://`".to_owned());
        }
        let uri: Uri = url.trim().parse().map_err(|error| {
            format!("not a URL: {error}; expected one like `https://example.com/mcp`, other characters percent-encoded")
        })?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            Some(other) => {
                return Err(format!("`{other}` URLs are not spoken here; expected `https` or `http`"));
            }
            None => return Err("the URL has no scheme before its `://`".to_owned()),
        };
        let Some(authority) = uri.authority().filter(|authority| !authority.host().is_empty()) else {
            return Err("the URL has no host".to_owned());
        };
        if authority.as_str().contains('@') {
            return Err("the URL has a user name in it, which would end up in logs; \
                        give credentials by `.auth(..)` or `.header(..)`"
                .to_owned());
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let port = match authority.port() {
            Some(port) => port.as_u16(),
            None if authority.as_str().ends_with(']') || !has_port(authority.as_str()) => {
                if secure {
                    443
                } else {
                    80
                }
            }
            None => return Err("the port of the URL is no number up to 65535".to_owned()),
        };
        let origin = Origin { secure, host: host.into(), port };
        let path = uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
        Ok(Self { place: Place::new(&origin, path), origin })
    }

    /// A service in this process, which has no address.
    pub(super) fn local(path: &str) -> Result<Self, String> {
        if !path.starts_with('/') {
            return Err(format!("the path `{path}` does not begin with a slash"));
        }
        Self::parse(&format!("http://localhost{path}"))
    }

    /// Origin and path, without the query, in which secrets may stand.
    pub(super) fn identity(&self) -> String {
        format!("{}://{}{}", self.origin.scheme(), self.origin.authority(), self.place.uri.path())
    }

    pub(super) fn host_header(&self) -> HeaderValue {
        HeaderValue::try_from(self.origin.authority()).expect("a host of a URL is visible ASCII")
    }

    /// Resolves a reference that the server gave (RFC 3986, "Reference Resolution").
    pub(super) fn join(&self, reference: &str) -> Result<Place, String> {
        let reference = reference.trim();
        let base = self.place.uri.path();
        let absolute = if reference.starts_with("//") {
            Some(format!("{}:{reference}", self.origin.scheme()))
        } else if has_scheme(reference) {
            Some(reference.to_owned())
        } else {
            None
        };
        if let Some(absolute) = absolute {
            let there = Self::parse(&absolute)?;
            if there.origin != self.origin {
                return Err(format!(
                    "it belongs to {}, and not to {} where it came from",
                    there.origin.authority(),
                    self.origin.authority()
                ));
            }
            return Ok(there.place);
        }
        let path = if reference.starts_with('/') {
            reference.to_owned()
        } else if reference.starts_with('?') {
            format!("{base}{reference}")
        } else {
            format!("{}{reference}", &base[..=base.rfind('/').unwrap_or(0)])
        };
        let path = without_dots(path.split('#').next().unwrap_or_default());
        let path = PathAndQuery::try_from(path).map_err(|error| format!("it is no path: {error}"))?;
        Ok(Place::new(&self.origin, path))
    }
}

/// Whether something follows the host; `Uri` takes a port that is no number for none.
fn has_port(authority: &str) -> bool {
    authority.rsplit_once(':').is_some_and(|(_, port)| !port.is_empty())
}

fn has_scheme(reference: &str) -> bool {
    reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|other| other.is_ascii_alphanumeric() || "+-.".contains(other))
    })
}

fn without_dots(path: &str) -> String {
    let (path, query) = match path.find('?') {
        Some(at) => path.split_at(at),
        None => (path, ""),
    };
    let mut segments = Vec::new();
    let mut parts = path.split('/').skip(1).peekable();
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    segments.pop();
                }
                if last {
                    segments.push("");
                }
            }
            part => segments.push(part),
        }
    }
    format!("/{}{query}", segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str) -> Target {
        Target::parse(url).unwrap()
    }

    #[test]
    fn a_url_is_an_origin_and_what_is_asked_for_there() {
        let target = target("HTTPS://Example.com/mcp?key=1#part");
        assert_eq!(target.origin, Origin { secure: true, host: "example.com".into(), port: 443 });
        assert_eq!(target.place.uri, "/mcp?key=1");
        assert_eq!(&*target.place.url, "https://example.com/mcp?key=1");
        assert_eq!(target.identity(), "https://example.com/mcp");
        assert_eq!(target.host_header(), "example.com");
    }

    #[test]
    fn the_path_may_be_missing_and_the_host_an_address() {
        let target = target("http://[::1]:8080");
        assert_eq!(&*target.origin.host, "::1");
        assert_eq!(target.host_header(), "[::1]:8080");
        assert_eq!(&*target.place.url, "http://[::1]:8080/");
    }

    #[test]
    fn what_is_no_address_of_a_server_is_refused_with_the_reason() {
        for (url, reason) in [
            ("example.com/mcp", "scheme"),
            ("/mcp", "scheme"),
            ("ftp://example.com", "`ftp`"),
            ("https://ada:pw@example.com", "user name"),
            ("http://localhost:99999/", "port"),
            ("http://exa mple/", "not a URL"),
            ("", "scheme"),
        ] {
            let error = Target::parse(url).unwrap_err();
            assert!(error.contains(reason), "{url}: {error}");
        }
    }

    #[test]
    fn references_are_resolved_within_the_origin() {
        let base = target("http://localhost:80/a/sse?x=1");
        for (reference, expected) in [
            ("/messages?session=1", "http://localhost/messages?session=1"),
            ("messages", "http://localhost/a/messages"),
            ("../messages#part", "http://localhost/messages"),
            ("./m/..", "http://localhost/a/"),
            ("?y=2", "http://localhost/a/sse?y=2"),
            ("http://LOCALHOST/m", "http://localhost/m"),
            ("//localhost/m", "http://localhost/m"),
        ] {
            assert_eq!(&*base.join(reference).unwrap().url, expected, "{reference}");
        }
    }

    #[test]
    fn references_to_other_origins_are_refused() {
        let base = target("https://localhost/sse");
        for reference in ["http://localhost/m", "//evil.example/m", "https://localhost:8443/m", "data:x"] {
            assert!(base.join(reference).is_err(), "{reference}");
        }
    }
}
