//! States that somebody changed, or sends with another request.
use toolwright::core::joint::Principal as Caller;
use toolwright::prelude::*;

use super::{
    shop::{Shop, order_tea},
    wire::Wire,
};

#[tokio::test]
async fn a_state_that_was_changed_is_refused_before_anything_runs() {
    let shop = Shop::new();
    let wire = Wire::to(&shop.replica()).await;
    let first = wire.call(&order_tea()).await;
    let retry = first.retry(&order_tea(), "Ada");
    let state = first.state().to_owned();
    let at = state.len() / 2;
    let other = if state.as_bytes()[at] == b'A' { "B" } else { "A" };
    let flipped = format!("{}{other}{}", &state[..at], &state[at + 1..]);
    let states = [
        json!(flipped),
        json!(&state[..at]),
        json!(format!("{state}A")),
        json!(""),
        json!("nonsense"),
        json!(7),
        json!(null),
    ];
    for changed in states {
        let mut retry = retry.clone();
        retry["requestState"] = changed.clone();
        assert_eq!(wire.call(&retry).await.code(), -32602, "{changed}");
    }
    assert_eq!(shop.counts(), [1, 1, 0, 0]);
    assert_eq!(wire.call(&retry).await.questions(), ["gift"], "the true state is still good");
}

#[tokio::test]
async fn a_state_is_good_for_its_own_caller_only() {
    let shop = Shop::new();
    let server = shop.replica();
    let ada = Wire::of(&server, Some(Caller::new("ada"))).await;
    let eve = Wire::of(&server, Some(Caller::new("eve"))).await;
    let nobody = Wire::to(&server).await;
    let of_ada = ada.call(&order_tea()).await.retry(&order_tea(), "Ada");
    let of_nobody = nobody.call(&order_tea()).await.retry(&order_tea(), "Ada");
    for (wire, retry) in [(&eve, &of_ada), (&nobody, &of_ada), (&ada, &of_nobody)] {
        assert_eq!(wire.call(retry).await.code(), -32602);
    }
    assert_eq!(shop.counts(), [2, 2, 0, 0]);
    for (wire, retry) in [(&ada, &of_ada), (&nobody, &of_nobody)] {
        assert_eq!(wire.call(retry).await.questions(), ["gift"]);
    }
}

#[tokio::test]
async fn a_state_is_good_for_its_own_arguments_only_however_they_are_written() {
    let shop = Shop::new();
    let wire = Wire::to(&shop.replica()).await;
    let retry = wire.call(&order_tea()).await.retry(&order_tea(), "Ada");
    let mut coffee = retry.clone();
    coffee["arguments"]["what"] = "coffee".into();
    let mut cancel = retry.clone();
    cancel["name"] = "cancel".into();
    let mut without = retry.clone();
    without.as_object_mut().unwrap().remove("arguments");
    for other in [coffee, cancel, without] {
        assert_eq!(wire.call(&other).await.code(), -32602, "{other}");
    }
    assert_eq!(shop.counts(), [1, 1, 0, 0]);
    assert_eq!(wire.call(&retry).await.questions(), ["gift"]);
}
