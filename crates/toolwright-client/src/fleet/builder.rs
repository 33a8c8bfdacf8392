use std::{fmt, sync::Arc};

use tokio::task::JoinSet;
use toolwright_core::joint::{Connect, SharedConnect};

use super::{Clients, ServerError};
use crate::{Builder, Client, ClientError};

/// Many servers to connect to.
#[must_use = "a builder does nothing until it connects"]
pub struct ClientsBuilder {
    servers: Vec<(Arc<str>, SharedConnect)>,
    each: Box<dyn Fn(&str) -> Builder + Send + Sync>,
    strict: bool,
}

impl ClientsBuilder {
    pub(super) fn new() -> Self {
        Self { servers: Vec::new(), each: Box::new(|_| Client::builder()), strict: false }
    }

    /// Adds a server under a name, in place of an earlier one of that name.
    pub fn server(self, name: impl Into<String>, target: impl Connect) -> Self {
        self.shared(name, SharedConnect::new(target))
    }

    /// Like [`server`](Self::server), for a target that is shared.
    pub fn shared(mut self, name: impl Into<String>, target: SharedConnect) -> Self {
        let name = Arc::from(name.into());
        match self.servers.iter_mut().find(|(other, _)| *other == name) {
            Some(server) => server.1 = target,
            None => self.servers.push((name, target)),
        }
        self
    }

    /// Options and handlers of the client for each server, by its name. Default: those of [`Client::connect`].
    pub fn each(mut self, builder: impl Fn(&str) -> Builder + Send + Sync + 'static) -> Self {
        self.each = Box::new(builder);
        self
    }

    /// Whether one server that cannot be connected to fails all. Default: no, and [`Clients::failed`] names it.
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Connects to all servers side by side.
    ///
    /// # Errors
    /// When no server can be connected to, or not all of them if they [must](Self::strict): the first that failed, in the order
    /// of the servers. Those that are connected are closed then.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub async fn connect(self) -> Result<Clients, ServerError> {
        let mut connecting = JoinSet::new();
        for (index, (name, target)) in self.servers.iter().enumerate() {
            let (builder, target) = ((self.each)(name), target.clone());
            connecting.spawn(async move { (index, builder.connect_shared(&target).await) });
        }
        let mut outcomes: Vec<Option<Result<Client, ClientError>>> =
            self.servers.iter().map(|_| None).collect();
        while let Some(joined) = connecting.join_next().await {
            // A panic is told below.
            if let Ok((index, outcome)) = joined {
                outcomes[index] = Some(outcome);
            }
        }
        let (mut clients, mut failed) = (Vec::new(), Vec::new());
        for ((name, _), outcome) in self.servers.into_iter().zip(outcomes) {
            match outcome.unwrap_or_else(|| Err(ClientError::protocol("connecting panicked"))) {
                Ok(client) => clients.push((name, client)),
                Err(error) => failed.push(ServerError::new(&name, error)),
            }
        }
        let clients = Clients::new(clients, failed);
        if self.strict || clients.is_empty() { clients.or_first_failure().await } else { Ok(clients) }
    }
}

impl fmt::Debug for ClientsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.servers.iter().map(|(name, _)| name).collect();
        f.debug_struct("ClientsBuilder")
            .field("servers", &names)
            .field("strict", &self.strict)
            .finish_non_exhaustive()
    }
}
