//! The network as far as it may be trusted: no redirects, no large bodies, no waiting for ever, and no reaching into networks
//! that whoever wrote a piece of metadata should not get at ("Server-Side Request Forgery").
mod address;
mod fetch;
mod reach;
mod resolve;

pub(super) use address::{Address, host_is_loopback, origin};
pub(super) use fetch::{Network, Reply, absent};
pub(super) use reach::Reach;
