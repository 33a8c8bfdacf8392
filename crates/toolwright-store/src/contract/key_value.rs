use std::time::Duration;

use bytes::Bytes;
use tokio::{task::JoinSet, time::sleep};

use crate::{Insertion, KeyValue, SharedKeyValue, Swap};

const TTL: Duration = Duration::from_millis(400);
const HALF: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(3600);

/// Checks all rules of [`KeyValue`].
///
/// `make` may give the same store again and again, but in the beginning it must have no key that starts with `contract/`.
///
/// # Panics
/// When a rule is broken or an operation fails.
pub async fn key_value<S: KeyValue>(make: impl AsyncFn() -> S) {
    reads_what_was_written(&make().await).await;
    takes_any_key_and_value(&make().await).await;
    deletes(&make().await).await;
    inserts_once(&make().await).await;
    swaps_only_the_expected(&make().await).await;
    forgets_in_time(&make().await).await;
    every_write_sets_the_time_anew(&make().await).await;
    failed_writes_leave_the_time(&make().await).await;
    let shared = SharedKeyValue::new(make().await);
    one_of_many_inserts(&shared).await;
    no_swap_is_lost(&shared).await;
}

const WORKS: &str = "the operation should work";

async fn reads_what_was_written(store: &impl KeyValue) {
    let key = "contract/written";
    assert_eq!(store.get(key).await.expect(WORKS), None, "a key never written has no value");
    store.put(key, "1".into(), None).await.expect(WORKS);
    assert_eq!(store.get(key).await.expect(WORKS), Some("1".into()), "a value is read as written");
    store.put(key, "22".into(), None).await.expect(WORKS);
    assert_eq!(store.get(key).await.expect(WORKS), Some("22".into()), "a second value replaces the first");
    assert_eq!(store.get("contract/writte").await.expect(WORKS), None, "a prefix of a key is another key");
}

async fn takes_any_key_and_value(store: &impl KeyValue) {
    let all_bytes: Bytes = (0..=u8::MAX).collect::<Vec<_>>().into();
    for key in ["contract/", "contract/ \n\t*?[x]{y}:%00", "contract/ünï/コード", &"contract/long".repeat(64)]
    {
        for value in [Bytes::new(), all_bytes.clone(), vec![7; 100_000].into()] {
            store.put(key, value.clone(), None).await.expect(WORKS);
            let read = store.get(key).await.expect(WORKS);
            assert!(read == Some(value), "any bytes under any key are read as written, also at {key:?}");
        }
    }
}

async fn deletes(store: &impl KeyValue) {
    let key = "contract/deleted";
    assert!(!store.delete(key).await.expect(WORKS), "deleting what is not there tells so");
    store.put(key, "1".into(), Some(LONG)).await.expect(WORKS);
    assert!(store.delete(key).await.expect(WORKS), "deleting what is there tells so");
    assert_eq!(store.get(key).await.expect(WORKS), None, "a deleted key has no value");
    assert!(!store.delete(key).await.expect(WORKS), "a key is deleted once");
}

async fn inserts_once(store: &impl KeyValue) {
    let key = "contract/inserted";
    let first = store.put_if_absent(key, "1".into(), None).await.expect(WORKS);
    assert_eq!(first, Insertion::Inserted, "an absent key takes a value");
    let second = store.put_if_absent(key, "2".into(), None).await.expect(WORKS);
    assert_eq!(second, Insertion::Present("1".into()), "a present value is told");
    assert_eq!(store.get(key).await.expect(WORKS), Some("1".into()), "a present value stays");
    store.delete(key).await.expect(WORKS);
    let third = store.put_if_absent(key, "3".into(), None).await.expect(WORKS);
    assert_eq!(third, Insertion::Inserted, "a deleted key takes a value");
}

async fn swaps_only_the_expected(store: &impl KeyValue) {
    let key = "contract/swapped";
    let swap = store.compare_and_swap(key, Bytes::new(), "1".into(), None).await.expect(WORKS);
    assert_eq!(swap, Swap::Different(None), "no value is not an empty value");
    assert_eq!(store.get(key).await.expect(WORKS), None, "a failed swap writes nothing");
    store.put(key, "1".into(), None).await.expect(WORKS);
    let swap = store.compare_and_swap(key, "0".into(), "2".into(), None).await.expect(WORKS);
    assert_eq!(swap, Swap::Different(Some("1".into())), "the current value is told");
    let swap = store.compare_and_swap(key, "1".into(), "2".into(), None).await.expect(WORKS);
    assert_eq!(swap, Swap::Swapped, "the expected value is replaced");
    assert_eq!(store.get(key).await.expect(WORKS), Some("2".into()), "a swap writes");
}

async fn forgets_in_time(store: &impl KeyValue) {
    let key = "contract/expired";
    store.put(key, "1".into(), Some(TTL)).await.expect(WORKS);
    sleep(HALF).await;
    assert_eq!(store.get(key).await.expect(WORKS), Some("1".into()), "a value lives until its time");
    sleep(TTL).await;
    assert_eq!(store.get(key).await.expect(WORKS), None, "a value past its time is gone");
    assert!(!store.delete(key).await.expect(WORKS), "a value past its time cannot be deleted");
    let swap = store.compare_and_swap(key, "1".into(), "2".into(), None).await.expect(WORKS);
    assert_eq!(swap, Swap::Different(None), "a value past its time cannot be swapped");
    let insertion = store.put_if_absent(key, "3".into(), Some(TTL)).await.expect(WORKS);
    assert_eq!(insertion, Insertion::Inserted, "a value past its time makes room");
    sleep(TTL + HALF).await;
    assert_eq!(store.get(key).await.expect(WORKS), None, "an inserted value has a time, too");
}

async fn every_write_sets_the_time_anew(store: &impl KeyValue) {
    let [kept, renewed, shortened, swapped] =
        ["kept", "renewed", "shortened", "swapped"].map(|name| format!("contract/time/{name}"));
    for (key, ttl) in [(&kept, TTL), (&renewed, TTL), (&shortened, LONG), (&swapped, TTL)] {
        store.put(key, "1".into(), Some(ttl)).await.expect(WORKS);
    }
    store.put(&kept, "2".into(), None).await.expect(WORKS);
    store.put(&renewed, "2".into(), Some(LONG)).await.expect(WORKS);
    store.put(&shortened, "2".into(), Some(TTL)).await.expect(WORKS);
    store.compare_and_swap(&swapped, "1".into(), "2".into(), Some(LONG)).await.expect(WORKS);
    sleep(TTL + HALF).await;
    let two = Some(Bytes::from("2"));
    assert_eq!(store.get(&kept).await.expect(WORKS), two, "a write without a time ends an earlier one");
    assert_eq!(store.get(&renewed).await.expect(WORKS), two, "a write with a longer time counts");
    assert_eq!(store.get(&shortened).await.expect(WORKS), None, "a write with a shorter time counts");
    assert_eq!(store.get(&swapped).await.expect(WORKS), two, "a swap sets the time");
}

async fn failed_writes_leave_the_time(store: &impl KeyValue) {
    let key = "contract/time/left";
    store.put(key, "1".into(), Some(TTL)).await.expect(WORKS);
    store.put_if_absent(key, "2".into(), Some(LONG)).await.expect(WORKS);
    store.compare_and_swap(key, "0".into(), "2".into(), None).await.expect(WORKS);
    sleep(TTL + HALF).await;
    assert_eq!(
        store.get(key).await.expect(WORKS),
        None,
        "a write that fails does not prolong a value's time"
    );
}

async fn one_of_many_inserts(store: &SharedKeyValue) {
    let mut tasks = JoinSet::new();
    for number in 0..32 {
        let store = store.clone();
        tasks.spawn(async move {
            let value = Bytes::from(number.to_string());
            let insertion = store.put_if_absent("contract/claimed", value.clone(), None).await.expect(WORKS);
            (value, insertion)
        });
    }
    let outcomes = tasks.join_all().await;
    let winners: Vec<_> = outcomes
        .iter()
        .filter(|(_, insertion)| *insertion == Insertion::Inserted)
        .map(|(value, _)| value)
        .collect();
    assert_eq!(winners.len(), 1, "of many that insert exactly one succeeds");
    for (_, insertion) in &outcomes {
        if let Insertion::Present(present) = insertion {
            assert_eq!(present, winners[0], "all others see the value of the one");
        }
    }
}

async fn no_swap_is_lost(store: &SharedKeyValue) {
    let key = "contract/counted";
    store.put(key, "0".into(), None).await.expect(WORKS);
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let store = store.clone();
        tasks.spawn(async move {
            for _ in 0..25 {
                let mut seen = store.get(key).await.expect(WORKS).expect("the counter is there");
                loop {
                    let number: u32 =
                        String::from_utf8_lossy(&seen).parse().expect("the counter is a number");
                    let next = Bytes::from((number + 1).to_string());
                    match store.compare_and_swap(key, seen, next, None).await.expect(WORKS) {
                        Swap::Swapped => break,
                        Swap::Different(current) => seen = current.expect("the counter is there"),
                    }
                    tokio::task::yield_now().await;
                }
            }
        });
    }
    tasks.join_all().await;
    assert_eq!(store.get(key).await.expect(WORKS), Some("200".into()), "of many that swap none is lost");
}
