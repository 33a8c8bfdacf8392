use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use toolwright_core::{
    era::Revision,
    joint::{Attach, BoxFuture, Connect, ConnectError, Incoming, Link, LinkError, Outgoing, SharedConnect},
};

/// Several servers behind one address: each message goes to the next one in turn, as a load balancer that knows nothing of sessions
/// would have it. For stateless clients.
///
/// # Example
/// ```
/// use toolwright_client::{Client, ClientError};
/// use toolwright_server::{Server, ServerBuilder, StateKeys};
/// use toolwright_testing::Fleet;
///
/// # async fn connect(replica: impl Fn() -> ServerBuilder) -> Result<Client, Box<dyn std::error::Error>> {
/// let keys = StateKeys::random();
/// let fleet = Fleet::new([
///     replica().state_keys(keys.clone()).build()?,
///     replica().state_keys(keys).build()?,
/// ]);
/// Ok(Client::connect(fleet).await?)
/// # }
/// ```
#[derive(Clone)]
pub struct Fleet {
    servers: Arc<[SharedConnect]>,
}

impl Fleet {
    /// These servers, of which the first gets the first message.
    ///
    /// # Panics
    /// Without any server.
    pub fn new(servers: impl IntoIterator<Item = impl Connect>) -> Self {
        let servers: Arc<[_]> = servers.into_iter().map(SharedConnect::new).collect();
        assert!(!servers.is_empty(), "a fleet has at least one server");
        Self { servers }
    }
}

impl Connect for Fleet {
    async fn connect(&self, attach: Attach) -> Result<Arc<dyn Link>, ConnectError> {
        let mut links = Vec::with_capacity(self.servers.len());
        for server in self.servers.iter() {
            links.push(server.connect(attach.clone()).await?);
        }
        Ok(Arc::new(Alternating { links, next: AtomicUsize::new(0) }))
    }
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet").field("servers", &self.servers.len()).finish()
    }
}

struct Alternating {
    links: Vec<Arc<dyn Link>>,
    next: AtomicUsize,
}

impl Link for Alternating {
    fn exchange(&self, message: Outgoing) -> BoxFuture<'static, Result<Incoming, LinkError>> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.links.len();
        self.links[turn].exchange(message)
    }

    fn announces_cancel(&self) -> bool {
        self.links[0].announces_cancel()
    }

    fn wants_headers(&self) -> bool {
        self.links.iter().any(|link| link.wants_headers())
    }

    fn settled(&self, revision: Revision) {
        self.links.iter().for_each(|link| link.settled(revision));
    }

    fn close(&self) -> BoxFuture<'static, ()> {
        let closing: Vec<_> = self.links.iter().map(|link| link.close()).collect();
        Box::pin(async move {
            for each in closing {
                each.await;
            }
        })
    }
}
