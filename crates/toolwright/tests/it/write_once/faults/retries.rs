//! Calls that come again from scratch, and requests that come twice.
use toolwright::testing::write_once::Fleet;

use super::{
    shop::{Shop, order_tea},
    wire::Wire,
};

/// One server with a store of its own, and two that share one.
async fn on_one_server() -> (Shop, Wire) {
    let shop = Shop::new();
    let wire = Wire::to(&shop.replica()).await;
    (shop, wire)
}

async fn on_two_with_a_store() -> (Shop, Wire) {
    let shop = Shop::new();
    let wire = Wire::to(&Fleet::new([shop.replica(), shop.replica()])).await;
    (shop, wire)
}

#[tokio::test]
async fn a_call_from_scratch_is_a_new_one() {
    for (shop, wire) in [on_one_server().await, on_two_with_a_store().await] {
        for count in 1..=2 {
            let first = wire.call(&order_tea()).await;
            let second = wire.call(&first.retry(&order_tea(), "Ada")).await;
            let done = wire.call(&second.retry(&order_tea(), true)).await;
            assert_eq!(done.text(), format!("tea for Ada, receipt {count}, gift: true"));
            assert_eq!(shop.counts(), [3 * count, count, count, count]);
        }
        let charges = shop.charges.lock().unwrap().clone();
        assert_ne!(charges[0], charges[1], "another call has another key");
    }
}

/// The weaker promise: `once` holds from round to round; a replica does not know what another one has done with the same round.
#[tokio::test]
async fn without_a_shared_store_a_retry_at_another_replica_runs_again_with_the_same_idempotency_key() {
    let shop = Shop::without_store();
    let wire = Wire::to(&Fleet::new([shop.replica(), shop.replica()])).await;
    let first = wire.call(&order_tea()).await;
    let retry = first.retry(&order_tea(), "Ada");
    wire.call(&retry).await;
    let second = wire.call(&retry).await;
    assert_eq!(shop.counts(), [3, 1, 2, 0]);
    let charges = shop.charges.lock().unwrap().clone();
    assert_eq!(charges[0], charges[1]);
    wire.call(&second.retry(&order_tea(), true)).await;
    assert_eq!(shop.counts(), [4, 1, 2, 1]);
}
