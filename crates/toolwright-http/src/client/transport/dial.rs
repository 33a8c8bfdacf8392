use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    net::{TcpStream, lookup_host},
    sync::OnceCell,
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_rustls::rustls::pki_types::CertificateDer;

use super::{connection::Connection, tls::Tls};
use crate::client::{settings::Settings, target::Origin};

/// How long one address is waited for before the next one is tried beside it (RFC 8305, "Happy Eyeballs").
const HEAD_START: Duration = Duration::from_millis(250);

/// Opens connections to an origin.
pub(crate) struct Dial {
    origin: Origin,
    settings: Settings,
    roots: Vec<CertificateDer<'static>>,
    /// Made with the first connection, since it reads what the operating system trusts.
    tls: OnceCell<Tls>,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
#[error("cannot reach {authority}: {source}")]
pub(crate) struct DialError {
    pub(crate) authority: String,
    pub(crate) source: io::Error,
}

impl From<DialError> for io::Error {
    fn from(error: DialError) -> Self {
        Self::new(error.source.kind(), error.to_string())
    }
}

impl Dial {
    pub(crate) fn new(origin: Origin, settings: Settings, roots: Vec<CertificateDer<'static>>) -> Self {
        Self { origin, settings, roots, tls: OnceCell::new() }
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) async fn open(&self) -> Result<Connection, DialError> {
        let limit = self.settings.connect_timeout;
        let outcome = timeout(limit, self.attempt()).await.unwrap_or_else(|_| {
            Err(io::Error::new(io::ErrorKind::TimedOut, format!("no connection within {limit:?}")))
        });
        outcome.map_err(|source| DialError { authority: self.origin.authority(), source })
    }

    async fn attempt(&self) -> io::Result<Connection> {
        let tls = if self.origin.secure { Some(self.tls().await?) } else { None };
        let addresses = lookup_host((&*self.origin.host, self.origin.port)).await.map_err(|error| {
            io::Error::new(error.kind(), format!("the host name cannot be looked up: {error}"))
        })?;
        let tcp = race(interleaved(addresses.collect())).await?;
        // A request is one write: there is nothing to wait for.
        tcp.set_nodelay(true)?;
        let stream: Box<dyn super::connection::Stream> = match tls {
            Some(tls) => Box::new(tls.wrap(tcp).await?),
            None => Box::new(tcp),
        };
        Connection::open(stream, self.settings.longest_head).await.map_err(io::Error::other)
    }

    async fn tls(&self) -> io::Result<&Tls> {
        self.tls
            .get_or_try_init(async || Tls::new(&self.origin.host, self.roots.clone()))
            .await
            .map_err(io::Error::other)
    }
}

/// The first address, then the first of the other family, and so on by turns.
fn interleaved(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let Some(first) = addresses.first() else { return addresses };
    let six = first.is_ipv6();
    let (one, other): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|address| address.is_ipv6() == six);
    let mut other = other.into_iter();
    let mut turns: Vec<_> =
        one.into_iter().flat_map(|address| [Some(address), other.next()]).flatten().collect();
    turns.extend(other);
    turns
}

/// Connects to whichever address answers first.
async fn race(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    if let [only] = addresses[..] {
        return TcpStream::connect(only).await;
    }
    let mut addresses = addresses.into_iter();
    let mut running = JoinSet::new();
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the host name has no address");
    loop {
        let next = addresses.next();
        let more = next.is_some();
        if let Some(address) = next {
            running.spawn(TcpStream::connect(address));
        }
        loop {
            let outcome = tokio::select! {
                outcome = running.join_next() => outcome,
                () = sleep(HEAD_START), if more => break,
            };
            match outcome {
                None => return Err(last),
                Some(Ok(Ok(stream))) => return Ok(stream),
                Some(Ok(Err(error))) => last = error,
                Some(Err(_)) => {}
            }
            if more {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_families_of_addresses_take_turns() {
        let addresses = ["[::1]:1", "[::2]:1", "[::3]:1", "127.0.0.1:1"].map(|text| text.parse().unwrap());
        let turns: Vec<_> = interleaved(addresses.to_vec()).iter().map(ToString::to_string).collect();
        assert_eq!(turns, ["[::1]:1", "127.0.0.1:1", "[::2]:1", "[::3]:1"]);
    }
}
