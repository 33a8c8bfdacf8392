//! Replicas that die, and how long their claims last.
use std::sync::{Arc, Mutex};

use tokio::runtime::{Builder, Runtime};
use toolwright::{
    core::joint::{Attach, BoxFuture, Connect, ConnectError, Incoming, Link, LinkError, Outgoing},
    prelude::*,
};

use super::{
    shop::{Shop, order_tea},
    wire::Wire,
};

/// A server in a runtime of its own, so that it can die as a process does: with everything that runs.
#[derive(Clone)]
struct Replica {
    server: Server,
    runtime: Arc<Mutex<Option<Runtime>>>,
}

impl Replica {
    fn start(server: Server) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { server, runtime: Arc::new(Mutex::new(Some(runtime))) }
    }

    fn kill(&self) {
        if let Some(runtime) = self.runtime.lock().unwrap().take() {
            runtime.shutdown_background();
        }
    }
}

impl Connect for Replica {
    async fn connect(&self, attach: Attach) -> Result<Arc<dyn Link>, ConnectError> {
        let link = self.server.connect(attach).await?;
        Ok(Arc::new(Remote { link, replica: self.clone() }))
    }
}

struct Remote {
    link: Arc<dyn Link>,
    replica: Replica,
}

impl Link for Remote {
    fn exchange(&self, message: Outgoing) -> BoxFuture<'static, Result<Incoming, LinkError>> {
        let link = Arc::clone(&self.link);
        let running = match &*self.replica.runtime.lock().unwrap() {
            Some(runtime) => runtime.spawn(async move { link.exchange(message).await }),
            None => return Box::pin(async { Err(LinkError::Closed) }),
        };
        Box::pin(async move { running.await.unwrap_or(Err(LinkError::Closed)) })
    }

    fn announces_cancel(&self) -> bool {
        false
    }

    fn close(&self) -> BoxFuture<'static, ()> {
        self.link.close()
    }
}

/// Nobody can know whether the charge was made: the second attempt has the same idempotency key, by which the bank knows.
#[tokio::test(start_paused = true)]
async fn a_replica_that_dies_during_a_step_is_replaced_and_the_step_is_taken_with_the_same_key() {
    let shop = Shop::gated();
    let one = Replica::start(shop.replica());
    // Here, where the clock that it waits by for the claim of the other to end is paused.
    let (wire, backup) = (Wire::to(&one).await, Wire::to(&shop.replica()).await);
    let first = wire.call(&order_tea()).await;
    let retry = first.retry(&order_tea(), "Ada");
    let lost = tokio::spawn(wire.post(&retry));
    while shop.charges.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    one.kill();
    assert!(lost.await.unwrap().is_err());
    assert_eq!(shop.counts(), [2, 1, 0, 0]);

    shop.gate.add_permits(100);
    let second = backup.call(&retry).await;
    let done = backup.call(&second.retry(&order_tea(), true)).await;
    assert_eq!(done.text(), "tea for Ada, receipt 1, gift: true");
    assert_eq!(shop.counts(), [4, 1, 1, 1]);
    let charges = shop.charges.lock().unwrap().clone();
    assert_eq!(charges.len(), 2);
    assert_eq!(charges[0], charges[1]);
}
