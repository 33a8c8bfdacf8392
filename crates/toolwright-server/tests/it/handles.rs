//! State that clients name by a handle.
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use toolwright_core::{era::Revision, joint::Principal};
use toolwright_server::{
    Context, HandlerError, Resource, Server, ServerBuilder, Tool,
    arguments::{Args, Handle},
};
use toolwright_store::{MemoryKeyValue, SharedKeyValue};

use crate::{
    each::{Client, MODERN, each},
    wire::Wire,
};

const NOTHING: &str = "there is nothing under this handle: it is unknown or has expired; get a new one";

#[derive(Default, Serialize, Deserialize)]
struct Cart {
    items: Vec<String>,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct Add {
    /// From `open`. Good for a day after its last use.
    cart: Handle<Cart>,
    item: String,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct Which {
    cart: Handle<Cart>,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct Visit {
    cart: Handle<u32>,
}

fn shop() -> ServerBuilder {
    let open =
        Tool::new("open").handler(async |context: Context| Handle::create(&context, Cart::default()).await);
    let add = Tool::new("add").handler(async |context: Context, Args(Add { cart, item }): Args<Add>| {
        cart.update(&context, |cart| cart.items.push(item.clone())).await
    });
    let fill = Tool::new("fill").handler(async |context: Context, Args(Add { cart, item }): Args<Add>| {
        cart.set(&context, Cart { items: vec![item] }).await
    });
    let show = Tool::new("show").handler(async |context: Context, Args(Which { cart }): Args<Which>| {
        Ok::<_, HandlerError>(format!("[{}]", cart.get(&context).await?.items.join(" ")))
    });
    let drop = Tool::new("drop").handler(async |context: Context, Args(Which { cart }): Args<Which>| {
        Ok::<_, HandlerError>(if cart.remove(&context).await? { "gone" } else { "was not there" })
    });
    let visit = Tool::new("visit").handler(async |context: Context, Args(Visit { cart }): Args<Visit>| {
        Ok::<_, HandlerError>(cart.get(&context).await?.to_string())
    });
    Server::builder("shop").tools([open, add, fill, show, drop, visit])
}

fn modern(server: &Server, subject: &str) -> Client {
    Client { revision: MODERN, wire: Wire::stateless(server).principal(Principal::new(subject)) }
}

fn anyone(server: &Server) -> Client {
    Client { revision: MODERN, wire: Wire::stateless(server) }
}

async fn say(client: &Client, tool: &str, arguments: Value) -> (String, bool) {
    let result = client.result("tools/call", json!({ "name": tool, "arguments": arguments })).await;
    let is_error = result["isError"] == true;
    (result["content"][0]["text"].as_str().unwrap_or_default().to_owned(), is_error)
}

async fn open(client: &Client) -> String {
    let result = client.result("tools/call", json!({ "name": "open", "arguments": {} })).await;
    let content = &result["content"][0]["text"];
    serde_json::from_str(content.as_str().unwrap()).unwrap()
}

async fn add(client: &Client, cart: &str, item: &str) -> (String, bool) {
    say(client, "add", json!({ "cart": cart, "item": item })).await
}

async fn show(client: &Client, cart: &str) -> (String, bool) {
    say(client, "show", json!({ "cart": cart })).await
}

fn shown(text: &str) -> (String, bool) {
    (text.to_owned(), false)
}

fn nothing() -> (String, bool) {
    (NOTHING.to_owned(), true)
}

#[tokio::test]
async fn a_handle_names_the_same_state_in_each_call_of_each_revision() {
    let server = shop().build().unwrap();
    for client in each(&server).await {
        let (one, two) = (open(&client).await, open(&client).await);
        assert!(!add(&client, &one, "tea").await.1);
        assert!(!add(&client, &one, "milk").await.1);
        assert_eq!(show(&client, &one).await, shown("[tea milk]"), "{}", client.revision);
        assert_eq!(show(&client, &two).await, shown("[]"), "each has its own");
        assert!(!say(&client, "fill", json!({ "cart": one, "item": "rice" })).await.1);
        assert_eq!(show(&client, &one).await, shown("[rice]"));
    }
}

#[tokio::test]
async fn a_stateless_server_without_authentication_can_have_handles() {
    let server = shop().protocols([Revision::V2026_07_28]).build().unwrap();
    let cart = open(&anyone(&server)).await;
    add(&anyone(&server), &cart, "tea").await;
    assert_eq!(show(&anyone(&server), &cart).await, shown("[tea]"), "on any connection");
}

#[tokio::test]
async fn a_handle_is_a_string_that_fits_into_a_url_and_does_not_repeat() {
    let server = shop().build().unwrap();
    let (one, two) = (open(&anyone(&server)).await, open(&anyone(&server)).await);
    assert_ne!(one, two);
    for id in [one, two] {
        assert_eq!(id.len(), 22, "128 bits in base64: {id}");
        assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{id}");
    }
}

#[tokio::test]
async fn a_model_sees_a_described_string() {
    let server = shop().build().unwrap();
    let list = anyone(&server).result("tools/list", json!({})).await;
    let tools = list["tools"].as_array().unwrap();
    let add = tools.iter().find(|tool| tool["name"] == "add").unwrap();
    assert_eq!(
        add["inputSchema"]["properties"]["cart"],
        json!({ "type": "string", "description": "From `open`. Good for a day after its last use." })
    );
    let (text, is_error) = say(&anyone(&server), "show", json!({ "cart": 7 })).await;
    assert!(is_error && text.contains("$.cart: expected a string"), "{text}");
}

#[tokio::test]
async fn what_was_never_given_out_is_an_error_that_the_model_can_act_on() {
    let server = shop().mask_errors().build().unwrap();
    for client in each(&server).await {
        for id in ["", "cart", "AAAAAAAAAAAAAAAAAAAAAA", "../AAAAAAAAAAAAAAAAAAA", &"A".repeat(100_000)] {
            assert_eq!(show(&client, id).await, nothing(), "{}", client.revision);
            assert_eq!(add(&client, id, "tea").await, nothing());
            assert_eq!(say(&client, "fill", json!({ "cart": id, "item": "tea" })).await, nothing());
            assert_eq!(show(&client, id).await, nothing(), "writing makes none");
            assert_eq!(say(&client, "drop", json!({ "cart": id })).await, shown("was not there"));
        }
    }
}

#[tokio::test]
async fn a_removed_handle_stays_removed() {
    let server = shop().build().unwrap();
    let client = anyone(&server);
    let cart = open(&client).await;
    assert_eq!(say(&client, "drop", json!({ "cart": cart })).await, shown("gone"));
    assert_eq!(say(&client, "drop", json!({ "cart": cart })).await, shown("was not there"));
    assert_eq!(add(&client, &cart, "tea").await, nothing());
    assert_eq!(show(&client, &cart).await, nothing());
}

#[tokio::test]
async fn the_handle_of_another_caller_is_exactly_unknown() {
    let server = shop().build().unwrap();
    let (ada, eve) = (modern(&server, "ada"), modern(&server, "eve"));
    let cart = open(&ada).await;
    add(&ada, &cart, "tea").await;
    for stranger in [&eve, &anyone(&server)] {
        assert_eq!(show(stranger, &cart).await, nothing());
        assert_eq!(add(stranger, &cart, "poison").await, nothing());
        assert_eq!(say(stranger, "drop", json!({ "cart": cart })).await, shown("was not there"));
    }
    assert_eq!(show(&ada, &cart).await, shown("[tea]"));
    let found = open(&anyone(&server)).await;
    assert_eq!(show(&ada, &found).await, nothing(), "what nobody in particular got is not Ada's");
}

#[tokio::test]
async fn a_handle_of_one_type_is_none_of_another() {
    let server = shop().build().unwrap();
    let cart = open(&anyone(&server)).await;
    assert_eq!(say(&anyone(&server), "visit", json!({ "cart": cart })).await, nothing());
}

#[tokio::test]
async fn replicas_that_share_a_store_know_the_same_handles() {
    let store = SharedKeyValue::new(MemoryKeyValue::new());
    let replica = || shop().store(store.clone()).build().unwrap();
    let (here, there) = (replica(), replica());
    let cart = open(&modern(&here, "ada")).await;
    add(&modern(&there, "ada"), &cart, "tea").await;
    add(&modern(&here, "ada"), &cart, "milk").await;
    assert_eq!(show(&modern(&there, "ada"), &cart).await, shown("[tea milk]"));
    assert_eq!(show(&modern(&shop().build().unwrap(), "ada"), &cart).await, nothing());
}

#[tokio::test(start_paused = true)]
async fn a_handle_expires_some_time_after_its_last_write() {
    let minute = Duration::from_secs(60);
    let server = shop().handle_ttl(minute).build().unwrap();
    for client in [anyone(&server), modern(&server, "ada"), Client::new(&server, "2025-11-25").await] {
        let cart = open(&client).await;
        tokio::time::advance(minute - Duration::from_secs(1)).await;
        add(&client, &cart, "tea").await;
        tokio::time::advance(minute - Duration::from_secs(1)).await;
        assert_eq!(show(&client, &cart).await, shown("[tea]"), "a write prolongs it");
        tokio::time::advance(Duration::from_secs(1)).await;
        for tool in ["add", "fill"] {
            assert_eq!(say(&client, tool, json!({ "cart": cart, "item": "milk" })).await, nothing());
        }
        assert_eq!(show(&client, &cart).await, nothing(), "a read did not, and nothing brings it back");
    }
}

#[tokio::test]
async fn state_under_a_handle_has_a_largest_size() {
    let server = shop().build().unwrap();
    let cart = open(&anyone(&server)).await;
    let (text, is_error) = add(&anyone(&server), &cart, &"x".repeat(1024 * 1024)).await;
    assert!(is_error && text.contains("of 1048576 at most"), "{text}");
    assert_eq!(show(&anyone(&server), &cart).await, shown("[]"));
}

#[tokio::test]
async fn a_handle_can_be_the_variable_of_a_template() {
    let read = Resource::new("carts://{cart}").handler(
        async |context: Context, Args(Which { cart }): Args<Which>| {
            Ok::<_, HandlerError>(cart.get(&context).await?.items.join(" "))
        },
    );
    let server = shop().resource(read).build().unwrap();
    for client in each(&server).await {
        let cart = open(&client).await;
        add(&client, &cart, "tea").await;
        let result = client.result("resources/read", json!({ "uri": format!("carts://{cart}") })).await;
        assert_eq!(result["contents"][0]["text"], "tea", "{}", client.revision);
        let (error, _) = client.error("resources/read", json!({ "uri": "carts://none" })).await;
        assert_eq!(error["message"], NOTHING);
        assert_eq!(error["code"], if client.is_modern() { -32602 } else { -32002 });
    }
}

#[test]
fn a_handle_does_not_show_itself_in_logs() {
    let handle: Handle<Cart> = serde_json::from_value(json!("secret")).unwrap();
    assert_eq!(format!("{handle:?}"), "Handle(..)");
    assert_eq!((handle.id(), handle.clone() == handle), ("secret", true));
    assert_eq!(serde_json::to_value(&handle).unwrap(), "secret");
}
