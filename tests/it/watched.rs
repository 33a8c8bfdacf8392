//! A server in process whose every message is validated on its way to the client.
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use toolwright::{
    Server,
    core::{
        era::Revision,
        joint::{
            Attach, BoxFuture, Closed, Connect, ConnectError, Incoming, Link, LinkError, Outgoing, Outlet,
            SendError,
        },
    },
};

use crate::tracker::{Covered, Tracker};

#[derive(Clone)]
pub(crate) struct Watched {
    server: Server,
    watch: Arc<Watch>,
}

struct Watch {
    tracker: Tracker,
    faults: Mutex<Vec<String>>,
}

impl Watched {
    pub(crate) fn new(server: Server, revision: Revision) -> Self {
        Self { server, watch: Arc::new(Watch { tracker: Tracker::new(revision), faults: Mutex::default() }) }
    }

    /// What was valid, and what was not.
    pub(crate) fn verdict(&self) -> (Covered, Vec<String>) {
        (self.watch.tracker.covered(), self.watch.faults.lock().unwrap().clone())
    }
}

impl Watch {
    fn check(&self, message: &Bytes) {
        let value = serde_json::from_slice(message).unwrap();
        if let Err(fault) = self.tracker.check(&value) {
            self.faults.lock().unwrap().push(format!("{value}\n  {fault}"));
        }
    }
}

impl Connect for Watched {
    async fn connect(&self, mut attach: Attach) -> Result<Arc<dyn Link>, ConnectError> {
        attach.inlet = Arc::new(Inlet { inlet: attach.inlet, watch: Arc::clone(&self.watch) });
        let link = Connect::connect(&self.server, attach).await?;
        Ok(Arc::new(WatchedLink { link, watch: Arc::clone(&self.watch) }))
    }
}

struct Inlet {
    inlet: Arc<dyn Outlet>,
    watch: Arc<Watch>,
}

impl Outlet for Inlet {
    fn try_send(&self, message: Bytes) -> Result<(), SendError> {
        self.watch.check(&message);
        self.inlet.try_send(message)
    }

    fn send(&self, message: Bytes) -> BoxFuture<'_, Result<(), Closed>> {
        self.watch.check(&message);
        self.inlet.send(message)
    }
}

struct WatchedLink {
    link: Arc<dyn Link>,
    watch: Arc<Watch>,
}

impl Link for WatchedLink {
    fn exchange(&self, message: Outgoing) -> BoxFuture<'static, Result<Incoming, LinkError>> {
        self.watch.tracker.sent(&serde_json::from_slice(&message.body).unwrap());
        let answer = self.link.exchange(message);
        let watch = Arc::clone(&self.watch);
        Box::pin(async move {
            let incoming = answer.await?;
            incoming.body.iter().for_each(|message| watch.check(message));
            Ok(incoming)
        })
    }

    fn announces_cancel(&self) -> bool {
        self.link.announces_cancel()
    }

    fn close(&self) -> BoxFuture<'static, ()> {
        self.link.close()
    }

    fn closed(&self) -> BoxFuture<'static, ()> {
        self.link.closed()
    }
}
