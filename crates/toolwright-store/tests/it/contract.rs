use std::time::Duration;

use bytes::Bytes;
use toolwright_store::{
    Insertion, KeyValue, MemoryKeyValue, MemoryPubSub, PubSub, SharedKeyValue, SharedPubSub, StoreError,
    Subscription, Swap, contract,
};

#[tokio::test(start_paused = true)]
async fn the_memory_stores_keep_the_contract() {
    contract::key_value(async || MemoryKeyValue::new()).await;
    contract::pub_sub(async || MemoryPubSub::new()).await;
    contract::pub_sub(async || MemoryPubSub::new().capacity(16)).await;
}

#[tokio::test(start_paused = true)]
async fn one_store_can_be_given_again_and_again() {
    let (store, bus) = (SharedKeyValue::new(MemoryKeyValue::new()), SharedPubSub::new(MemoryPubSub::new()));
    contract::key_value(async || store.clone()).await;
    contract::pub_sub(async || bus.clone()).await;
}

/// A store that breaks one rule.
struct Broken {
    inner: MemoryKeyValue,
    fault: Fault,
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    ForgetsTtl,
    InsertsAlways,
    SwapsAlways,
    DeletesSilently,
    RacyInsert,
    ProlongsOnFailure,
}

impl KeyValue for Broken {
    async fn get(&self, key: &str) -> Result<Option<Bytes>, StoreError> {
        self.inner.get(key).await
    }

    async fn put(&self, key: &str, value: Bytes, ttl: Option<Duration>) -> Result<(), StoreError> {
        self.inner.put(key, value, ttl.filter(|_| self.fault != Fault::ForgetsTtl)).await
    }

    async fn put_if_absent(
        &self,
        key: &str,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> Result<Insertion, StoreError> {
        match self.fault {
            Fault::InsertsAlways => {
                self.inner.put(key, value, ttl).await?;
                Ok(Insertion::Inserted)
            }
            Fault::RacyInsert => match self.get(key).await? {
                Some(present) => Ok(Insertion::Present(present)),
                None => {
                    tokio::task::yield_now().await;
                    self.inner.put(key, value, ttl).await?;
                    Ok(Insertion::Inserted)
                }
            },
            Fault::ProlongsOnFailure => match self.inner.put_if_absent(key, value, ttl).await? {
                Insertion::Inserted => Ok(Insertion::Inserted),
                Insertion::Present(present) => {
                    self.inner.put(key, present.clone(), ttl).await?;
                    Ok(Insertion::Present(present))
                }
            },
            _ => self.inner.put_if_absent(key, value, ttl).await,
        }
    }

    async fn compare_and_swap(
        &self,
        key: &str,
        expected: Bytes,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> Result<Swap, StoreError> {
        if self.fault == Fault::SwapsAlways {
            self.inner.put(key, value, ttl).await?;
            return Ok(Swap::Swapped);
        }
        self.inner.compare_and_swap(key, expected, value, ttl).await
    }

    async fn delete(&self, key: &str) -> Result<bool, StoreError> {
        self.inner.delete(key).await.map(|there| there || self.fault == Fault::DeletesSilently)
    }
}

/// What a panicking contract says.
async fn complaint(contract: impl Future<Output = ()> + Send + 'static) -> String {
    let panic = tokio::spawn(contract).await.expect_err("the contract should notice").into_panic();
    panic
        .downcast_ref::<String>()
        .cloned()
        .unwrap_or_else(|| (*panic.downcast_ref::<&str>().expect("a text")).into())
}

#[tokio::test(start_paused = true)]
async fn a_broken_store_is_told_which_rule_it_breaks() {
    for (fault, rule) in [
        (Fault::ForgetsTtl, "a value past its time is gone"),
        (Fault::InsertsAlways, "a present value is told"),
        (Fault::SwapsAlways, "no value is not an empty value"),
        (Fault::DeletesSilently, "deleting what is not there tells so"),
        (Fault::RacyInsert, "of many that insert exactly one succeeds"),
        (Fault::ProlongsOnFailure, "a write that fails does not prolong a value's time"),
    ] {
        let make = async move || Broken { inner: MemoryKeyValue::new(), fault };
        let complaint = complaint(contract::key_value(make)).await;
        assert!(complaint.contains(rule), "{complaint}");
    }
}

/// A bus with one topic for everything.
struct OneTopic(MemoryPubSub);

impl PubSub for OneTopic {
    async fn publish(&self, _: &str, message: Bytes) -> Result<(), StoreError> {
        self.0.publish("", message).await
    }

    async fn subscribe(&self, _: &str) -> Result<Subscription, StoreError> {
        self.0.subscribe("").await
    }
}

#[tokio::test(start_paused = true)]
async fn a_broken_bus_is_told_which_rule_it_breaks() {
    let complaint = complaint(contract::pub_sub(async || OneTopic(MemoryPubSub::new()))).await;
    assert!(complaint.contains("other topics are not delivered"), "{complaint}");
}
