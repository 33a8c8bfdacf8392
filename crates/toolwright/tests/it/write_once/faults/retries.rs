//! Retries that come twice, at the same time, late, or not at all.
use toolwright::testing::write_once::Fleet;

use super::{
    shop::{Shop, order_tea},
    wire::Wire,
};

const DONE: &str = "tea for Ada, receipt 1, gift: true";

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
async fn a_retry_that_is_sent_twice_gets_the_same_reply_and_runs_once() {
    for (shop, wire) in [on_one_server().await, on_two_with_a_store().await] {
        let first = wire.call(&order_tea()).await;
        let retry = first.retry(&order_tea(), "Ada");
        let second = wire.call(&retry).await;
        assert_eq!(wire.call(&retry).await, second, "the state included");
        assert_eq!(shop.counts(), [2, 1, 1, 0]);
        let done = wire.call(&second.retry(&order_tea(), true)).await;
        assert_eq!(done.text(), DONE);
        assert_eq!(shop.counts(), [3, 1, 1, 1]);
    }
}

#[tokio::test]
async fn retries_at_the_same_time_get_the_same_reply_and_run_once() {
    let shop = Shop::gated();
    let wire = Wire::to(&Fleet::new([shop.replica(), shop.replica()])).await;
    let first = wire.call(&order_tea()).await;
    let retry = first.retry(&order_tea(), "Ada");
    let copies = (0..4).map(|_| tokio::spawn(wire.post(&retry))).collect::<Vec<_>>();
    while shop.counts()[0] < 2 {
        tokio::task::yield_now().await;
    }
    shop.gate.add_permits(100);
    let mut replies = Vec::new();
    for copy in copies {
        replies.push(copy.await.unwrap().unwrap());
    }
    assert!(replies.iter().all(|reply| *reply == replies[0]), "{replies:?}");
    assert_eq!(shop.counts(), [2, 1, 1, 0]);
    let retry = replies[0].retry(&order_tea(), true);
    let (one, other) = tokio::join!(wire.call(&retry), wire.call(&retry));
    assert_eq!((one.text(), other.text()), (DONE, DONE));
    assert_eq!(shop.counts(), [3, 1, 1, 1]);
}

#[tokio::test]
async fn a_retry_after_the_call_is_over_gets_the_reply_that_there_was() {
    for (shop, wire) in [on_one_server().await, on_two_with_a_store().await] {
        let first = wire.call(&order_tea()).await;
        let second = wire.call(&first.retry(&order_tea(), "Ada")).await;
        let last = second.retry(&order_tea(), true);
        let done = wire.call(&last).await;
        assert_eq!(done.text(), DONE);
        assert_eq!(wire.call(&last).await, done);
        assert_eq!(wire.call(&last).await, done);
        assert_eq!(shop.counts(), [3, 1, 1, 1]);
    }
}

#[tokio::test]
async fn an_old_state_with_another_answer_gets_the_reply_that_its_round_had() {
    for (shop, wire) in [on_one_server().await, on_two_with_a_store().await] {
        let first = wire.call(&order_tea()).await;
        let second = wire.call(&first.retry(&order_tea(), "Ada")).await;
        let done = wire.call(&second.retry(&order_tea(), true)).await;
        assert_eq!(wire.call(&first.retry(&order_tea(), "Eve")).await, second);
        assert_eq!(wire.call(&second.retry(&order_tea(), false)).await, done);
        assert_eq!(shop.counts(), [3, 1, 1, 1]);
    }
}

#[tokio::test]
async fn a_reply_that_is_lost_is_there_for_the_client_that_repeats_its_request() {
    for (shop, wire) in [on_one_server().await, on_two_with_a_store().await] {
        let first = wire.call(&order_tea()).await;
        let retry = first.retry(&order_tea(), "Ada");
        let lost = wire.call(&retry).await;
        drop(lost);
        let second = wire.call(&retry).await;
        let done = wire.call(&second.retry(&order_tea(), true)).await;
        assert_eq!(done.text(), DONE);
        assert_eq!(shop.counts(), [3, 1, 1, 1]);
    }
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
