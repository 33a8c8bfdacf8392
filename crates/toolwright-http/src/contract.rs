//! What every event store has to do, as a function to run in one's own tests.
//!
//! # Example
//! ```
//! use toolwright_http::{MemoryEventStore, contract};
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() {
//!     contract::event_store(async || MemoryEventStore::new()).await;
//! }
//! ```
use bytes::Bytes;

use crate::{EventStore, SharedEventStore};

const WORKS: &str = "the operation should work";

/// Checks all rules of [`EventStore`], with few and small events, which any bound should allow.
///
/// `make` may give the same store again and again, but in the beginning it must know no session that starts with `contract-`.
///
/// # Panics
/// With the rule that is broken, or when an operation fails.
pub async fn event_store<S: EventStore>(make: impl AsyncFn() -> S) {
    replays_what_followed(&make().await).await;
    keeps_streams_apart(&make().await).await;
    takes_the_same_event_twice(&make().await).await;
    keeps_any_bytes(&make().await).await;
    forgets_a_stream(&make().await).await;
    forgets_a_session(&make().await).await;
    let shared = SharedEventStore::new(make().await);
    replays_what_followed_in(&shared, "contract-shared").await;
}

async fn replays_what_followed(store: &impl EventStore) {
    replays_what_followed_in(store, "contract-replay").await;
}

async fn replays_what_followed_in(store: &impl EventStore, session: &str) {
    assert!(store.after(session, 1, 0).await.expect(WORKS).is_empty(), "an unknown stream has no events");
    for sequence in 1..=12 {
        store.append(session, 1, sequence, Bytes::from(sequence.to_string())).await.expect(WORKS);
    }
    let all = store.after(session, 1, 0).await.expect(WORKS);
    let expected: Vec<_> = (1..=12).map(|sequence| (sequence, Bytes::from(sequence.to_string()))).collect();
    assert_eq!(all, expected, "all events of a stream come in the order of their numbers");
    assert_eq!(store.after(session, 1, 9).await.expect(WORKS), expected[9..], "only those that follow");
    assert!(store.after(session, 1, 12).await.expect(WORKS).is_empty(), "nothing follows the last one");
    assert!(store.after(session, 1, u64::MAX).await.expect(WORKS).is_empty(), "nor a number never given");
}

async fn keeps_streams_apart(store: &impl EventStore) {
    let events = [("contract-a", 1, "a1"), ("contract-a", 2, "a2"), ("contract-b", 1, "b1")];
    for (session, stream, event) in events {
        store.append(session, stream, 1, event.into()).await.expect(WORKS);
    }
    for (session, stream, event) in events {
        let kept = store.after(session, stream, 0).await.expect(WORKS);
        assert_eq!(kept, [(1, event.into())], "a stream replays no event of another stream or session");
    }
}

async fn takes_the_same_event_twice(store: &impl EventStore) {
    for _ in 0..2 {
        store.append("contract-twice", 1, 1, "once".into()).await.expect(WORKS);
    }
    let kept = store.after("contract-twice", 1, 0).await.expect(WORKS);
    assert_eq!(kept, [(1, "once".into())], "the same event appended again is one event");
}

async fn keeps_any_bytes(store: &impl EventStore) {
    let all: Bytes = (0..=u8::MAX).collect::<Vec<_>>().into();
    for (sequence, event) in [(1, all), (2, Bytes::new())] {
        store.append("contract-bytes", 1, sequence, event.clone()).await.expect(WORKS);
        let kept = store.after("contract-bytes", 1, sequence - 1).await.expect(WORKS);
        assert_eq!(kept, [(sequence, event)], "events are any bytes, also none");
    }
}

async fn forgets_a_stream(store: &impl EventStore) {
    for stream in [1, 2] {
        store.append("contract-forget", stream, 1, "event".into()).await.expect(WORKS);
    }
    store.forget("contract-forget", 1).await.expect(WORKS);
    store.forget("contract-forget", 7).await.expect(WORKS);
    assert!(store.after("contract-forget", 1, 0).await.expect(WORKS).is_empty(), "a stream is forgotten");
    assert_eq!(store.after("contract-forget", 2, 0).await.expect(WORKS).len(), 1, "its sibling is not");
}

async fn forgets_a_session(store: &impl EventStore) {
    for session in ["contract-gone", "contract-gone-not"] {
        for stream in [0, 1] {
            store.append(session, stream, 1, "event".into()).await.expect(WORKS);
        }
    }
    store.forget_session("contract-gone").await.expect(WORKS);
    store.forget_session("contract-never-seen").await.expect(WORKS);
    for stream in [0, 1] {
        let kept = store.after("contract-gone", stream, 0).await.expect(WORKS);
        assert!(kept.is_empty(), "all streams of a session are forgotten");
        let kept = store.after("contract-gone-not", stream, 0).await.expect(WORKS);
        assert_eq!(kept.len(), 1, "a session whose name only begins alike is another one");
    }
}
