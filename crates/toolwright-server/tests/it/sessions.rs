//! State that the server keeps for a caller.
use std::{collections::BTreeSet, time::Duration};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use toolwright_core::{
    era::Revision,
    joint::{Principal, TokenError, TokenVerifier},
};
use toolwright_server::{
    Context, HandlerError, Reply, Server, ServerBuilder, ServerResult, Tool,
    arguments::Args,
    extract::Session,
    question::{Asker, Question, QuestionError},
};
use toolwright_store::{Insertion, KeyValue, MemoryKeyValue, SharedKeyValue, StoreError, Swap};

use crate::{
    each::{Client, LEGACY, MODERN},
    wire::Wire,
};

#[derive(Default, Serialize, Deserialize)]
struct Cart {
    items: Vec<String>,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct Item {
    item: String,
}

/// A shop with a cart for each caller.
fn shop() -> ServerBuilder {
    let add = Tool::new("add").handler(async |session: Session<Cart>, Args(Item { item }): Args<Item>| {
        session
            .update(|cart| {
                cart.items.push(item.clone());
                cart.items.len()
            })
            .await
    });
    let fill = Tool::new("fill").handler(async |session: Session<Cart>, Args(Item { item }): Args<Item>| {
        session.set(Cart { items: vec![item] }).await
    });
    let empty = Tool::new("empty").handler(async |session: Session<Cart>| session.clear().await);
    let show = Tool::new("show").handler(async |session: Session<Cart>| {
        Ok::<_, HandlerError>(format!("[{}]", session.get().await?.items.join(" ")))
    });
    Server::builder("shop").tools([add, fill, empty, show])
}

fn shared() -> SharedKeyValue {
    SharedKeyValue::new(MemoryKeyValue::new())
}

/// A caller of the stateless revision.
fn modern(server: &Server, principal: Option<Principal>) -> Client {
    let wire = Wire::stateless(server);
    let wire = match principal {
        Some(principal) => wire.principal(principal),
        None => wire,
    };
    Client { revision: MODERN, wire }
}

fn ada(server: &Server) -> Client {
    modern(server, Some(Principal::new("ada").issuer("https://issuer.example")))
}

/// The text of a tool's result, and whether it is an error.
async fn say(client: &Client, tool: &str, arguments: Value) -> (String, bool) {
    let result = client.result("tools/call", json!({ "name": tool, "arguments": arguments })).await;
    let is_error = result["isError"] == true;
    (result["content"][0]["text"].as_str().unwrap_or_default().to_owned(), is_error)
}

async fn add(client: &Client, item: &str) -> String {
    let (text, is_error) = say(client, "add", json!({ "item": item })).await;
    assert!(!is_error, "{text}");
    text
}

async fn show(client: &Client) -> String {
    let (text, is_error) = say(client, "show", json!({})).await;
    assert!(!is_error, "{text}");
    text
}

#[tokio::test]
async fn each_session_has_a_state_of_its_own() {
    let server = shop().build().unwrap();
    for revision in LEGACY {
        let (one, two) = (Client::new(&server, revision).await, Client::new(&server, revision).await);
        add(&one, "tea").await;
        add(&two, "milk").await;
        add(&one, "salt").await;
        assert_eq!(
            (show(&one).await, show(&two).await),
            ("[tea salt]".into(), "[milk]".into()),
            "{revision}"
        );
    }
}

#[tokio::test]
async fn state_can_be_replaced_and_forgotten() {
    let server = shop().build().unwrap();
    for client in [Client::new(&server, "2025-11-25").await, ada(&server)] {
        assert_eq!(show(&client).await, "[]", "nobody wrote yet");
        add(&client, "tea").await;
        say(&client, "fill", json!({ "item": "rice" })).await;
        assert_eq!(show(&client).await, "[rice]");
        assert!(say(&client, "empty", json!({})).await.0.contains("true"));
        assert!(say(&client, "empty", json!({})).await.0.contains("false"), "there is nothing any more");
        assert_eq!(show(&client).await, "[]");
    }
}

#[tokio::test]
async fn an_authenticated_caller_without_a_session_has_their_own() {
    let server = shop().build().unwrap();
    add(&ada(&server), "tea").await;
    assert_eq!(show(&ada(&server)).await, "[tea]", "on any connection");
    let strangers = [
        Principal::new("bob").issuer("https://issuer.example"),
        Principal::new("ada").issuer("https://other.example"),
        Principal::new("ada"),
    ];
    for stranger in strangers {
        assert_eq!(show(&modern(&server, Some(stranger))).await, "[]");
    }
}

#[tokio::test]
async fn a_call_with_neither_is_told_so_and_what_to_do() {
    let server = shop().mask_errors().build().unwrap();
    for wire in [Wire::stateless(&server), Wire::stdio(&server)] {
        let client = Client { revision: MODERN, wire };
        for tool in ["show", "empty"] {
            let (text, is_error) = say(&client, tool, json!({})).await;
            assert!(is_error);
            assert!(
                text.starts_with("this call has neither a session nor an authenticated caller"),
                "{text}"
            );
            assert!(text.contains("`Handle<T>`"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_session_on_the_same_pipe_is_none_of_a_stateless_request() {
    let server = shop().build().unwrap();
    let wire = Wire::session(&server, "2025-11-25").await;
    let (text, is_error) = say(&Client { revision: MODERN, wire }, "show", json!({})).await;
    assert!(is_error, "{text}");
}

#[tokio::test]
async fn an_optional_session_is_none_where_there_is_nobody_to_keep_it_for() {
    let known = Tool::new("known").handler(
        async |session: Option<Session<Cart>>| {
            if session.is_some() { "known" } else { "unknown" }
        },
    );
    let server = Server::builder("shop").protocols([Revision::V2026_07_28]).tool(known).build().unwrap();
    assert_eq!(modern(&server, None).text("known").await, "unknown");
    assert_eq!(ada(&server).text("known").await, "known");
}

struct Anyone;

impl TokenVerifier for Anyone {
    async fn verify(&self, token: &str) -> Result<Principal, TokenError> {
        Ok(Principal::new(token))
    }
}

#[test]
fn a_server_whose_callers_never_have_state_does_not_build() {
    let error = shop().protocols([Revision::V2026_07_28]).build().unwrap_err().to_string();
    assert_eq!(error.matches("takes a `Session<T>`").count(), 4, "{error}");
    assert!(
        error.contains(
            "tool `add`: its handler takes a `Session<T>`, but no caller of this server has a session or is authenticated; add \
             `.auth(..)`, serve an older revision as well, or take a `Handle<T>` argument instead"
        ),
        "{error}"
    );
    assert!(shop().protocols([Revision::V2026_07_28]).auth(Anyone).build().is_ok());
    assert!(shop().protocols([Revision::V2025_06_18]).build().is_ok());
}

#[tokio::test]
async fn a_tool_that_is_added_later_is_held_to_the_same() {
    let server = Server::builder("shop").protocols([Revision::V2026_07_28]).build().unwrap();
    let tool = Tool::new("late").handler(async |session: Session<Cart>| session.clear().await);
    assert!(server.add_tool(tool).unwrap_err().to_string().contains("takes a `Session<T>`"));
}

#[tokio::test]
async fn replicas_that_share_a_store_share_the_state() {
    let store = shared();
    let replica = || shop().store(store.clone()).build().unwrap();
    let (here, there) = (replica(), replica());
    assert_eq!(add(&ada(&here), "tea").await, "1");
    assert_eq!(add(&ada(&there), "milk").await, "2");
    assert_eq!(show(&ada(&here)).await, "[tea milk]");
    let alone = shop().build().unwrap();
    assert_eq!(show(&ada(&alone)).await, "[]", "without a shared store each has its own");
}

#[tokio::test]
async fn servers_of_other_names_may_use_the_same_store() {
    let store = shared();
    let count = Tool::new("show").handler(async |session: Session<Cart>| {
        Ok::<_, HandlerError>(session.get().await?.items.len().to_string())
    });
    add(&ada(&shop().store(store.clone()).build().unwrap()), "tea").await;
    let other = Server::builder("shop/annex").tool(count).store(store).build().unwrap();
    assert_eq!(show(&ada(&other)).await, "0");
}

/// A store that is far away: others get a turn before each answer.
struct Far(SharedKeyValue);

impl KeyValue for Far {
    async fn get(&self, key: &str) -> Result<Option<Bytes>, StoreError> {
        tokio::task::yield_now().await;
        self.0.get(key).await
    }

    async fn put(&self, key: &str, value: Bytes, ttl: Option<Duration>) -> Result<(), StoreError> {
        tokio::task::yield_now().await;
        self.0.put(key, value, ttl).await
    }

    async fn put_if_absent(
        &self,
        key: &str,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> Result<Insertion, StoreError> {
        tokio::task::yield_now().await;
        self.0.put_if_absent(key, value, ttl).await
    }

    async fn compare_and_swap(
        &self,
        key: &str,
        expected: Bytes,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> Result<Swap, StoreError> {
        tokio::task::yield_now().await;
        self.0.compare_and_swap(key, expected, value, ttl).await
    }

    async fn delete(&self, key: &str) -> Result<bool, StoreError> {
        self.0.delete(key).await
    }
}

#[tokio::test]
async fn calls_at_the_same_time_at_two_replicas_lose_nothing() {
    let store = shared();
    let replicas = [(); 2].map(|()| shop().store(Far(store.clone())).build().unwrap());
    let calls: Vec<_> = (0..50)
        .map(|number| {
            let client = ada(&replicas[number % 2]);
            tokio::spawn(async move { add(&client, &number.to_string()).await.parse::<usize>().unwrap() })
        })
        .collect();
    let mut counts = BTreeSet::new();
    for call in calls {
        counts.insert(call.await.unwrap());
    }
    assert_eq!(counts, (1..=50).collect(), "each call saw all that came before it");
    let shown = show(&ada(&replicas[0])).await;
    let items: BTreeSet<usize> =
        shown.trim_matches(['[', ']']).split(' ').map(|item| item.parse().unwrap()).collect();
    assert_eq!(items, (0..50).collect());
}

#[tokio::test]
async fn two_types_are_two_states() {
    #[derive(Default, Serialize, Deserialize)]
    struct Visits(u32);
    let visit = Tool::new("visit").handler(async |visits: Session<Visits>, cart: Session<Cart>| {
        cart.update(|cart| cart.items.push("map".into())).await?;
        visits
            .update(|visits| {
                visits.0 += 1;
                visits.0
            })
            .await
    });
    let server = shop().tool(visit).build().unwrap();
    let client = Client::new(&server, "2025-11-25").await;
    say(&client, "visit", json!({})).await;
    assert!(say(&client, "visit", json!({})).await.0.contains('2'));
    assert_eq!(show(&client).await, "[map map]");
}

#[tokio::test]
async fn builds_that_call_a_type_otherwise_agree_by_its_name_in_the_store() {
    mod moved {
        #[derive(Default, serde::Serialize, serde::Deserialize)]
        pub(super) struct Basket {
            pub(super) items: Vec<String>,
        }
    }
    let store = shared();
    let show_basket = || {
        Tool::new("show").handler(async |session: Session<moved::Basket>| {
            Ok::<_, HandlerError>(session.get().await?.items.join(" "))
        })
    };
    let newer = |builder: ServerBuilder| builder.tool(show_basket()).store(store.clone()).build().unwrap();
    let old = shop().store(store.clone()).stored_as::<Cart>("cart").build().unwrap();
    add(&ada(&old), "tea").await;
    assert_eq!(show(&ada(&newer(Server::builder("shop").stored_as::<moved::Basket>("cart")))).await, "tea");
    assert_eq!(show(&ada(&newer(Server::builder("shop")))).await, "");
}

#[tokio::test]
async fn state_that_cannot_be_read_is_an_error_and_stays() {
    #[derive(Default, Serialize, Deserialize)]
    struct Stricter {
        items: Vec<String>,
        currency: String,
    }
    let store = shared();
    let pay = Tool::new("pay").handler(async |session: Session<Stricter>| {
        session.update(|cart| cart.currency = "EUR".into()).await
    });
    let old = shop().store(store.clone()).stored_as::<Cart>("cart").build().unwrap();
    let new = Server::builder("shop").tool(pay).store(store).stored_as::<Stricter>("cart").build().unwrap();
    add(&ada(&old), "tea").await;
    let (text, is_error) = say(&ada(&new), "pay", json!({})).await;
    assert!(is_error && text.contains("missing field `currency`"), "{text}");
    assert_eq!(show(&ada(&old)).await, "[tea]");
}

#[tokio::test]
async fn state_has_a_largest_size() {
    let server = shop().build().unwrap();
    let client = Client::new(&server, "2025-11-25").await;
    add(&client, "tea").await;
    for tool in ["add", "fill"] {
        let (text, is_error) = say(&client, tool, json!({ "item": "x".repeat(1024 * 1024) })).await;
        assert!(is_error && text.contains("of 1048576 at most"), "{text}");
    }
    assert_eq!(show(&client).await, "[tea]", "and stays as it was");
}

#[tokio::test(start_paused = true)]
async fn state_ends_some_time_after_the_last_write() {
    let hour = Duration::from_secs(3600);
    let server = shop().session_ttl(hour).build().unwrap();
    for client in [Client::new(&server, "2025-11-25").await, ada(&server)] {
        add(&client, "tea").await;
        tokio::time::advance(hour - Duration::from_secs(1)).await;
        add(&client, "milk").await;
        tokio::time::advance(hour - Duration::from_secs(1)).await;
        assert_eq!(show(&client).await, "[tea milk]", "a write prolongs it");
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(show(&client).await, "[]", "a read does not");
    }
}

#[tokio::test(start_paused = true)]
async fn state_is_kept_for_a_day_unless_said_otherwise() {
    let server = shop().build().unwrap();
    add(&ada(&server), "tea").await;
    tokio::time::advance(Duration::from_secs(24 * 3600 - 1)).await;
    assert_eq!(show(&ada(&server)).await, "[tea]");
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(show(&ada(&server)).await, "[]");
}

#[tokio::test]
async fn a_second_handshake_loses_no_state() {
    let server = shop().build().unwrap();
    let client = Client::new(&server, "2025-11-25").await;
    add(&client, "tea").await;
    let params = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
    client.wire.request("initialize", params).await;
    assert_eq!(show(&client).await, "[tea]");
}

#[tokio::test]
async fn a_session_in_other_hands_shows_nothing() {
    let server = shop().build().unwrap();
    let Client { revision, wire } = Client::new(&server, "2025-11-25").await;
    let client = Client { revision, wire: wire.principal(Principal::new("ada")) };
    add(&client, "tea").await;
    let client = Client { revision, wire: client.wire.principal(Principal::new("eve")) };
    assert_eq!(show(&client).await, "[]");
    let client = Client { revision, wire: client.wire.principal(Principal::new("ada")) };
    assert_eq!(show(&client).await, "[tea]");
}

#[tokio::test]
async fn a_call_within_a_call_has_the_same_state() {
    let twice = Tool::new("twice").handler(async |context: Context, session: Session<Cart>| {
        context.call_tool("add", json!({ "item": "tea" })).await?;
        session.update(|cart| cart.items.push("milk".into())).await
    });
    let server = shop().tool(twice).build().unwrap();
    for client in [Client::new(&server, "2025-11-25").await, ada(&server)] {
        say(&client, "twice", json!({})).await;
        assert_eq!(show(&client).await, "[tea milk]");
    }
}

struct Nobody;

impl Asker for Nobody {
    async fn ask(&self, _: &Context, _: Question) -> Result<toolwright_core::Raw, QuestionError> {
        Err(QuestionError::Closed)
    }
}

#[tokio::test]
async fn a_recorded_call_goes_on_with_the_state_of_its_session_at_another_replica() {
    let store = shared();
    let record = Tool::new("record")
        .handler(async |context: Context| Ok::<_, HandlerError>(serde_json::to_string(&context.record())?));
    let (here, there) = (
        shop().tool(record).store(store.clone()).build().unwrap(),
        shop().store(store.clone()).build().unwrap(),
    );
    for client in [Client::new(&here, "2025-11-25").await, ada(&here)] {
        add(&client, "tea").await;
        let (text, _) = say(&client, "record", json!({})).await;
        let mut record: toolwright_server::CallRecord = serde_json::from_str(&text).unwrap();
        record.target = "show".into();
        let Reply::Result(ServerResult::CallTool(result)) = there.resume(record, Nobody).await else {
            panic!("a tool answers with a result")
        };
        let text = serde_json::to_value(&result.content).unwrap();
        assert_eq!(text[0]["text"], "[tea]", "{}", client.revision);
    }
}
