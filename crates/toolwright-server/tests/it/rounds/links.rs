use std::time::Duration;

use serde_json::{Value, json};
use toolwright_core::joint::Principal;
use toolwright_server::{Context, Server, StateKeys, Tool, links::LinkError};
use toolwright_store::{MemoryKeyValue, SharedKeyValue};

use super::{Caller, failure, keys, text};

fn tools() -> [Tool; 2] {
    let connect = Tool::new("connect").handler(async |context: Context| {
        let question = context.elicit_url("Connect", |link| format!("https://app.example/?state={link}"));
        question.completed::<String>().await
    });
    let require = Tool::new("require").handler(async |context: Context| {
        let question = context.elicit_url("Connect", |link| format!("https://app.example/?state={link}"));
        question.key("account").required::<String>().await
    });
    [connect, require]
}

fn server() -> Server {
    Server::builder("accounts").tools(tools()).build().unwrap()
}

fn caller(server: &Server, tool: &str) -> Caller {
    Caller::tool(server, tool).capabilities(json!({ "elicitation": { "url": {} } }))
}

/// The only question, its key, and the link in it.
fn question(asked: &Value) -> (String, Value, String) {
    let [key] = keys(asked).try_into().unwrap();
    let question = asked["result"]["inputRequests"][&key].clone();
    let url = question["params"]["url"].as_str().unwrap();
    let link = url.strip_prefix("https://app.example/?state=").unwrap().to_owned();
    (key, question, link)
}

#[tokio::test]
async fn a_url_is_a_question_without_a_name_and_its_link_is_the_same_in_all_rounds() {
    for tool in ["connect", "require"] {
        let server = server();
        let caller = caller(&server, tool);
        let asked = caller.start().await;
        let (key, question, link) = question(&asked);
        assert_eq!(question["method"], "elicitation/create");
        assert_eq!(
            question["params"].as_object().unwrap().keys().collect::<Vec<_>>(),
            ["mode", "message", "url"]
        );
        server.links().open(&link, None).await.unwrap().complete("ada").await.unwrap();
        let done = caller.again(&asked, json!({ key: { "action": "accept" } })).await;
        assert_eq!(text(&done), "ada");
    }
}

#[tokio::test(start_paused = true)]
async fn while_the_user_is_busy_the_client_is_asked_again_for_the_same_link() {
    let server = server();
    let caller = caller(&server, "connect");
    let mut asked = caller.start().await;
    let (first, _, first_link) = question(&asked);
    for n in 1..=2 {
        let (key, ..) = question(&asked);
        asked = caller.again(&asked, json!({ key: { "action": "accept" } })).await;
        let (key, question, _) = question(&asked);
        assert_eq!(key, format!("{first}-again-{n}"));
        assert_eq!(question["params"]["message"], "Connect (not finished yet; accept again when it is)");
    }
    // Every copy is the same link: opened once, all are.
    let (key, _, last_link) = question(&asked);
    server.links().open(&first_link, None).await.unwrap().complete("ada").await.unwrap();
    assert!(matches!(server.links().open(&last_link, None).await, Err(LinkError::Used)));
    let done = caller.again(&asked, json!({ key: { "action": "accept" } })).await;
    assert_eq!(text(&done), "ada");
}

#[tokio::test(start_paused = true)]
async fn a_user_who_never_finishes_ends_the_call() {
    let server = server();
    let caller = caller(&server, "connect");
    let mut asked = caller.start().await;
    let began = tokio::time::Instant::now();
    for _ in 0..2 {
        let (key, ..) = question(&asked);
        asked = caller.again(&asked, json!({ key: { "action": "accept" } })).await;
    }
    let (key, ..) = question(&asked);
    let done = caller.again(&asked, json!({ key: { "action": "accept" } })).await;
    assert_eq!(
        failure(&done),
        "the user has not finished what the URL is for (ask them to, then call again)"
    );
    assert_eq!(began.elapsed().as_secs(), 60, "each round waits once, and not for those before it");
}

#[tokio::test]
async fn who_declines_ends_the_call() {
    let server = server();
    let caller = caller(&server, "require");
    let asked = caller.start().await;
    assert_eq!(question(&asked).0, "account");
    let done = caller.again(&asked, json!({ "account": { "action": "decline" } })).await;
    assert_eq!(failure(&done), "the user declined to answer");
}

#[tokio::test]
async fn rounds_and_pages_may_be_at_different_replicas() {
    let (keys, store) = (StateKeys::random(), SharedKeyValue::new(MemoryKeyValue::new()));
    let replica = || {
        let builder = Server::builder("accounts").state_keys(keys.clone()).store(store.clone());
        builder.tools(tools()).build().unwrap()
    };
    let ada = Principal::new("ada");
    let first = caller(&replica(), "connect").principal(ada.clone());
    let asked = first.start().await;
    let (key, _, link) = question(&asked);
    let page = replica().links();
    assert!(matches!(page.open(&link, None).await, Err(LinkError::OtherUser)));
    page.open(&link, Some(&ada)).await.unwrap().complete("ada@example.org").await.unwrap();
    let second = caller(&replica(), "connect").principal(ada);
    let done = second.again(&asked, json!({ key: { "action": "accept" } })).await;
    assert_eq!(text(&done), "ada@example.org");
}

#[tokio::test(start_paused = true)]
async fn two_callers_without_a_principal_have_links_of_their_own() {
    let server = server();
    let (one, other) = (caller(&server, "connect"), caller(&server, "connect"));
    let (first, second) = (one.start().await, other.start().await);
    let (key, _, link) = question(&first);
    server.links().open(&link, None).await.unwrap().complete("ada").await.unwrap();
    let answer = json!({ key: { "action": "accept" } });
    let theirs =
        tokio::time::timeout(Duration::from_secs(600), other.again(&second, answer.clone())).await.unwrap();
    assert!(question(&theirs).0.ends_with("-again-1"), "the other's account is not theirs");
    assert_eq!(text(&one.again(&first, answer).await), "ada");
}
