use toolwright_store::{Delivery, MemoryPubSub, PubSub};

#[tokio::test]
async fn a_slow_subscriber_learns_how_many_messages_it_missed() {
    let bus = MemoryPubSub::new().capacity(4);
    let mut subscription = bus.subscribe("t").await.unwrap();
    for number in 0..10 {
        bus.publish("t", number.to_string().into()).await.unwrap();
    }
    assert_eq!(subscription.next().await, Some(Delivery::Lagged(6)));
    for number in 6..10 {
        assert_eq!(subscription.next().await, Some(Delivery::Message(number.to_string().into())));
    }
}

#[tokio::test]
async fn a_topic_lasts_as_long_as_somebody_listens() {
    let bus = MemoryPubSub::new();
    bus.publish("t", "1".into()).await.unwrap();
    assert_eq!(bus.topics(), 0);
    let (one, two) = (bus.subscribe("t").await.unwrap(), bus.subscribe("t").await.unwrap());
    let other = bus.subscribe("u").await.unwrap();
    assert_eq!(bus.topics(), 2);
    drop(one);
    drop(other);
    assert_eq!(bus.topics(), 1);
    drop(two);
    assert_eq!(bus.topics(), 0);
}

#[tokio::test]
async fn a_subscription_ends_with_its_bus_but_delivers_what_was_sent() {
    let bus = MemoryPubSub::new();
    let mut subscription = bus.subscribe("t").await.unwrap();
    bus.publish("t", "1".into()).await.unwrap();
    drop(bus);
    assert_eq!(subscription.next().await, Some(Delivery::Message("1".into())));
    assert_eq!(subscription.next().await, None);
    assert_eq!(subscription.next().await, None);
}

#[tokio::test]
async fn any_capacity_is_accepted() {
    for capacity in [0, usize::MAX] {
        let bus = MemoryPubSub::new().capacity(capacity);
        let mut subscription = bus.subscribe("t").await.unwrap();
        bus.publish("t", "1".into()).await.unwrap();
        assert_eq!(subscription.next().await, Some(Delivery::Message("1".into())));
    }
}
