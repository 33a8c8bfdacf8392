//! Keys that change while calls wait for answers.
use toolwright::StateKeys;

use super::{
    shop::{Shop, order_tea},
    wire::Wire,
};

#[tokio::test]
async fn a_state_of_an_old_key_opens_and_the_next_one_is_sealed_with_the_new_key() {
    let (old, new) = ("ab".repeat(32), "cd".repeat(32));
    let keys = |text: &str| text.parse::<StateKeys>().unwrap();
    let shop = Shop::new();
    let before = Wire::to(&shop.replica_with(keys(&old))).await;
    let meanwhile = Wire::to(&shop.replica_with(keys(&format!("{new},{old}")))).await;
    let after = Wire::to(&shop.replica_with(keys(&new))).await;

    let first = before.call(&order_tea()).await;
    let second = meanwhile.call(&first.retry(&order_tea(), "Ada")).await;
    let done = after.call(&second.retry(&order_tea(), true)).await;
    assert_eq!(done.text(), "tea for Ada, receipt 1, gift: true");
    assert_eq!(shop.counts(), [3, 1, 1, 1]);
}

#[tokio::test]
async fn a_state_of_an_unknown_key_is_refused_before_anything_runs() {
    let shop = Shop::new();
    let wire = Wire::to(&shop.replica()).await;
    let other = Wire::to(&shop.replica_with(StateKeys::random())).await;
    let first = wire.call(&order_tea()).await;
    assert_eq!(other.call(&first.retry(&order_tea(), "Ada")).await.code(), -32602);
    assert_eq!(shop.counts(), [1, 1, 0, 0]);
}
