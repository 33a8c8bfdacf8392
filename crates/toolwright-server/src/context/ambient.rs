use std::{net::SocketAddr, sync::Arc};

use toolwright_core::joint::{Outlet, Principal, Transport};

use crate::connection::Connection;

/// What a message brought along besides its body.
#[derive(Clone)]
pub(crate) struct Ambient {
    pub(crate) transport: Transport,
    pub(crate) outlet: Arc<dyn Outlet>,
    pub(crate) connection: Option<Arc<Connection>>,
    pub(crate) principal: Option<Principal>,
    pub(crate) headers: http::HeaderMap,
    pub(crate) extensions: http::Extensions,
    pub(crate) uri: Option<http::Uri>,
    pub(crate) peer: Option<SocketAddr>,
}

impl Ambient {
    /// A message that brought nothing.
    pub(crate) fn new(transport: Transport, outlet: Arc<dyn Outlet>) -> Self {
        Self {
            transport,
            outlet,
            connection: None,
            principal: None,
            headers: http::HeaderMap::new(),
            extensions: http::Extensions::new(),
            uri: None,
            peer: None,
        }
    }
}
