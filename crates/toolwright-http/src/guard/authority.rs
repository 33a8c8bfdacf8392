use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A host with its port, borrowed from a header or an entry of the configuration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Authority<'a> {
    pub(super) host: Host<'a>,
    pub(super) port: Option<u16>,
}

/// A host as it is compared: addresses by value, names without the dot of the root at their end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Host<'a> {
    Name(&'a str),
    Address(IpAddr),
}

/// Why a text is no `host[:port]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Malformed {
    #[error("it is empty")]
    Empty,
    #[error("it has user information before an `@`")]
    UserInfo,
    #[error("what stands in its brackets is no IPv6 address")]
    Brackets,
    #[error("it has more than one colon; an IPv6 address stands in brackets, such as `[::1]`")]
    Colons,
    #[error("its port is no number from 0 to 65535")]
    Port,
    #[error("its name has an empty label")]
    Label,
    #[error("its name has other characters than ASCII letters, digits, `-`, `_` and `.`")]
    Character,
}

impl<'a> Authority<'a> {
    /// Reads `host[:port]`, as strictly as what decides about access has to be read: what is not plainly one host is none.
    pub(super) fn parse(text: &'a str) -> Result<Self, Malformed> {
        let (host, port) = split(text)?;
        let port = match port {
            None => None,
            Some(digits) => Some(number(digits).ok_or(Malformed::Port)?),
        };
        Ok(Self { host, port })
    }
}

/// Splits at the colon before the port, which is left as it is.
pub(super) fn split(text: &str) -> Result<(Host<'_>, Option<&str>), Malformed> {
    if text.is_empty() {
        return Err(Malformed::Empty);
    }
    if text.contains('@') {
        return Err(Malformed::UserInfo);
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (address, rest) = rest.split_once(']').ok_or(Malformed::Brackets)?;
        let address: Ipv6Addr = address.parse().map_err(|_| Malformed::Brackets)?;
        let port = match rest.strip_prefix(':') {
            Some(port) => Some(port),
            None if rest.is_empty() => None,
            None => return Err(Malformed::Brackets),
        };
        return Ok((Host::Address(address.into()), port));
    }
    let (name, port) = match text.split_once(':') {
        Some((_, port)) if port.contains(':') => return Err(Malformed::Colons),
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    };
    Ok((host(name)?, port))
}

/// A name or an IPv4 address.
pub(super) fn host(name: &str) -> Result<Host<'_>, Malformed> {
    if name.is_empty() {
        return Err(Malformed::Empty);
    }
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)) {
        return Err(Malformed::Character);
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.split('.').any(str::is_empty) {
        return Err(Malformed::Label);
    }
    Ok(match name.parse::<Ipv4Addr>() {
        Ok(address) => Host::Address(address.into()),
        Err(_) => Host::Name(name),
    })
}

/// The number of a port. A sign, which parsing alone would take, is no digit.
pub(super) fn number(digits: &str) -> Option<u16> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

impl Host<'_> {
    /// `localhost`, `127.0.0.1` or `[::1]`, and nothing that only resembles them.
    pub(super) fn is_loopback(self) -> bool {
        match self {
            Self::Name(name) => name.eq_ignore_ascii_case("localhost"),
            Self::Address(address) => address == Ipv4Addr::LOCALHOST || address == Ipv6Addr::LOCALHOST,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str, port: Option<u16>) -> Result<Authority<'_>, Malformed> {
        Ok(Authority { host: Host::Name(name), port })
    }

    fn address(address: &str, port: Option<u16>) -> Result<Authority<'_>, Malformed> {
        Ok(Authority { host: Host::Address(address.parse().unwrap()), port })
    }

    #[test]
    fn hosts_are_names_or_addresses_with_or_without_port() {
        for (text, expected) in [
            ("example.com", name("example.com", None)),
            ("example.com.", name("example.com", None)),
            ("example.com:8443", name("example.com", Some(8443))),
            ("my_host-1", name("my_host-1", None)),
            ("127.0.0.1", address("127.0.0.1", None)),
            ("127.0.0.1.:80", address("127.0.0.1", Some(80))),
            ("[::1]", address("::1", None)),
            ("[0:0:0:0:0:0:0:1]:8000", address("::1", Some(8000))),
            ("example.com:65535", name("example.com", Some(65535))),
        ] {
            assert_eq!(Authority::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_plainly_one_host_is_none() {
        for (text, fault) in [
            ("", Malformed::Empty),
            (":80", Malformed::Empty),
            ("localhost@evil.example.com", Malformed::UserInfo),
            ("user:pass@localhost:80", Malformed::UserInfo),
            ("::1", Malformed::Colons),
            ("localhost:80:80", Malformed::Colons),
            ("[::1", Malformed::Brackets),
            ("[::1]80", Malformed::Brackets),
            ("[::1]evil.example.com", Malformed::Brackets),
            ("[localhost]", Malformed::Brackets),
            ("[fe80::1%25eth0]", Malformed::Brackets),
            ("[]", Malformed::Brackets),
            ("localhost:", Malformed::Port),
            ("localhost:+80", Malformed::Port),
            ("localhost:65536", Malformed::Port),
            ("localhost:80/", Malformed::Port),
            ("localhost:*", Malformed::Port),
            (".", Malformed::Label),
            ("localhost..", Malformed::Label),
            (".localhost", Malformed::Label),
            ("a..b", Malformed::Label),
            ("localhost/", Malformed::Character),
            ("localhost, evil.example.com", Malformed::Character),
            (" localhost", Malformed::Character),
            ("loc%61lhost", Malformed::Character),
            ("ｌocalhost", Malformed::Character),
            ("localhost\t", Malformed::Character),
            ("localhost\\", Malformed::Character),
        ] {
            assert_eq!(Authority::parse(text), Err(fault), "{text:?}");
        }
    }
}
