use std::{error::Error, net::SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{
    address::is_localhost,
    reach::{Reach, Zone, zone},
};

/// Resolves names to addresses in reach: the check stands where the connection is made, so that a name cannot lead elsewhere
/// between check and use.
#[derive(Debug)]
pub(super) struct Resolver(pub(super) Reach);

/// A name leads to no address in reach.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to an address that is not used: {0}")]
pub(super) struct OutOfReach(pub(super) &'static str);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            within(name.as_str(), found, reach)
        })
    }
}

fn within(
    name: &str,
    found: impl Iterator<Item = SocketAddr>,
    reach: Reach,
) -> Result<Addrs, Box<dyn Error + Send + Sync>> {
    let mut refused = "there is none";
    let addresses: Vec<SocketAddr> = found
        .filter(|address| {
            // Plain http is allowed for these names, so they must not lead off this machine.
            let elsewhere = is_localhost(name) && zone(address.ip()) != Zone::Loopback;
            let reason =
                if elsewhere { Some("it is not on this machine") } else { reach.refuses(address.ip()) };
            if let Some(reason) = reason {
                refused = reason;
            }
            reason.is_none()
        })
        .collect();
    if addresses.is_empty() {
        return Err(Box::new(OutOfReach(refused)));
    }
    Ok(Box::new(addresses.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(name: &str, addresses: &[&str], reach: Reach) -> Result<Vec<String>, String> {
        let addresses = addresses.iter().map(|address| SocketAddr::new(address.parse().unwrap(), 0));
        match within(name, addresses, reach) {
            Ok(found) => Ok(found.map(|address| address.ip().to_string()).collect()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn addresses_out_of_reach_are_left_out() {
        let found = resolved("as.example.com", &["10.0.0.1", "93.184.216.34"], Reach::Public);
        assert_eq!(found.unwrap(), ["93.184.216.34"]);
    }

    #[test]
    fn a_name_that_leads_nowhere_else_is_refused_with_the_reason() {
        let error = resolved("rebound.example.com", &["127.0.0.1", "::1"], Reach::Public).unwrap_err();
        assert!(error.contains("this machine"), "{error}");
        let error = resolved("cloud.example.com", &["169.254.169.254"], Reach::Private).unwrap_err();
        assert!(error.contains("no server has such an address"), "{error}");
    }

    #[test]
    fn localhost_stays_on_this_machine() {
        assert!(resolved("localhost", &["93.184.216.34"], Reach::Private).is_err());
        assert_eq!(resolved("localhost", &["93.184.216.34", "::1"], Reach::Loopback).unwrap(), ["::1"]);
    }
}
