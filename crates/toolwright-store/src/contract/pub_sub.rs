use std::time::Duration;

use bytes::Bytes;
use tokio::time::timeout;

use crate::{Delivery, PubSub, SharedPubSub, Subscription};

const PATIENCE: Duration = Duration::from_secs(10);
const MOMENT: Duration = Duration::from_millis(100);

/// Checks all rules of [`PubSub`].
///
/// `make` may give the same store again and again, but nobody else may publish to topics that start with `contract/`.
///
/// # Panics
/// When a rule is broken or an operation fails.
pub async fn pub_sub<S: PubSub>(make: impl AsyncFn() -> S) {
    delivers_in_order(&make().await).await;
    keeps_nothing(&make().await).await;
    keeps_topics_apart(&make().await).await;
    delivers_to_all(&make().await).await;
    waiting_can_be_given_up(&make().await).await;
    slow_subscribers_are_told(&make().await).await;
    works_behind_a_handle(&SharedPubSub::new(make().await)).await;
}

const WORKS: &str = "the operation should work";

async fn next(subscription: &mut Subscription) -> Delivery {
    timeout(PATIENCE, subscription.next())
        .await
        .expect("a published message arrives within ten seconds")
        .expect("a subscription lasts as long as its store")
}

async fn nothing(subscription: &mut Subscription, rule: &str) {
    if let Ok(delivery) = timeout(MOMENT, subscription.next()).await {
        panic!("{rule}, but {delivery:?} came");
    }
}

fn message(text: impl ToString) -> Delivery {
    Delivery::Message(text.to_string().into())
}

async fn delivers_in_order(store: &impl PubSub) {
    let topic = "contract/order";
    let mut subscription = store.subscribe(topic).await.expect(WORKS);
    for number in 0..10 {
        store.publish(topic, number.to_string().into()).await.expect(WORKS);
    }
    for number in 0..10 {
        assert_eq!(next(&mut subscription).await, message(number), "messages arrive in their order");
    }
    let all_bytes: Bytes = (0..=u8::MAX).collect::<Vec<_>>().into();
    for bytes in [Bytes::new(), all_bytes] {
        store.publish(topic, bytes.clone()).await.expect(WORKS);
        assert_eq!(next(&mut subscription).await, Delivery::Message(bytes), "any bytes arrive as they are");
    }
    nothing(&mut subscription, "each message arrives once").await;
}

async fn keeps_nothing(store: &impl PubSub) {
    let topic = "contract/nothing";
    store.publish(topic, "early".into()).await.expect(WORKS);
    let mut subscription = store.subscribe(topic).await.expect(WORKS);
    nothing(&mut subscription, "what was published before the subscription is not delivered").await;
    drop(subscription);
    store.publish(topic, "between".into()).await.expect(WORKS);
    let mut subscription = store.subscribe(topic).await.expect(WORKS);
    nothing(&mut subscription, "what was published between two subscriptions is not delivered").await;
    store.publish(topic, "late".into()).await.expect(WORKS);
    assert_eq!(next(&mut subscription).await, message("late"), "a second subscription works like the first");
}

async fn keeps_topics_apart(store: &impl PubSub) {
    let mut one = store.subscribe("contract/apart/one").await.expect(WORKS);
    let mut pattern = store.subscribe("contract/apart/*").await.expect(WORKS);
    store.publish("contract/apart/two", "2".into()).await.expect(WORKS);
    store.publish("contract/apart", "3".into()).await.expect(WORKS);
    store.publish("contract/apart/one", "1".into()).await.expect(WORKS);
    assert_eq!(next(&mut one).await, message(1), "other topics are not delivered");
    nothing(&mut pattern, "a topic is a name, not a pattern").await;
}

async fn delivers_to_all(store: &impl PubSub) {
    let topic = "contract/all";
    let mut one = store.subscribe(topic).await.expect(WORKS);
    let mut two = store.subscribe(topic).await.expect(WORKS);
    store.publish(topic, "1".into()).await.expect(WORKS);
    assert_eq!(next(&mut one).await, message(1), "every subscription gets every message");
    drop(one);
    store.publish(topic, "2".into()).await.expect(WORKS);
    assert_eq!(next(&mut two).await, message(1), "every subscription gets every message");
    assert_eq!(next(&mut two).await, message(2), "a subscription that ends leaves the others alone");
}

async fn waiting_can_be_given_up(store: &impl PubSub) {
    let topic = "contract/given-up";
    let mut subscription = store.subscribe(topic).await.expect(WORKS);
    for number in 0..5 {
        nothing(&mut subscription, "nothing was published").await;
        store.publish(topic, number.to_string().into()).await.expect(WORKS);
        assert_eq!(next(&mut subscription).await, message(number), "waiting that was given up loses nothing");
    }
}

async fn slow_subscribers_are_told(store: &impl PubSub) {
    const MANY: u32 = 10_000;
    let topic = "contract/slow";
    let mut subscription = store.subscribe(topic).await.expect(WORKS);
    for number in 1..=MANY {
        timeout(PATIENCE, store.publish(topic, number.to_string().into()))
            .await
            .expect("publishing does not wait for a slow subscriber")
            .expect(WORKS);
    }
    let (mut last, mut lagged) = (0, false);
    while last < MANY {
        match next(&mut subscription).await {
            Delivery::Lagged(_) => lagged = true,
            Delivery::Message(text) => {
                let number: u32 =
                    String::from_utf8_lossy(&text).parse().expect("messages arrive as they are");
                assert!(
                    number > last,
                    "messages arrive in their order and once, but {number} came after {last}"
                );
                assert!(
                    lagged || number == last + 1,
                    "who misses messages is told, but {number} came right after {last}"
                );
                (last, lagged) = (number, false);
            }
        }
    }
}

async fn works_behind_a_handle(store: &SharedPubSub) {
    let mut subscription = store.clone().subscribe("contract/handle").await.expect(WORKS);
    store.publish("contract/handle", "1".into()).await.expect(WORKS);
    assert_eq!(next(&mut subscription).await, message(1), "a handle and its clones are the same store");
}
