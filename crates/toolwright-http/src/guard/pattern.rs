use std::net::IpAddr;

use super::authority::{Host, Malformed, host, number, split};

/// Hosts that an entry of the configuration stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum HostPattern {
    Name(Box<str>),
    Address(IpAddr),
    /// All names below this one.
    Below(Box<str>),
}

/// Ports that an entry of the configuration stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum PortPattern {
    Unsaid,
    Any,
    Is(u16),
}

/// Why an entry of the configuration stands for nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("{0}")]
    Malformed(#[from] Malformed),
    #[error(
        "a `*` stands for a whole entry, for the first label of a name, such as `*.example.com`, or for the port"
    )]
    Star,
    #[error("a host has no scheme; write for example `example.com`")]
    Scheme,
    #[error("it ends after host and port, without a slash or a path")]
    Path,
    #[error("an origin begins with a scheme; write for example `https://app.example.com`")]
    NoScheme,
}

/// Reads `host`, `*.name`, and either with `:port` or `:*`.
pub(super) fn parse(entry: &str) -> Result<(HostPattern, PortPattern), Fault> {
    if entry.contains('/') {
        return Err(Fault::Path);
    }
    let (pattern, port) = match entry.strip_prefix("*.") {
        Some(rest) => {
            let (name, port) = rest.split_once(':').map_or((rest, None), |(name, port)| (name, Some(port)));
            if name.contains('*') {
                return Err(Fault::Star);
            }
            match host(name)? {
                Host::Name(name) => (HostPattern::Below(name.into()), port),
                Host::Address(_) => return Err(Fault::Star),
            }
        }
        None if entry.trim_end_matches(":*").contains('*') => return Err(Fault::Star),
        None => match split(entry)? {
            (Host::Name(name), port) => (HostPattern::Name(name.into()), port),
            (Host::Address(address), port) => (HostPattern::Address(address), port),
        },
    };
    let port = match port {
        None => PortPattern::Unsaid,
        Some("*") => PortPattern::Any,
        Some(digits) => PortPattern::Is(number(digits).ok_or(Malformed::Port)?),
    };
    Ok((pattern, port))
}

impl HostPattern {
    pub(super) fn matches(&self, host: Host<'_>) -> bool {
        match (self, host) {
            (Self::Name(name), Host::Name(host)) => name.eq_ignore_ascii_case(host),
            (Self::Address(address), Host::Address(host)) => *address == host,
            (Self::Below(parent), Host::Name(host)) => {
                // A label and a dot at least: the name itself and others that merely end alike are not below it.
                host.len().checked_sub(parent.len() + 1).is_some_and(|dot| {
                    dot > 0
                        && host.as_bytes()[dot] == b'.'
                        && host.as_bytes()[dot + 1..].eq_ignore_ascii_case(parent.as_bytes())
                })
            }
            _ => false,
        }
    }
}
