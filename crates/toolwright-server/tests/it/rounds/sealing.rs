use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use toolwright_core::joint::{Limits, Principal};
use toolwright_server::{Context, HandlerError, Prompt, Server, ServerBuilder, StateKeys, Tool};

use super::{Caller, keys, state, text, yes};

const OLD: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const NEW: &str = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

fn builder(name: &str, runs: &Arc<AtomicUsize>) -> ServerBuilder {
    let tool = |name: &'static str, schema: Value| {
        let runs = Arc::clone(runs);
        Tool::new(name).input_schema(schema).raw_handler(move |context: Context, _| {
            runs.fetch_add(1, Ordering::SeqCst);
            async move {
                let consent = context.confirm("Sure?").key("sure").await?;
                let text = toolwright_core::model::ContentBlock::text(consent.to_string());
                Ok(toolwright_core::model::CallToolResult::new([text]))
            }
        })
    };
    let prompt = Prompt::new("buy").handler(async |context: Context| {
        Ok::<_, HandlerError>(context.confirm("Sure?").key("sure").await?.to_string())
    });
    let any = json!({ "type": "object" });
    Server::builder(name)
        .tools([tool("buy", any.clone()), tool("sell", any)])
        .prompt(prompt)
        .state_keys(OLD.parse().unwrap())
}

fn server(runs: &Arc<AtomicUsize>) -> Server {
    builder("shop", runs).build().unwrap()
}

fn call(name: &str, arguments: Value) -> Value {
    json!({ "name": name, "arguments": arguments })
}

/// What a client is told whose state is not good.
async fn refusal(caller: &Caller, state: &str) -> Value {
    let answer = caller.send(json!({ "requestState": state, "inputResponses": { "sure": yes(true) } })).await;
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
    answer["error"].clone()
}

#[tokio::test]
async fn a_state_is_good_for_its_own_request_only_and_all_refusals_are_the_same() {
    let runs = Arc::default();
    let server = server(&runs);
    let bob = || Principal::new("bob").issuer("https://a.example");
    let params = || call("buy", json!({ "n": 1, "what": { "a": [1], "b": 2 } }));
    let caller = || Caller::new(&server, "tools/call", params());
    let sealed = state(&caller().principal(bob()).start().await);
    assert_eq!(runs.load(Ordering::SeqCst), 1);

    let version = json!({ "io.toolwright/version": "1" });
    let others = [
        caller(),
        caller().principal(Principal::new("eve").issuer("https://a.example")),
        caller().principal(Principal::new("bob").issuer("https://b.example")),
        caller().principal(Principal::new("bob")),
        caller().principal(bob()).params(call("sell", json!({ "n": 1, "what": { "a": [1], "b": 2 } }))),
        caller().principal(bob()).params(call("buy", json!({ "n": 2, "what": { "a": [1], "b": 2 } }))),
        caller().principal(bob()).params(call("buy", json!({ "n": "1", "what": { "a": [1], "b": 2 } }))),
        caller().principal(bob()).params(call("buy", json!({ "n": 1 }))),
        caller().principal(bob()).params(json!({ "name": "buy" })),
        caller().principal(bob()).params(json!({
            "name": "buy", "arguments": { "n": 1, "what": { "a": [1], "b": 2 } }, "_meta": version,
        })),
        Caller::new(&server, "prompts/get", params()).principal(bob()),
        Caller::new(&builder("bank", &runs).build().unwrap(), "tools/call", params()).principal(bob()),
        Caller::new(
            &builder("shop", &runs).state_keys(StateKeys::random()).build().unwrap(),
            "tools/call",
            params(),
        )
        .principal(bob()),
    ];
    let expected = refusal(&caller().principal(bob()), "").await;
    for other in &others {
        assert_eq!(refusal(other, &sealed).await, expected);
    }
    for text in [&sealed[1..], &format!("{sealed}-TAMPERED"), &format!("A{sealed}"), &"A".repeat(100_000)] {
        assert_eq!(refusal(&caller().principal(bob()), text).await, expected);
    }
    for malformed in [json!(null), json!(7), json!({})] {
        let answer = caller().principal(bob()).send(json!({ "requestState": malformed })).await;
        assert_eq!(answer["error"], expected);
    }
    assert_eq!(runs.load(Ordering::SeqCst), 1, "nothing ran");

    // The same request in other words is the same request.
    let same = call("buy", json!({ "what": { "b": 2.0, "a": [1.0] }, "n": 1.0 }));
    let same = caller().principal(bob()).params(same);
    let answer = same.send(json!({ "requestState": sealed, "inputResponses": { "sure": yes(true) } })).await;
    assert_eq!(text(&answer), "true");
}

#[tokio::test]
async fn absent_arguments_are_the_same_as_none() {
    let server = server(&Arc::default());
    let asked = Caller::tool(&server, "buy").start().await;
    let caller = Caller::new(&server, "tools/call", call("buy", json!({})));
    assert_eq!(text(&caller.again(&asked, json!({ "sure": yes(true) })).await), "true");
}

#[tokio::test]
async fn a_state_expires() {
    let limits = Limits::default().state_ttl(Duration::ZERO);
    let server = builder("shop", &Arc::default()).limits(limits).build().unwrap();
    let caller = Caller::tool(&server, "buy");
    let sealed = state(&caller.start().await);
    assert_eq!(refusal(&caller, &sealed).await, refusal(&caller, "").await);
}

#[tokio::test]
async fn an_old_key_opens_and_the_new_one_seals() {
    let runs = Arc::default();
    let with = |keys: &str| {
        let server = builder("shop", &runs).state_keys(keys.parse().unwrap()).build().unwrap();
        Caller::tool(&server, "buy")
    };
    let (before, changing, after) = (with(OLD), with(&format!("{NEW},{OLD}")), with(NEW));
    let old = state(&before.start().await);
    let again = changing.send(json!({ "requestState": old })).await;
    assert_eq!(keys(&again), ["sure"]);
    refusal(&after, &old).await;
    assert_eq!(text(&after.again(&again, json!({ "sure": yes(true) })).await), "true");
}

#[tokio::test]
async fn a_state_of_a_tool_whose_arguments_changed_is_refused() {
    let runs = Arc::default();
    let server = server(&runs);
    let caller = Caller::tool(&server, "buy");
    let sealed = state(&caller.start().await);
    let changed = json!({ "type": "object", "properties": { "n": {} } });
    let tool = Tool::new("buy").input_schema(changed).handler(async |_: Context| "another");
    server.add_tool(tool).unwrap();
    assert_eq!(refusal(&caller, &sealed).await, refusal(&caller, "").await);
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_state_shows_nothing_of_what_is_in_it() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    let tool = Tool::new("ask").handler(async |context: Context| {
        let name: String = context.elicit("Who?").key("name").await?.accepted()?;
        context.confirm(name).key("sure").await
    });
    let server = Server::builder("shop").tool(tool).build().unwrap();
    let caller = Caller::tool(&server, "ask");
    let asked = caller.start().await;
    let name = json!({ "action": "accept", "content": { "value": "Rumpelstiltskin" } });
    let sealed = state(&caller.again(&asked, json!({ "name": name })).await);
    let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains("Rumpel"));
}

#[tokio::test]
async fn a_server_without_keys_makes_them_up() {
    let tool = Tool::new("ask").handler(async |context: Context| {
        Ok::<_, HandlerError>(context.confirm("Sure?").key("sure").await?.to_string())
    });
    let server = Server::builder("shop").tool(tool).build().unwrap();
    let caller = Caller::tool(&server, "ask");
    refusal(&caller, "nothing was sealed yet").await;
    let asked = caller.start().await;
    assert_eq!(text(&caller.again(&asked, json!({ "sure": yes(false) })).await), "false");
}
