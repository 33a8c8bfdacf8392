//! Clients that go while their call runs.
use toolwright::{client::Http, core::joint::Connect, prelude::*};

use super::{
    shop::{Shop, order_tea},
    wire::Wire,
};

async fn until(done: impl Fn() -> bool) {
    while !done() {
        tokio::task::yield_now().await;
    }
}

/// Leaves while the charge is being made.
async fn leave(shop: Shop, server: impl Connect) {
    let wire = Wire::to(&server).await;
    let first = wire.call(&order_tea()).await;
    let going = tokio::spawn(wire.post(&first.retry(&order_tea(), "Ada")));
    until(|| !shop.charges.lock().unwrap().is_empty()).await;
    going.abort();
    assert!(going.await.unwrap_err().is_cancelled());
    assert_eq!(shop.counts(), [2, 1, 0, 0]);

    shop.gate.add_permits(100);
    until(|| shop.counts()[2] == 1).await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(shop.counts(), [2, 1, 1, 0], "the step is over, once");
}

#[tokio::test]
async fn a_step_whose_client_is_gone_finishes_in_process() {
    let shop = Shop::gated();
    leave(shop.clone(), shop.replica()).await;
}

#[tokio::test]
async fn a_step_whose_client_is_gone_finishes_over_http() {
    let shop = Shop::gated();
    let service = shop.replica().http().service();
    leave(shop, Http::in_process(service, "/mcp")).await;
}
