use std::net::SocketAddr;

use toolwright_server::Error;

/// Where to listen, as `host:port`. A port alone is one of loopback.
pub(super) fn read(named: &str, address: &str) -> Result<String, Error> {
    if let Ok(port) = address.strip_prefix(':').unwrap_or(address).parse::<u16>() {
        return Ok(format!("127.0.0.1:{port}"));
    }
    let named_host = || {
        let (host, port) = address.rsplit_once(':')?;
        // More colons are an address of IPv6 that lacks its brackets.
        (!host.is_empty() && !host.contains([':', '/', '[', ']']) && port.parse::<u16>().is_ok())
            .then_some(())
    };
    if address.parse::<SocketAddr>().is_ok() || named_host().is_some() {
        return Ok(address.to_owned());
    }
    Err(Error::Usage(format!(
        "`{named}` is `{address}`; expected an address with a port, for example `127.0.0.1:8000`, `[::1]:8000` or `0.0.0.0:8000`, \
         or a port of loopback, for example `8000`"
    )))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_port_alone_is_one_of_loopback() {
        assert_eq!(read("--http", "8000").unwrap(), "127.0.0.1:8000");
        assert_eq!(read("--http", ":8000").unwrap(), "127.0.0.1:8000");
        assert_eq!(read("--http", "0").unwrap(), "127.0.0.1:0");
    }

    #[test]
    fn addresses_and_names_have_a_port() {
        for address in ["127.0.0.1:1", "0.0.0.0:80", "[::1]:8000", "localhost:8000", "mcp.example.org:443"] {
            assert_eq!(read("--http", address).unwrap(), address);
        }
    }

    #[test]
    fn what_is_no_address_is_a_usage_error() {
        for wrong in [
            "",
            ":",
            "here",
            "localhost:",
            "127.0.0.1",
            "::1:8000",
            "[::1]",
            "1.2.3.4:99999",
            "http://a:1",
            "70000",
        ] {
            let error = read("--http", wrong).unwrap_err().to_string();
            assert!(error.starts_with(&format!("`--http` is `{wrong}`; expected an address")), "{error}");
        }
    }
}
