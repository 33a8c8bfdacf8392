//! A server whose only tool asks twice and has an effect before, between and after.
use std::sync::Arc;

use tokio::sync::Semaphore;
use toolwright::{
    ServerBuilder, StateKeys,
    prelude::{serde_json::Value, *},
    store::SharedKeyValue,
    testing::Effects,
};

use super::super::RUN;

/// What all replicas have.
#[derive(Clone)]
pub(super) struct Shop {
    pub(super) effects: Effects,
    pub(super) keys: StateKeys,
    pub(super) store: Option<SharedKeyValue>,
    /// What a charge waits for, where a test wants to come between.
    pub(super) gate: Arc<Semaphore>,
    /// The idempotency keys that charges were made with.
    pub(super) charges: Arc<std::sync::Mutex<Vec<String>>>,
}

impl Shop {
    /// Replicas that share a store.
    pub(super) fn new() -> Self {
        Self {
            effects: Effects::new(),
            keys: StateKeys::random(),
            store: Some(SharedKeyValue::new(toolwright::store::MemoryKeyValue::new())),
            gate: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            charges: Arc::default(),
        }
    }

    /// Replicas that share nothing but keys.
    pub(super) fn without_store() -> Self {
        Self { store: None, ..Self::new() }
    }

    /// Charges wait until the gate is opened.
    pub(super) fn gated() -> Self {
        Self { gate: Arc::new(Semaphore::new(0)), ..Self::new() }
    }

    pub(super) fn replica(&self) -> Server {
        self.replica_with(self.keys.clone())
    }

    pub(super) fn builder(&self) -> ServerBuilder {
        Server::builder("shop").state(self.clone()).tools(tools![order, cancel])
    }

    pub(super) fn replica_with(&self, keys: StateKeys) -> Server {
        let builder = self.builder().state_keys(keys);
        let builder = match &self.store {
            Some(store) => builder.journal_store(store.clone()),
            None => builder,
        };
        builder.build().expect("the server is sound")
    }

    /// How often the handler ran, and how often each of its effects happened.
    pub(super) fn counts(&self) -> [usize; 4] {
        [RUN, "reserve", "charge", "ship"].map(|effect| self.effects.count(effect))
    }
}

/// The call that the tests make.
pub(super) fn order_tea() -> Value {
    json!({ "name": "order", "arguments": { "what": "tea" } })
}

#[tool]
async fn order(ctx: &Context, shop: State<Shop>, what: String) -> Result<String, HandlerError> {
    let shop: &Shop = &shop;
    let effects = &shop.effects;
    effects.at_least_once(RUN);
    ctx.once("reserve", |_| async {
        effects.exactly_once("reserve");
        Ok::<_, HandlerError>(())
    })
    .await?;
    let whom: String = ctx.elicit("For whom?").key("whom").await?.accepted()?;
    let receipt: usize = ctx
        .once("charge", |key| async move {
            shop.charges.lock().expect("nothing panics while it holds this").push(key.to_string());
            shop.effects.once_for(&key, "charge by key");
            shop.gate.acquire().await?.forget();
            shop.effects.exactly_once("charge");
            Ok::<_, HandlerError>(shop.effects.count("charge"))
        })
        .await?;
    let gift: bool = ctx.elicit("As a gift?").key("gift").await?.accepted()?;
    ctx.once("ship", |_| async {
        effects.exactly_once("ship");
        Ok::<_, HandlerError>(())
    })
    .await?;
    Ok(format!("{what} for {whom}, receipt {receipt}, gift: {gift}"))
}

/// Another tool with the same arguments.
#[tool]
async fn cancel(ctx: &Context, shop: State<Shop>, what: String) -> Result<String, HandlerError> {
    shop.effects.at_least_once(RUN);
    let whom: String = ctx.elicit("For whom?").key("whom").await?.accepted()?;
    Ok(format!("cancelled {what} for {whom}"))
}
