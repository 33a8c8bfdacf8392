use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::sync::Notify;
use toolwright_core::{
    Raw,
    joint::{Endpoint, Limits},
};
use toolwright_server::{
    Call, CallRecord, Context, HandlerError, Reply, Server, ServerResult, Tool,
    middleware::Next,
    question::{Asker, Question, QuestionError},
};

use super::{Caller, failure, keys, text, yes};
use crate::wire::{Wire, modern};

/// A world in which something happens, slowly if need be.
#[derive(Clone, Default)]
struct World(Arc<Inner>);

#[derive(Default)]
struct Inner {
    begun: AtomicUsize,
    done: AtomicUsize,
    changed: Notify,
    go: Notify,
    keys: Mutex<Vec<String>>,
}

impl World {
    /// Happens at once.
    fn happen(&self, key: &toolwright_server::IdempotencyKey) -> usize {
        self.0.keys.lock().unwrap().push(key.to_string());
        self.0.begun.fetch_add(1, Ordering::SeqCst);
        let times = self.0.done.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.changed.notify_waiters();
        times
    }

    /// Happens when it is allowed to.
    async fn happen_slowly(&self) -> usize {
        self.0.begun.fetch_add(1, Ordering::SeqCst);
        self.0.changed.notify_waiters();
        self.0.go.notified().await;
        let times = self.0.done.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.changed.notify_waiters();
        times
    }

    fn allow(&self) {
        self.0.go.notify_one();
    }

    async fn until(&self, count: fn(&Inner) -> &AtomicUsize, n: usize) {
        loop {
            let changed = self.0.changed.notified();
            if count(&self.0).load(Ordering::SeqCst) >= n {
                return;
            }
            changed.await;
        }
    }

    async fn begun(&self, n: usize) {
        self.until(|inner| &inner.begun, n).await;
    }

    async fn done(&self, n: usize) {
        self.until(|inner| &inner.done, n).await;
    }

    fn times(&self) -> usize {
        self.0.done.load(Ordering::SeqCst)
    }
}

/// A tool whose handler has the world.
fn tool<F, R, T>(world: &World, handler: F) -> Tool
where
    F: Fn(Context, World) -> R + Send + Sync + 'static,
    R: Future<Output = Result<T, HandlerError>> + Send + 'static,
    T: ToString + Send + 'static,
{
    let world = world.clone();
    let handler = Arc::new(handler);
    Tool::new("act").handler(move |context: Context| {
        let running = handler(context, world.clone());
        async move { running.await.map(|value| value.to_string()) }
    })
}

fn server(world: &World, tool: Tool) -> (Server, World) {
    (Server::builder("world").tool(tool).build().unwrap(), world.clone())
}

async fn act(context: &Context, world: &World) -> Result<usize, HandlerError> {
    context.once("act", async |key| Ok::<_, HandlerError>(world.happen(&key))).await
}

async fn act_slowly(context: &Context, world: &World) -> Result<usize, HandlerError> {
    context.once("act", async |_| Ok::<_, HandlerError>(world.happen_slowly().await)).await
}

async fn sure(context: &Context) -> Result<bool, HandlerError> {
    context.confirm("Sure?").key("sure").await
}

#[tokio::test]
async fn a_step_is_taken_once_for_all_rounds() {
    let world = World::default();
    let (server, world) = server(
        &world,
        tool(&world, async |context, world| {
            let first = act(&context, &world).await?;
            sure(&context).await?;
            let second = act(&context, &world).await?;
            sure(&context).await?;
            Ok(format!("{first} {second}"))
        }),
    );
    let caller = Caller::tool(&server, "act");
    let asked = caller.start().await;
    let asked = caller.again(&asked, json!({ "sure": yes(true) })).await;
    assert_eq!(keys(&asked), ["sure-2"]);
    let answer = caller.again(&asked, json!({ "sure-2": yes(true) })).await;
    assert_eq!(text(&answer), "1 2");
    let names = world.0.keys.lock().unwrap().clone();
    let [one, two] = names.as_slice() else { panic!("{names:?}") };
    assert_eq!(*two, format!("{one}-2"), "one journal, two steps");
}

#[tokio::test]
async fn an_error_is_kept_as_well() {
    let world = World::default();
    let (server, world) = server(
        &world,
        tool(&world, async |context, world| {
            let outcome: Result<(), _> =
                context.once("act", async |key| Err(format!("failed {} times", world.happen(&key)))).await;
            sure(&context).await?;
            Ok(outcome.unwrap_err())
        }),
    );
    let caller = Caller::tool(&server, "act");
    let asked = caller.start().await;
    assert_eq!(text(&caller.again(&asked, json!({ "sure": yes(true) })).await), "failed 1 times");
    assert_eq!(world.times(), 1);
}

#[tokio::test]
async fn a_running_step_is_seen_through_before_the_client_is_asked() {
    let world = World::default();
    let (server, world) = server(
        &world,
        tool(&world, async |context, world| {
            let (times, sure) = tokio::try_join!(act_slowly(&context, &world), sure(&context))?;
            Ok(format!("{times} {sure}"))
        }),
    );
    let caller = Caller::tool(&server, "act");
    let running = tokio::spawn(caller.wire.call(caller.request(json!({})).to_string()));
    world.begun(1).await;
    tokio::task::yield_now().await;
    assert!(!running.is_finished());
    world.allow();
    let asked: Value = serde_json::from_slice(&running.await.unwrap().body.unwrap()).unwrap();
    assert_eq!(text(&caller.again(&asked, json!({ "sure": yes(true) })).await), "1 true");
    assert_eq!(world.times(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_time_limit_waits_for_the_step_and_for_nothing_more() {
    for revision in ["2025-11-25", "2026-07-28"] {
        let world = World::default();
        let act = tool(&world, async |context, world| {
            context
                .once("act", async |key| {
                    tokio::time::sleep(Duration::from_secs(10)).await;
                    Ok::<_, HandlerError>(world.happen(&key))
                })
                .await?;
            act(&context, &world).await
        });
        let server = Server::builder("world").tool(act.timeout(Duration::from_secs(1))).build().unwrap();
        let answer = if revision == "2026-07-28" {
            Caller::tool(&server, "act").start().await
        } else {
            Wire::session(&server, revision).await.request("tools/call", json!({ "name": "act" })).await
        };
        assert_eq!(failure(&answer), "`act` took longer than 1s");
        assert_eq!(world.times(), 1, "{revision}");
    }
}

#[tokio::test]
async fn a_cancelled_call_ends_when_its_step_does() {
    let world = World::default();
    let (server, world) = server(
        &world,
        tool(&world, async |context, world| {
            act_slowly(&context, &world).await?;
            act(&context, &world).await
        }),
    );
    let wire = Wire::stdio(&server);
    let call = modern(7, "tools/call", json!({ "name": "act" }), json!({}));
    let running = tokio::spawn(wire.call(call.to_string()));
    world.begun(1).await;
    let cancel =
        json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 7 } });
    wire.tell(cancel).await;
    tokio::task::yield_now().await;
    assert!(!running.is_finished());
    world.allow();
    assert_eq!(running.await.unwrap().body, None);
    assert_eq!(world.times(), 1);
}

/// Calls `act`, breaks the connection while its step runs, and waits until the step is done.
async fn break_off(server: &Server, world: &World) {
    let caller = Caller::tool(server, "act");
    let running = tokio::spawn(caller.wire.call(caller.request(json!({})).to_string()));
    world.begun(1).await;
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    world.allow();
    world.done(1).await;
}

#[tokio::test]
async fn a_step_survives_its_connection() {
    let world = World::default();
    let (server, world) = server(
        &world,
        tool(&world, async |context, world| {
            act_slowly(&context, &world).await?;
            act(&context, &world).await
        }),
    );
    break_off(&server, &world).await;
    tokio::task::yield_now().await;
    assert_eq!(world.times(), 1, "what comes after it is not begun");
}

#[tokio::test]
async fn a_step_of_a_nested_call_survives_as_well() {
    let world = World::default();
    let inner = tool(&world, async |context, world| act_slowly(&context, &world).await);
    let outer = Tool::new("outer").handler(async |context: Context| {
        Ok::<_, HandlerError>(context.call_tool("act", json!({})).await?.content)
    });
    let server = Server::builder("world").tools([inner, outer]).build().unwrap();
    let caller = Caller::tool(&server, "outer");
    let running = tokio::spawn(caller.wire.call(caller.request(json!({})).to_string()));
    world.begun(1).await;
    running.abort();
    world.allow();
    world.done(1).await;
}

#[tokio::test]
async fn steps_of_layers_are_taken_once_and_survive_too() {
    let world = World::default();
    let acting = world.clone();
    let layer = move |call: Call, next: Next| {
        let world = acting.clone();
        async move {
            let context = call.context().clone();
            let step =
                context.once("layer", async |_| Ok::<_, HandlerError>(world.happen_slowly().await)).await;
            match step {
                Ok(_) => next.run(call).await,
                Err(error) => toolwright_core::jsonrpc::RpcError::internal_error(error.to_string()).into(),
            }
        }
    };
    let act =
        Tool::new("act").handler(async |context: Context| sure(&context).await.map(|sure| sure.to_string()));
    let of_server = Server::builder("world").tool(act.clone()).layer(layer.clone()).build().unwrap();
    let of_tool = Server::builder("world").tool(act.layer(layer)).build().unwrap();
    for (at, server) in [of_server, of_tool].iter().enumerate() {
        world.allow();
        let caller = Caller::tool(server, "act");
        let asked = caller.start().await;
        assert_eq!(text(&caller.again(&asked, json!({ "sure": yes(true) })).await), "true");
        assert_eq!(world.times(), 2 * at + 1);

        let running = tokio::spawn(caller.wire.call(caller.request(json!({})).to_string()));
        world.begun(2 * at + 2).await;
        running.abort();
        world.allow();
        world.done(2 * at + 2).await;
    }
}

#[tokio::test]
async fn a_server_that_stops_waits_for_steps_that_nobody_waits_for() {
    let world = World::default();
    let (server, world) =
        server(&world, tool(&world, async |context, world| act_slowly(&context, &world).await));
    server.start().await.unwrap();
    let caller = Caller::tool(&server, "act");
    let running = tokio::spawn(caller.wire.call(caller.request(json!({})).to_string()));
    world.begun(1).await;
    running.abort();
    let _ = running.await;
    let stopping = tokio::spawn(server.stop());
    tokio::task::yield_now().await;
    assert!(!stopping.is_finished());
    world.allow();
    stopping.await.unwrap();
    assert_eq!(world.times(), 1);
}

#[tokio::test]
async fn a_step_that_is_given_up_is_an_error_and_not_taken_again() {
    let world = World::default();
    let (server, world) = server(
        &world,
        tool(&world, async |context, world| {
            tokio::select! {
                biased;
                times = act_slowly(&context, &world) => times,
                () = async {} => Ok(0),
            }
        }),
    );
    let answer = Caller::tool(&server, "act").start().await;
    assert!(failure(&answer).starts_with("the step `act` was dropped while it ran"), "{answer}");
    assert_eq!(world.times(), 0);
}

#[tokio::test]
async fn a_step_in_a_task_of_its_own_and_a_question_in_a_step_are_errors_in_both_eras() {
    let world = World::default();
    let spawned =
        tool(&world, async |context, world| tokio::spawn(async move { act(&context, &world).await }).await?);
    let asking = Tool::new("ask").handler(async |context: Context| {
        context.once("step", async |_| sure(&context).await).await.map(|sure| sure.to_string())
    });
    let server = Server::builder("world").tools([spawned, asking]).build().unwrap();
    for (name, expected) in
        [("act", "not for a task that it spawned"), ("ask", "a step of `once` cannot ask")]
    {
        let answer = Caller::tool(&server, name).start().await;
        assert!(failure(&answer).contains(expected), "{answer}");
        let wire = Wire::session_with(&server, "2025-11-25", json!({ "elicitation": {} })).await;
        let answer = wire.request("tools/call", json!({ "name": name })).await;
        assert!(failure(&answer).contains(expected), "{answer}");
    }
    assert_eq!(world.times(), 0);
}

#[tokio::test]
async fn what_cannot_be_written_as_json_is_an_error_of_the_step() {
    let tool = Tool::new("act").handler(async |context: Context| {
        let map = std::collections::BTreeMap::from([((1, 2), 3)]);
        let outcome: Result<std::collections::BTreeMap<(u8, u8), u8>, _> =
            context.once("act", async |_| Ok::<_, HandlerError>(map)).await;
        outcome.unwrap_err().to_string()
    });
    let server = Server::builder("world").tool(tool).build().unwrap();
    let answer = Caller::tool(&server, "act").start().await;
    assert!(text(&answer).starts_with("the step `act` came to what cannot be written as JSON"), "{answer}");
}

#[tokio::test]
async fn time_and_chance_are_the_same_in_every_round() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let seeing = Arc::clone(&seen);
    let tool = Tool::new("act").handler(move |context: Context| {
        let seen = Arc::clone(&seeing);
        async move {
            let (one, other) = (context.random(), context.random());
            assert_ne!(one, other);
            seen.lock().unwrap().push((context.now(), one, other));
            sure(&context).await.map(|sure| sure.to_string())
        }
    });
    let server = Server::builder("world").tool(tool).build().unwrap();
    let caller = Caller::tool(&server, "act");
    let asked = caller.start().await;
    assert_eq!(text(&caller.again(&asked, json!({ "sure": yes(true) })).await), "true");
    let seen = seen.lock().unwrap();
    assert_eq!((seen.len(), seen[0]), (2, seen[1]));
}

/// Writes down the call that asks, and never answers.
#[derive(Clone, Default)]
struct Suspend(Arc<Mutex<Option<CallRecord>>>, Arc<Notify>);

impl Asker for Suspend {
    async fn ask(&self, context: &Context, _: Question) -> Result<Raw, QuestionError> {
        *self.0.lock().unwrap() = context.record();
        self.1.notify_one();
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_record_has_the_steps_of_its_call() {
    let world = World::default();
    let (server, world) = server(
        &world,
        tool(&world, async |context, world| {
            let times = act(&context, &world).await?;
            Ok(format!("{times} {}", sure(&context).await?))
        }),
    );
    let suspend = Suspend::default();
    let caller = Caller::tool(&server.asking(suspend.clone()), "act");
    let running = tokio::spawn(caller.wire.call(caller.request(json!({})).to_string()));
    suspend.1.notified().await;
    running.abort();
    let record = serde_json::to_string(&suspend.0.lock().unwrap().take().unwrap()).unwrap();
    let record: CallRecord = serde_json::from_str(&record).unwrap();
    let reply = server.resume(record.answer("sure", Raw::from(yes(true))), Suspend::default()).await;
    let Reply::Result(ServerResult::CallTool(result)) = reply else { panic!("{reply:?}") };
    assert_eq!(result.content[0].as_text(), Some("1 true"));
    assert_eq!(world.times(), 1);
}

#[tokio::test]
async fn steps_count_for_the_size_of_a_state() {
    let tool = Tool::new("act").handler(async |context: Context| {
        let text: String = context.once("act", async |_| Ok::<_, HandlerError>("long".repeat(1000))).await?;
        sure(&context).await?;
        Ok::<_, HandlerError>(text)
    });
    let server = Server::builder("world").tool(tool).limits(Limits::default().state(2048)).build().unwrap();
    let answer = Caller::tool(&server, "act").start().await;
    assert!(failure(&answer).contains("`Limits::state`"), "{answer}");
}
