//! Servers that do anything in any order: nothing panics, nothing hangs, and nothing is left when the client is closed.
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use tokio::runtime;
use toolwright_client::{Client, Refusal};
use toolwright_core::{
    joint::LinkError,
    model::{ElicitResult, Root, SubscriptionFilter},
};

use crate::fake::{Call, Fake, LEGACY, MODERN, Reaction, later, settle_down, text};

/// What the server does when a request comes.
#[derive(Clone, Debug)]
enum Act {
    Answer,
    Page,
    Acknowledge,
    AskBack(&'static str),
    Error(i64),
    Status(u16),
    Bytes(String),
    Silence,
    Close,
    Die,
    SessionGone,
    Io,
    /// Notifications before anything else, then the next act.
    Notify(&'static str, Value, usize),
    Ask(&'static str, Value, usize),
    Late(u64),
    Duplicate,
    Reports(usize),
}

/// What the client does.
#[derive(Clone, Debug)]
enum Op {
    Call,
    Watched,
    GivenUp,
    List,
    Read,
    Listen,
    Notify,
    Ping,
    ByHand,
}

fn acts() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => Just(Act::Answer),
        2 => Just(Act::Page),
        2 => Just(Act::Acknowledge),
        2 => prop_oneof![Just("elicitation/create"), Just("sampling/createMessage"), Just("roots/list"), Just("odd")]
            .prop_map(Act::AskBack),
        1 => prop_oneof![Just(-32601), Just(-32602), Just(-32020), Just(-32022), Just(-32042), -32100_i64..0]
            .prop_map(Act::Error),
        1 => prop_oneof![Just(202_u16), Just(400), Just(401), Just(404), Just(429), Just(500)].prop_map(Act::Status),
        1 => "\\PC{0,40}".prop_map(Act::Bytes),
        1 => Just(Act::Silence),
        1 => Just(Act::Close),
        1 => Just(Act::Die),
        1 => Just(Act::SessionGone),
        1 => Just(Act::Io),
        2 => (
            prop_oneof![
                Just("notifications/tools/list_changed"), Just("notifications/resources/updated"),
                Just("notifications/message"), Just("notifications/progress"), Just("notifications/cancelled"),
                Just("notifications/elicitation/complete"), Just("notifications/subscriptions/acknowledged"), Just("x"),
            ],
            prop_oneof![
                Just(json!({})), Just(json!([])), Just(json!(null)), Just(json!({ "uri": "a://b" })),
                Just(json!({ "requestId": 3, "progressToken": 3, "progress": 1, "elicitationId": "e" })),
                Just(json!({ "level": "info", "data": [1], "_meta": { "io.modelcontextprotocol/subscriptionId": 3 } })),
            ],
            1..2000_usize,
        ).prop_map(|(method, params, times)| Act::Notify(method, params, times)),
        1 => (
            prop_oneof![Just("elicitation/create"), Just("roots/list"), Just("ping"), Just("odd")],
            prop_oneof![Just(json!({})), Just(json!(7)), Just(json!({ "message": "?", "requestedSchema": {} }))],
            1..200_usize,
        ).prop_map(|(method, params, times)| Act::Ask(method, params, times)),
        1 => (1..400_u64).prop_map(Act::Late),
        1 => Just(Act::Duplicate),
        1 => (1..2000_usize).prop_map(Act::Reports),
    ]
}

fn ops() -> impl Strategy<Value = Op> {
    prop_oneof![
        Just(Op::Call),
        Just(Op::Watched),
        Just(Op::GivenUp),
        Just(Op::List),
        Just(Op::Read),
        Just(Op::Listen),
        Just(Op::Notify),
        Just(Op::Ping),
        Just(Op::ByHand),
    ]
}

fn perform(fake: &Fake, act: &Act, call: Call) -> Reaction {
    match act.clone() {
        Act::Answer => text("ok"),
        Act::Page => Reaction::Result(json!({
            "tools": [], "contents": [], "nextCursor": "again", "ttlMs": 1000, "cacheScope": "public",
        })),
        Act::Acknowledge => {
            let meta = json!({ "io.modelcontextprotocol/subscriptionId": call.id });
            call.notify(
                "notifications/subscriptions/acknowledged",
                json!({ "notifications": { "toolsListChanged": true }, "_meta": meta }),
            );
            Reaction::Silence
        }
        Act::AskBack(method) => Reaction::Result(json!({
            "resultType": "input_required", "requestState": "s", "inputRequests": { "q": { "method": method, "params": {
                "message": "?", "requestedSchema": { "type": "object", "properties": {} }, "messages": [], "maxTokens": 1,
            } } },
        })),
        Act::Error(code) => {
            Reaction::Error(code, "no", json!({ "supported": ["2026-07-28"], "elicitations": [] }))
        }
        Act::Status(status) => Reaction::Status(status, None),
        Act::Bytes(text) => Reaction::Bytes(text),
        Act::Silence => Reaction::Silence,
        Act::Close => {
            fake.close();
            Reaction::Silence
        }
        Act::Die => Reaction::Fail(LinkError::Died { status: None, stderr: String::new() }),
        Act::SessionGone => Reaction::Fail(LinkError::SessionGone),
        Act::Io => Reaction::Fail(LinkError::Io(std::io::Error::other("reset"))),
        Act::Notify(method, params, times) => {
            (0..times).for_each(|_| call.notify(method, params.clone()));
            text("ok")
        }
        Act::Ask(method, params, times) => {
            (0..times).for_each(|n| drop(call.ask(&n.to_string(), method, params.clone())));
            text("ok")
        }
        Act::Late(seconds) => later(async move {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            text("late")
        }),
        Act::Duplicate => {
            let answer = json!({ "jsonrpc": "2.0", "id": call.id, "result": { "content": [] } }).to_string();
            call.send_text(&answer);
            call.send_text(&answer);
            Reaction::Bytes(answer)
        }
        Act::Reports(times) => {
            (0..times).for_each(|n| call.report(json!(n)));
            text("ok")
        }
    }
}

/// Whatever comes of it.
async fn operate(client: &Client, op: &Op) {
    match op {
        Op::Call => drop(client.call("x", json!({ "a": 1 })).await),
        Op::Watched => drop(client.call("x", ()).on_progress(|_| ()).await),
        Op::GivenUp => {
            let call = client.call("x", ()).into_future();
            drop(tokio::time::timeout(Duration::from_secs(1), call).await);
        }
        Op::List => drop(client.tools().await),
        Op::Read => drop(client.read("a://b").await),
        Op::Listen => {
            let filter = SubscriptionFilter::new().tools_list_changed(true).resource_subscriptions(["a://b"]);
            if let Ok(mut changes) = client.listen(filter).await {
                for _ in 0..5 {
                    drop(tokio::time::timeout(Duration::from_secs(60), changes.next()).await);
                }
            }
        }
        Op::Notify => drop(client.notify("notifications/example", &()).await),
        Op::Ping => drop(client.ping().await),
        Op::ByHand => drop(client.call("x", ()).by_hand().await),
    }
}

fn run(modern: bool, stream: bool, acts: Vec<Act>, ops: &[Op]) {
    let runtime = runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let place = Arc::new(std::sync::OnceLock::<Fake>::new());
        let (of, next) = (place.clone(), AtomicUsize::new(0));
        let script = move |call: Call| {
            let act = &acts[next.fetch_add(1, Ordering::SeqCst) % acts.len()];
            perform(of.get().unwrap(), act, call)
        };
        let revision = if modern { MODERN } else { LEGACY };
        let fake = if stream { Fake::new(revision, script) } else { Fake::watchful(revision, script) };
        drop(place.set(fake.clone()));
        let builder = Client::builder()
            .on_elicit(|_| async { ElicitResult::decline() })
            .on_sample(|_| async { Err(Refusal::new("no")) })
            .roots([Root::new("file:///a")]);
        let client = fake.connect_with(builder).await.unwrap();
        for op in ops {
            // A call may take ten minutes for each round and attempt, but none takes a day.
            let day = Duration::from_secs(24 * 3600);
            assert!(tokio::time::timeout(day, operate(&client, op)).await.is_ok(), "{op:?} hangs");
        }
        client.close().await;
        drop(client);
        tokio::time::sleep(Duration::from_secs(60)).await;
        settle_down().await;
        assert_eq!(runtime::Handle::current().metrics().num_alive_tasks(), 0, "a task is left");
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_client_survives_every_server(
        modern: bool,
        stream: bool,
        acts in vec(acts(), 1..12),
        ops in vec(ops(), 1..12),
    ) {
        run(modern, stream, acts, &ops);
    }
}
