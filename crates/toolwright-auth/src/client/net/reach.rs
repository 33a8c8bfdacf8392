use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far URLs may reach that others wrote into metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Reach {
    /// The public internet.
    Public,
    /// And this machine: the server is on it, too.
    Loopback,
    /// And private networks, as the application said.
    Private,
}

/// What kind of network an address belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    Public,
    Loopback,
    Private,
    /// Link-local, where clouds keep their secrets, and what no server has: multicast, unspecified, reserved.
    Never,
}

impl Reach {
    /// Why `address` is out of reach, if it is.
    pub(super) fn refuses(self, address: IpAddr) -> Option<&'static str> {
        match (zone(address), self) {
            (Zone::Public, _)
            | (Zone::Loopback, Self::Loopback | Self::Private)
            | (Zone::Private, Self::Private) => None,
            (Zone::Loopback, Self::Public) => {
                Some("it leads to this machine, and the server that named it is not on it")
            }
            (Zone::Private, _) => {
                Some("it leads into a private network; `OAuthBuilder::private_networks` allows that")
            }
            (Zone::Never, _) => Some("no server has such an address"),
        }
    }
}

pub(super) fn zone(address: IpAddr) -> Zone {
    match address {
        IpAddr::V4(address) => zone_of_v4(address),
        IpAddr::V6(address) => zone_of_v6(address),
    }
}

fn zone_of_v4(address: Ipv4Addr) -> Zone {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        (127, ..) => Zone::Loopback,
        // 100.64/10 is shared by the customers of a provider; 198.18/15 is for tests of networks.
        (10, ..) | (192, 168, _) => Zone::Private,
        (172, 16..=31, _) | (100, 64..=127, _) | (198, 18..=19, _) => Zone::Private,
        (0 | 224..=255, ..) | (169, 254, _) | (192, 0, 0) => Zone::Never,
        _ => Zone::Public,
    }
}

fn zone_of_v6(address: Ipv6Addr) -> Zone {
    let segments = address.segments();
    let embedded = |high: u16, low: u16| zone_of_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 1] => Zone::Loopback,
        // Mapped, compatible and translated addresses lead where the IPv4 address inside leads.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x2002, high, low, ..] => embedded(high, low),
        // Teredo, and translation with a prefix of the local network.
        [0x2001, 0, ..] | [0x64, 0xff9b, 1, ..] => Zone::Never,
        [0xfc00..=0xfdff, ..] => Zone::Private,
        [0xfe80..=0xffff, ..] => Zone::Never,
        _ => Zone::Public,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_belongs_to_its_zone() {
        for (address, expected) in [
            ("93.184.216.34", Zone::Public),
            ("2606:2800:220:1:248:1893:25c8:1946", Zone::Public),
            ("127.0.0.1", Zone::Loopback),
            ("127.255.255.254", Zone::Loopback),
            ("::1", Zone::Loopback),
            ("::ffff:127.0.0.1", Zone::Loopback),
            ("10.1.2.3", Zone::Private),
            ("172.16.0.1", Zone::Private),
            ("172.31.255.255", Zone::Private),
            ("172.32.0.1", Zone::Public),
            ("192.168.1.1", Zone::Private),
            ("100.64.0.1", Zone::Private),
            ("fd00::1", Zone::Private),
            ("fc00::1", Zone::Private),
            ("::ffff:10.0.0.1", Zone::Private),
            ("::10.0.0.1", Zone::Private),
            ("64:ff9b::192.168.0.1", Zone::Private),
            ("2002:a00:1::", Zone::Private),
            ("169.254.169.254", Zone::Never),
            ("::ffff:169.254.169.254", Zone::Never),
            ("64:ff9b::169.254.169.254", Zone::Never),
            ("fe80::1", Zone::Never),
            ("0.0.0.0", Zone::Never),
            ("::", Zone::Never),
            ("224.0.0.1", Zone::Never),
            ("255.255.255.255", Zone::Never),
            ("ff02::1", Zone::Never),
            ("2001::1", Zone::Never),
        ] {
            assert_eq!(zone(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn a_reach_includes_what_is_nearer() {
        let refuses = |reach: Reach, address: &str| reach.refuses(address.parse().unwrap()).is_some();
        for (address, public, loopback, private) in [
            ("93.184.216.34", false, false, false),
            ("127.0.0.1", true, false, false),
            ("10.0.0.1", true, true, false),
            ("169.254.169.254", true, true, true),
        ] {
            assert_eq!(refuses(Reach::Public, address), public, "{address}");
            assert_eq!(refuses(Reach::Loopback, address), loopback, "{address}");
            assert_eq!(refuses(Reach::Private, address), private, "{address}");
        }
    }
}
