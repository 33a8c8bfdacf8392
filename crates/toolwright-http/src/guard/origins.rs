use http::{HeaderMap, HeaderValue, StatusCode, header::ORIGIN};
use toolwright_core::headers::single;

use super::{
    GuardError, Refusal,
    authority::Authority,
    pattern::{Fault, HostPattern, PortPattern, parse},
    refusal::shown,
};

/// The origins whose pages may call a server from a browser. Callers that are no browser send none, and pass.
///
/// Without configuration these are `http` and `https` origins on the own machine: `localhost`, `127.0.0.1` and `[::1]` with any
/// port. A configuration replaces them.
///
/// | entry | allows |
/// |---|---|
/// | `https://app.example.com` | this origin, at the default port of its scheme |
/// | `https://app.example.com:8443` | this origin at this port; `:*` is any port |
/// | `https://*.example.com` | all names below, but not `example.com` itself; a port can follow |
/// | `null` | pages without an origin of their own, such as files and sandboxed frames |
/// | `*` | everything |
///
/// # Example
/// ```
/// use toolwright_http::guard::Origins;
///
/// let origins = Origins::parse(["https://app.example.com"])?;
/// assert!(origins.allows("https://app.example.com") && origins.allows("https://app.example.com:443"));
/// assert!(!origins.allows("http://app.example.com") && !origins.allows("https://app.example.com.evil.net"));
///
/// assert!(Origins::default().allows("http://localhost:6274"));
/// # Ok::<(), toolwright_http::guard::GuardError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Origins(Vec<Rule>);

#[derive(Clone, Debug, PartialEq)]
enum Rule {
    Any,
    Null,
    Loopback,
    Tuple { scheme: Box<str>, host: HostPattern, port: PortPattern },
}

/// Those of the own machine.
impl Default for Origins {
    fn default() -> Self {
        Self(vec![Rule::Loopback])
    }
}

impl Origins {
    /// Reads the entries of a configuration. Space around an entry is no part of it.
    ///
    /// # Errors
    /// When an entry stands for no origin; the first such is named.
    pub fn parse(entries: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, GuardError> {
        entries
            .into_iter()
            .map(|entry| {
                let entry = entry.as_ref().trim();
                Rule::parse(entry).map_err(|fault| GuardError::origin(entry, fault))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether `origin` is one of them. What is malformed never is.
    pub fn allows(&self, origin: &str) -> bool {
        let tuple = split(origin)
            .and_then(|(scheme, rest)| Authority::parse(rest).ok().map(|authority| (scheme, authority)));
        match tuple {
            Some((scheme, authority)) => self.0.iter().any(|rule| rule.matches(scheme, authority)),
            None => origin == "null" && self.0.iter().any(|rule| matches!(rule, Rule::Any | Rule::Null)),
        }
    }

    /// Checks the `Origin` header; without one the request passes.
    ///
    /// # Errors
    /// 403 when the origin is not allowed, is malformed, or when there are several.
    pub fn check(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        match single(headers, &ORIGIN) {
            Ok(None) => Ok(()),
            Ok(Some(origin)) if self.allow(origin) => Ok(()),
            Ok(Some(origin)) => Err(refused(origin.to_str().unwrap_or("?"))),
            Err(repeated) => Err(Refusal::new(StatusCode::FORBIDDEN, repeated.to_string())),
        }
    }

    pub(crate) fn allow(&self, origin: &HeaderValue) -> bool {
        origin.to_str().is_ok_and(|origin| self.allows(origin))
    }
}

impl Rule {
    fn parse(entry: &str) -> Result<Self, Fault> {
        match entry {
            "*" => return Ok(Self::Any),
            "null" => return Ok(Self::Null),
            _ => {}
        }
        let (scheme, rest) = split(entry).ok_or(Fault::NoScheme)?;
        let (host, port) = parse(rest)?;
        Ok(Self::Tuple { scheme: scheme.into(), host, port })
    }

    fn matches(&self, scheme: &str, authority: Authority<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::Null => false,
            Self::Loopback => authority.host.is_loopback() && default_port(scheme).is_some(),
            Self::Tuple { scheme: expected, host, port } => {
                let default = default_port(scheme);
                let port = match port {
                    PortPattern::Any => true,
                    PortPattern::Unsaid => authority.port.or(default) == default,
                    PortPattern::Is(port) => authority.port.or(default) == Some(*port),
                };
                port && expected.eq_ignore_ascii_case(scheme) && host.matches(authority.host)
            }
        }
    }
}

/// The scheme, and what follows `://`.
fn split(origin: &str) -> Option<(&str, &str)> {
    origin.split_once("://").filter(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

/// The port that browsers leave out, of the schemes that pages have.
fn default_port(scheme: &str) -> Option<u16> {
    if scheme.eq_ignore_ascii_case("http") {
        Some(80)
    } else if scheme.eq_ignore_ascii_case("https") {
        Some(443)
    } else {
        None
    }
}

fn refused(origin: &str) -> Refusal {
    let origin = shown(origin);
    Refusal::new(
        StatusCode::FORBIDDEN,
        format!(
            "pages of origin `{origin}` may not call this server; whoever runs it can allow them with \
             `.allowed_origins([\"{origin}\"])` or TOOLWRIGHT_ALLOWED_ORIGINS"
        ),
    )
}
