//! Rounds that are sent more than once, to servers that share a store.
use std::{
    future::pending,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::{sync::Semaphore, task::JoinHandle};
use toolwright_core::joint::Limits;
use toolwright_server::{Context, HandlerError, Server, ServerBuilder, StateKeys, Tool};
use toolwright_store::{Insertion, KeyValue, MemoryKeyValue, SharedKeyValue, StoreError, Swap};

use super::{Caller, state, text, yes};

/// What the replicas of a shop have in common.
#[derive(Clone)]
struct Shop {
    keys: StateKeys,
    store: SharedKeyValue,
    world: Arc<World>,
}

struct World {
    runs: AtomicUsize,
    /// The idempotency keys of the steps that began.
    begun: Mutex<Vec<String>>,
    charged: AtomicUsize,
    /// What the first step waits for before it begins.
    door: Semaphore,
    /// What a charge waits for.
    gate: Semaphore,
}

impl Shop {
    fn new() -> Self {
        let world = World {
            runs: AtomicUsize::new(0),
            begun: Mutex::default(),
            charged: AtomicUsize::new(0),
            door: Semaphore::new(Semaphore::MAX_PERMITS),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
        };
        Self {
            keys: StateKeys::random(),
            store: SharedKeyValue::new(MemoryKeyValue::new()),
            world: Arc::new(world),
        }
    }

    /// Charges wait until they are let through.
    fn closed() -> Self {
        let shop = Self::new();
        shop.world.gate.forget_permits(Semaphore::MAX_PERMITS);
        shop
    }

    fn builder(&self) -> ServerBuilder {
        let world = Arc::clone(&self.world);
        let buy = Tool::new("buy").handler(move |context: Context| {
            let world = Arc::clone(&world);
            async move { buy(&context, &world).await }
        });
        let limits = Limits::default().request_timeout(Duration::from_secs(600));
        Server::builder("shop").state_keys(self.keys.clone()).limits(limits).tool(buy)
    }

    fn replica(&self) -> Caller {
        self.replica_with(self.store.clone())
    }

    fn replica_with(&self, store: impl KeyValue) -> Caller {
        Caller::tool(&self.builder().journal_store(store).build().unwrap(), "buy")
    }

    fn runs(&self) -> usize {
        self.world.runs.load(Ordering::SeqCst)
    }

    /// How many steps began, and how many charges were made.
    fn steps(&self) -> (usize, usize) {
        (self.begun().len(), self.world.charged.load(Ordering::SeqCst))
    }

    fn begun(&self) -> Vec<String> {
        self.world.begun.lock().unwrap().clone()
    }

    /// Waits until so many steps began.
    async fn until_begun(&self, n: usize) {
        while self.begun().len() < n {
            tokio::task::yield_now().await;
        }
    }
}

/// Asks whether to buy, takes two steps, and asks whether to send a mail.
async fn buy(context: &Context, world: &World) -> Result<String, HandlerError> {
    world.runs.fetch_add(1, Ordering::SeqCst);
    let sure = context.confirm("Sure?").key("sure").await?;
    world.door.acquire().await.unwrap().forget();
    let begin = |key: &toolwright_server::IdempotencyKey| world.begun.lock().unwrap().push(key.to_string());
    context
        .once("reserve", async |key| {
            begin(&key);
            Ok::<_, HandlerError>(())
        })
        .await?;
    let receipt: usize = context
        .once("charge", async |key| {
            begin(&key);
            world.gate.acquire().await.unwrap().forget();
            Ok::<_, HandlerError>(world.charged.fetch_add(1, Ordering::SeqCst) + 1)
        })
        .await?;
    let mail = context.confirm("By mail?").key("mail").await?;
    Ok(format!("sure: {sure}, receipt {receipt}, mail: {mail}"))
}

const DONE: &str = "sure: true, receipt 1, mail: true";

fn sure(value: bool) -> Value {
    json!({ "sure": yes(value) })
}

fn mail(value: bool) -> Value {
    json!({ "mail": yes(value) })
}

/// Calls again in a task.
fn spawn(caller: &Caller, asked: &Value, answers: Value) -> JoinHandle<Value> {
    let request = caller.request(json!({ "requestState": state(asked), "inputResponses": answers }));
    let reply = caller.wire.call(request.to_string());
    tokio::spawn(async move { serde_json::from_slice(&reply.await.body.unwrap()).unwrap() })
}

/// The way to a store, of one replica.
#[derive(Clone)]
struct Way {
    store: SharedKeyValue,
    state: Arc<AtomicU8>,
}

const BROKEN: u8 = 1;
const CUT: u8 = 2;

impl Way {
    fn to(store: &SharedKeyValue) -> Self {
        Self { store: store.clone(), state: Arc::default() }
    }

    fn becomes(&self, state: u8) {
        self.state.store(state, Ordering::SeqCst);
    }

    async fn go(&self) -> Result<&SharedKeyValue, StoreError> {
        match self.state.load(Ordering::SeqCst) {
            BROKEN => Err(StoreError::unavailable("it is down")),
            CUT => pending().await,
            _ => Ok(&self.store),
        }
    }
}

impl KeyValue for Way {
    async fn get(&self, key: &str) -> Result<Option<Bytes>, StoreError> {
        self.go().await?.get(key).await
    }

    async fn put(&self, key: &str, value: Bytes, ttl: Option<Duration>) -> Result<(), StoreError> {
        self.go().await?.put(key, value, ttl).await
    }

    async fn put_if_absent(
        &self,
        key: &str,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> Result<Insertion, StoreError> {
        self.go().await?.put_if_absent(key, value, ttl).await
    }

    async fn compare_and_swap(
        &self,
        key: &str,
        expected: Bytes,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> Result<Swap, StoreError> {
        self.go().await?.compare_and_swap(key, expected, value, ttl).await
    }

    async fn delete(&self, key: &str) -> Result<bool, StoreError> {
        self.go().await?.delete(key).await
    }
}

#[tokio::test]
async fn a_round_that_is_sent_twice_runs_once_and_has_one_reply() {
    let shop = Shop::new();
    let (one, other) = (shop.replica(), shop.replica());
    let first = one.start().await;
    let second = one.again(&first, sure(true)).await;
    assert_eq!(one.again(&first, sure(true)).await, second, "the state included");
    assert_eq!(other.again(&first, sure(true)).await, second);
    assert_eq!((shop.runs(), shop.steps()), (2, (2, 1)));
    assert_eq!(text(&other.again(&second, mail(true)).await), DONE);
    assert_eq!((shop.runs(), shop.steps()), (3, (2, 1)));
}

#[tokio::test]
async fn the_reply_has_the_id_of_the_request_that_gets_it() {
    let shop = Shop::new();
    let caller = shop.replica();
    let first = caller.start().await;
    let mut request = caller.request(json!({ "requestState": state(&first), "inputResponses": sure(true) }));
    let mut one = caller.wire.ask(request.clone()).await;
    request["id"] = "again".into();
    let other = caller.wire.ask(request).await;
    assert_eq!((&one["id"], &other["id"]), (&json!(1), &json!("again")));
    one["id"] = other["id"].clone();
    assert_eq!(one, other);
}

#[tokio::test(start_paused = true)]
async fn rounds_at_the_same_time_run_once_and_all_get_the_reply() {
    let shop = Shop::closed();
    let replicas = [shop.replica(), shop.replica()];
    let first = replicas[0].start().await;
    let calls: Vec<_> =
        replicas.iter().chain(&replicas).map(|caller| spawn(caller, &first, sure(true))).collect();
    shop.until_begun(2).await;
    shop.world.gate.add_permits(9);
    let mut replies = Vec::new();
    for call in calls {
        replies.push(call.await.unwrap());
    }
    assert!(replies.iter().all(|reply| *reply == replies[0]), "{replies:?}");
    assert_eq!((shop.runs(), shop.steps()), (2, (2, 1)));
}

#[tokio::test]
async fn after_the_call_is_over_an_old_state_gets_what_its_round_came_to_whatever_the_answers() {
    let shop = Shop::new();
    let (one, other) = (shop.replica(), shop.replica());
    let first = one.start().await;
    let second = one.again(&first, sure(true)).await;
    let done = one.again(&second, mail(true)).await;
    assert_eq!(text(&done), DONE);
    for caller in [one, other] {
        assert_eq!(caller.again(&second, mail(true)).await, done);
        assert_eq!(caller.again(&second, mail(false)).await, done);
        assert_eq!(caller.again(&first, sure(false)).await, second);
    }
    assert_eq!((shop.runs(), shop.steps()), (3, (2, 1)));
}

#[tokio::test]
async fn a_call_from_scratch_is_another_one() {
    let shop = Shop::new();
    let caller = shop.replica();
    for count in 1..=2 {
        let first = caller.start().await;
        let second = caller.again(&first, sure(true)).await;
        let done = caller.again(&second, mail(true)).await;
        assert_eq!(text(&done), format!("sure: true, receipt {count}, mail: true"));
    }
}

#[tokio::test]
async fn without_a_store_a_round_that_is_sent_twice_runs_twice_with_the_same_idempotency_keys() {
    let shop = Shop::new();
    let caller = Caller::tool(&shop.builder().build().unwrap(), "buy");
    let first = caller.start().await;
    caller.again(&first, sure(true)).await;
    caller.again(&first, sure(true)).await;
    let begun = shop.begun();
    assert_eq!((shop.runs(), &begun[..2]), (3, &begun[2..]));
}

#[tokio::test(start_paused = true)]
async fn another_replica_takes_over_from_a_dead_one_after_the_steps_that_it_finished() {
    let shop = Shop::closed();
    let way = Way::to(&shop.store);
    let (doomed, other) = (shop.replica_with(way.clone()), shop.replica());
    let first = doomed.start().await;
    let _never_over = spawn(&doomed, &first, sure(true));
    shop.until_begun(2).await;
    way.becomes(CUT);
    let waiting = spawn(&other, &first, sure(true));
    tokio::time::sleep(Duration::from_secs(9)).await;
    assert_eq!(shop.begun().len(), 2, "the claim is still good");
    tokio::time::sleep(Duration::from_secs(7)).await;
    let begun = shop.begun();
    assert_eq!(begun.len(), 3, "{begun:?}");
    assert!(begun[0].ends_with("reserve"), "{begun:?}");
    assert_eq!(begun[1], begun[2], "nobody knows of the charge, so it is made again, with the same key");
    shop.world.gate.add_permits(9);
    let second = waiting.await.unwrap();
    let done = other.again(&second, mail(true)).await;
    assert!(text(&done).starts_with("sure: true"), "{done}");
    assert_eq!(shop.begun().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_replica_that_did_not_reach_the_store_for_too_long_starts_no_more_steps() {
    let shop = Shop::new();
    shop.world.door.forget_permits(Semaphore::MAX_PERMITS);
    let way = Way::to(&shop.store);
    let (cut, other) = (shop.replica_with(way.clone()), shop.replica());
    let first = cut.start().await;
    let running = spawn(&cut, &first, sure(true));
    tokio::time::sleep(Duration::from_secs(1)).await;
    way.becomes(CUT);
    tokio::time::sleep(Duration::from_secs(20)).await;
    way.becomes(0);
    shop.world.door.add_permits(9);
    let failed = running.await.unwrap();
    assert!(super::failure(&failed).contains("another replica may serve this round"), "{failed}");
    assert_eq!(shop.steps(), (0, 0));
    let second = other.again(&first, sure(true)).await;
    assert_eq!(text(&other.again(&second, mail(true)).await), DONE);
}

#[tokio::test(start_paused = true)]
async fn a_claim_lasts_as_long_as_its_call() {
    let shop = Shop::closed();
    let (one, other) = (shop.replica(), shop.replica());
    let first = one.start().await;
    let calls = [&one, &other].map(|caller| spawn(caller, &first, sure(true)));
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert_eq!((shop.runs(), shop.steps()), (2, (2, 0)));
    shop.world.gate.add_permits(9);
    let [one, other] = calls;
    assert_eq!(one.await.unwrap(), other.await.unwrap());
    assert_eq!((shop.runs(), shop.steps()), (2, (2, 1)));
}

#[tokio::test(start_paused = true)]
async fn a_claim_lasts_until_the_step_is_over_whose_client_is_gone() {
    let shop = Shop::closed();
    let (one, other) = (shop.replica(), shop.replica());
    let first = one.start().await;
    let going = spawn(&one, &first, sure(true));
    shop.until_begun(2).await;
    going.abort();
    assert!(going.await.unwrap_err().is_cancelled());
    let back = spawn(&other, &first, sure(true));
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert_eq!((shop.runs(), shop.steps()), (2, (2, 0)));
    shop.world.gate.add_permits(9);
    let second = back.await.unwrap();
    assert_eq!((shop.runs(), shop.steps()), (3, (2, 1)), "the handler went on after the steps");
    assert_eq!(text(&other.again(&second, mail(true)).await), DONE);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_longer_than_a_call_may_take() {
    let shop = Shop::closed();
    let one = shop.replica();
    let limits = Limits::default().request_timeout(Duration::from_secs(2));
    let impatient = shop.builder().limits(limits).journal_store(shop.store.clone()).build().unwrap();
    let first = one.start().await;
    let _running = spawn(&one, &first, sure(true));
    shop.until_begun(2).await;
    let answer = Caller::tool(&impatient, "buy").again(&first, sure(true)).await;
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    assert_eq!(shop.runs(), 2);
}

#[tokio::test]
async fn a_client_may_declare_what_it_lacked_and_the_round_goes_on_after_its_steps() {
    let shop = Shop::new();
    let caller = shop.replica();
    let first = caller.start().await;
    let refused = shop.replica().capabilities(json!({})).again(&first, sure(true)).await;
    assert_eq!(refused["error"]["code"], -32021, "{refused}");
    let second = caller.again(&first, sure(true)).await;
    assert_eq!(text(&caller.again(&second, mail(true)).await), DONE);
    assert_eq!((shop.runs(), shop.steps()), (4, (2, 1)));
}

#[tokio::test]
async fn a_store_that_fails_is_the_fault_of_the_server_and_nothing_runs() {
    let shop = Shop::new();
    let way = Way::to(&shop.store);
    let caller = shop.replica_with(way.clone());
    let first = caller.start().await;
    way.becomes(BROKEN);
    let refused = caller.again(&first, sure(true)).await;
    assert_eq!(refused["error"]["code"], -32603, "{refused}");
    assert_eq!((shop.runs(), shop.steps()), (1, (0, 0)));
    caller.start().await;
    assert_eq!(shop.runs(), 2, "a call without a state needs no store");

    way.becomes(0);
    let second = caller.again(&first, sure(true)).await;
    assert_eq!(text(&caller.again(&second, mail(true)).await), DONE);
}
