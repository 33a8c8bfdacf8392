use std::net::IpAddr;

use url::{Host, Url};

use super::{
    super::OAuthError,
    reach::{Reach, Zone, zone},
};

/// A URL that may be asked, as far as that can be seen before its name is resolved.
#[derive(Clone, Debug)]
pub(in super::super) struct Address(pub(super) Url);

impl Address {
    /// Checks the URL of `what`: https, or http on this machine; no address out of `reach`; no user and password.
    ///
    /// # Errors
    /// When it fails a check.
    pub(in super::super) fn check(what: &'static str, text: &str, reach: Reach) -> Result<Self, OAuthError> {
        let refuse =
            |reason| OAuthError::Address { what, url: super::super::error::plain(text, 300), reason };
        let url = Url::parse(text).map_err(|_| refuse("it is no URL"))?;
        match url.scheme() {
            "https" => {}
            "http" if host_is_loopback(&url) => {}
            "http" => return Err(refuse("it must be https, as it is not on this machine")),
            _ => return Err(refuse("it must be https")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("it holds a user name or a password"));
        }
        // Names are judged when they are resolved.
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) if host_is_loopback(&url) => Some(IpAddr::from([127, 0, 0, 1])),
            _ => None,
        };
        match literal.and_then(|address| reach.refuses(address)) {
            Some(reason) => Err(refuse(reason)),
            None => Ok(Self(url)),
        }
    }

    /// The URL.
    pub(in super::super) fn url(&self) -> &Url {
        &self.0
    }
}

/// Whether a URL leads to this machine, by its name.
pub(in super::super) fn host_is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_localhost(name),
        Some(Host::Ipv4(address)) => zone(address.into()) == Zone::Loopback,
        Some(Host::Ipv6(address)) => zone(address.into()) == Zone::Loopback,
        None => false,
    }
}

/// `localhost` and what is below it (RFC 6761, "Domain Name Reservation Considerations for "localhost."").
pub(super) fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.eq_ignore_ascii_case("localhost")
        || name.len() > 10 && name.as_bytes()[name.len() - 10..].eq_ignore_ascii_case(b".localhost")
}

/// Scheme, host and port of a URL.
pub(in super::super) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_this_machine_are_asked() {
        for (text, reach, fine) in [
            ("https://as.example.com/token", Reach::Public, true),
            ("http://as.example.com/token", Reach::Private, false),
            ("http://localhost:1/token", Reach::Loopback, true),
            ("http://LOCALHOST./token", Reach::Loopback, true),
            ("http://as.localhost:1/token", Reach::Loopback, true),
            ("http://localhost.example.com/", Reach::Loopback, false),
            ("http://notlocalhost/", Reach::Loopback, false),
            ("http://127.0.0.1:1/", Reach::Loopback, true),
            ("http://[::1]:1/", Reach::Loopback, true),
            ("http://localhost:1/", Reach::Public, false),
            ("https://127.0.0.1/", Reach::Public, false),
            ("https://2130706433/", Reach::Public, false),
            ("https://0x7f.1/", Reach::Public, false),
            ("https://[::ffff:7f00:1]/", Reach::Public, false),
            ("https://10.0.0.1/", Reach::Public, false),
            ("https://10.0.0.1/", Reach::Loopback, false),
            ("https://10.0.0.1/", Reach::Private, true),
            ("http://10.0.0.1/", Reach::Private, false),
            ("https://169.254.169.254/latest", Reach::Private, false),
            ("https://user:pass@as.example.com/", Reach::Public, false),
            ("javascript:alert(1)", Reach::Private, false),
            ("data:text/html,x", Reach::Private, false),
            ("file:///etc/passwd", Reach::Private, false),
            ("vbscript:x", Reach::Private, false),
            ("nothing", Reach::Private, false),
        ] {
            assert_eq!(Address::check("thing", text, reach).is_ok(), fine, "{text} {reach:?}");
        }
    }

    #[test]
    fn a_refusal_says_what_and_why() {
        let error = Address::check("token endpoint", "http://as.example.com/", Reach::Public).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the token endpoint `http://as.example.com/` is not used: it must be https, as it is not on this machine"
        );
    }
}
