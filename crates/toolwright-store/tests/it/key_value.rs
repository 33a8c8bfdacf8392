use std::time::Duration;

use toolwright_store::{KeyValue, MemoryKeyValue, StoreError, Swap};

const SECOND: Option<Duration> = Some(Duration::from_secs(1));

#[track_caller]
fn full(result: Result<(), StoreError>, limit: &str) {
    let text = result.expect_err("the store should be full").to_string();
    assert_eq!(
        text,
        format!(
            "the store is full ({limit}); raise its limit, let values expire sooner, or use a larger store"
        )
    );
}

#[tokio::test(start_paused = true)]
async fn a_full_store_refuses_new_keys_until_others_expire() {
    let store = MemoryKeyValue::new().max_entries(2);
    store.put("a", "1".into(), SECOND).await.unwrap();
    store.put("b", "1".into(), None).await.unwrap();
    full(store.put("c", "1".into(), None).await, "at most 2 entries");
    store.put("b", "2".into(), None).await.unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    store.put("c", "1".into(), None).await.unwrap();
    full(store.put("d", "1".into(), None).await, "at most 2 entries");
    assert!(store.delete("b").await.unwrap());
    store.put("d", "1".into(), None).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn bytes_of_keys_and_values_count() {
    let store = MemoryKeyValue::new().max_bytes(10);
    store.put("key", "1234567".into(), SECOND).await.unwrap();
    full(store.put("k", "".into(), None).await, "at most 10 bytes");
    full(store.put("key", "12345678".into(), None).await, "at most 10 bytes");
    assert_eq!(store.get("key").await.unwrap().unwrap(), "1234567", "a refused write leaves the old value");
    store.put("key", "123456".into(), SECOND).await.unwrap();
    store.put("k", "".into(), None).await.unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    store.put("k", "123456789".into(), None).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn extreme_times_are_no_trouble() {
    let store = MemoryKeyValue::new();
    store.put("never", "1".into(), Some(Duration::MAX)).await.unwrap();
    store.put("at once", "1".into(), Some(Duration::ZERO)).await.unwrap();
    assert_eq!(store.get("at once").await.unwrap(), None);
    tokio::time::advance(Duration::from_secs(1_000_000_000)).await;
    assert_eq!(store.get("never").await.unwrap().unwrap(), "1");
}

#[tokio::test(start_paused = true)]
async fn rewriting_a_key_leaves_no_old_deadline_behind() {
    let store = MemoryKeyValue::new();
    for seconds in 1..100 {
        store.put("a", "1".into(), Some(Duration::from_secs(seconds))).await.unwrap();
    }
    tokio::time::advance(Duration::from_secs(98)).await;
    assert_eq!(
        store.compare_and_swap("a", "1".into(), "2".into(), None).await.unwrap(),
        Swap::Swapped,
        "the last time counts"
    );
    tokio::time::advance(Duration::from_secs(10)).await;
    assert_eq!(store.get("a").await.unwrap().unwrap(), "2");
}
