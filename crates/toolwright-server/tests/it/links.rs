//! URL elicitation: what the client is asked, what the page behind the URL can do, and what the handler gets.
use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::{sync::Mutex, task::JoinHandle};
use toolwright_core::{
    Raw,
    joint::{Endpoint as _, Principal},
};
use toolwright_server::{
    Context, HandlerError, Server, StateKeys, Tool,
    links::{LinkError, Links},
    question::{Asker, Elicited, Question, QuestionError},
};
use toolwright_store::{MemoryKeyValue, MemoryPubSub, SharedKeyValue, SharedPubSub};

use crate::wire::{Wire, modern};

const MINUTE: Duration = Duration::from_secs(60);

fn tools() -> [Tool; 3] {
    let agree = Tool::new("agree").handler(|context: Context| async move {
        let agreed = context.elicit_url("Look at this", |_| "https://app.example/news").await?;
        Ok::<_, HandlerError>(match agreed {
            Elicited::Accepted(()) => "agreed".to_owned(),
            other => format!("{other:?}"),
        })
    });
    let connect = Tool::new("connect").handler(|context: Context| async move {
        let question =
            context.elicit_url("Connect", |link| format!("https://app.example/connect?state={link}"));
        question.expires_in(MINUTE).completed::<String>().await
    });
    let require = Tool::new("require").handler(|context: Context| async move {
        let question =
            context.elicit_url("Connect", |link| format!("https://app.example/connect?state={link}"));
        question.expires_in(MINUTE).required::<String>().await
    });
    [agree, connect, require]
}

fn server() -> Server {
    Server::builder("accounts").tools(tools()).build().unwrap()
}

async fn session(server: &Server) -> Wire {
    Wire::session_with(server, "2025-11-25", json!({ "elicitation": { "url": {} } })).await
}

fn call(wire: &Wire, id: u32, tool: &str) -> JoinHandle<Value> {
    let request = json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": tool } });
    let answer = wire.call(request.to_string());
    tokio::spawn(async move { serde_json::from_slice(&answer.await.body.unwrap()).unwrap() })
}

async fn answer(wire: &Wire, question: &Value, action: &str) {
    wire.tell(json!({ "jsonrpc": "2.0", "id": question["id"], "result": { "action": action } })).await;
}

fn text(answer: &Value) -> &str {
    answer["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}"))
}

fn link(question: &Value) -> String {
    let url = question["url"].as_str().unwrap_or_else(|| panic!("{question}"));
    url.strip_prefix("https://app.example/connect?state=").expect("the URL of the handler").to_owned()
}

/// A call of `connect` whose user agreed to open the URL, and the link in it.
async fn agreed(wire: &Wire) -> (JoinHandle<Value>, String) {
    let running = call(wire, 7, "connect");
    let question = wire.said.at_least(1).await.remove(0);
    answer(wire, &question, "accept").await;
    (running, link(&question["params"]))
}

#[tokio::test]
async fn a_client_is_asked_by_a_named_question_and_consent_is_enough() {
    let server = server();
    let wire = session(&server).await;
    let running = call(&wire, 7, "agree");
    let question = wire.said.at_least(1).await.remove(0);
    assert_eq!(question["method"], "elicitation/create");
    let params = &question["params"];
    assert_eq!(params["mode"], "url");
    assert_eq!(params["message"], "Look at this");
    assert_eq!(params["url"], "https://app.example/news");
    assert_eq!(params["elicitationId"].as_str().unwrap().len(), 22, "nobody guesses it");
    answer(&wire, &question, "accept").await;
    assert_eq!(text(&running.await.unwrap()), "agreed");
}

#[tokio::test]
async fn what_the_page_knows_reaches_the_handler_and_the_client_hears_that_it_is_complete() {
    let server = server();
    let (wire, other) = (session(&server).await, session(&server).await);
    let (running, link) = agreed(&wire).await;
    let id = wire.said.all()[0]["params"]["elicitationId"].clone();
    server.links().open(&link, None).await.unwrap().complete("ada@example.org").await.unwrap();
    assert_eq!(text(&running.await.unwrap()), "ada@example.org");
    assert_eq!(wire.said.methods(), ["elicitation/create", "notifications/elicitation/complete"]);
    assert_eq!(wire.said.all()[1]["params"], json!({ "elicitationId": id }));
    assert_eq!(other.said.methods(), Vec::<String>::new());
}

#[tokio::test]
async fn a_page_may_be_done_before_the_client_says_that_the_user_agreed() {
    let server = server();
    let wire = session(&server).await;
    let running = call(&wire, 7, "connect");
    let question = wire.said.at_least(1).await.remove(0);
    server.links().open(&link(&question["params"]), None).await.unwrap().complete("ada").await.unwrap();
    answer(&wire, &question, "accept").await;
    assert_eq!(text(&running.await.unwrap()), "ada");
    assert_eq!(wire.said.methods(), ["elicitation/create", "notifications/elicitation/complete"]);
}

#[tokio::test]
async fn a_page_can_say_that_it_failed() {
    let server = server();
    let wire = session(&server).await;
    let (running, link) = agreed(&wire).await;
    server.links().open(&link, None).await.unwrap().fail("the account is locked").await.unwrap();
    let answer = running.await.unwrap();
    assert_eq!(answer["result"]["isError"], true);
    assert_eq!(text(&answer), "the account is locked");
}

#[tokio::test]
async fn who_declines_is_not_waited_for() {
    let server = server();
    let wire = session(&server).await;
    let running = call(&wire, 7, "connect");
    let question = wire.said.at_least(1).await.remove(0);
    answer(&wire, &question, "decline").await;
    assert_eq!(text(&running.await.unwrap()), "the user declined to answer");
}

#[tokio::test(start_paused = true)]
async fn a_user_who_never_finishes_is_waited_for_until_the_link_expires() {
    let server = server();
    let wire = session(&server).await;
    let (running, _) = agreed(&wire).await;
    let answer = running.await.unwrap();
    assert_eq!(
        text(&answer),
        "the user has not finished what the URL is for (ask them to, then call again)",
        "{answer}"
    );
}

#[tokio::test]
async fn a_value_of_another_type_is_an_error_of_the_page() {
    let server = server();
    let wire = session(&server).await;
    let (running, link) = agreed(&wire).await;
    server.links().open(&link, None).await.unwrap().complete(7).await.unwrap();
    let answer = running.await.unwrap();
    assert!(
        text(&answer).starts_with("the page behind the URL completed the link with another type"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_link_opens_once() {
    let server = server();
    let wire = session(&server).await;
    let (_running, link) = agreed(&wire).await;
    let links = server.links();
    links.check(&link, None).await.unwrap();
    links.check(&link, None).await.unwrap();
    let opened = links.open(&link, None).await.unwrap();
    assert!(matches!(links.open(&link, None).await, Err(LinkError::Used)));
    assert!(matches!(links.check(&link, None).await, Err(LinkError::Used)));
    opened.complete("ada").await.unwrap();
    assert!(matches!(links.open(&link, None).await, Err(LinkError::Used)));
}

#[tokio::test]
async fn a_link_belongs_to_who_called() {
    let server = server();
    let ada = Principal::new("ada").issuer("https://issuer.example");
    let wire = session(&server).await.principal(ada.clone());
    let (running, link) = agreed(&wire).await;
    let links = server.links();
    for other in
        [None, Some(Principal::new("bob").issuer("https://issuer.example")), Some(Principal::new("ada"))]
    {
        assert!(matches!(links.open(&link, other.as_ref()).await, Err(LinkError::OtherUser)), "{other:?}");
    }
    // With other claims and scopes it is still the same person.
    let opened = links.open(&link, Some(&ada.clone().scopes(["web"]))).await.unwrap();
    assert_eq!(opened.principal(), Some(ada));
    opened.complete("ada").await.unwrap();
    assert_eq!(text(&running.await.unwrap()), "ada");
}

#[tokio::test]
async fn what_is_no_link_of_this_server_does_not_open() {
    let keys = StateKeys::random();
    let build = |name: &str| Server::builder(name).state_keys(keys.clone()).tools(tools()).build().unwrap();
    let server = build("accounts");
    let wire = session(&server).await;
    let (_running, link) = agreed(&wire).await;
    let last = if link.ends_with('A') { "B" } else { "A" };
    let tampered = format!("{}{last}", &link[..link.len() - 1]);
    let long = "A".repeat(100_000);
    for text in ["", "hello", &link[1..], &tampered, &long] {
        assert!(matches!(server.links().open(text, None).await, Err(LinkError::Invalid)), "{text}");
    }
    for other in [build("other"), self::server()] {
        assert!(matches!(other.links().open(&link, None).await, Err(LinkError::Invalid)));
    }
    assert!(server.links().open(&link, None).await.is_ok());
}

#[tokio::test]
async fn an_expired_link_does_not_open() {
    let kept = Arc::new(Mutex::new(String::new()));
    let tool = Tool::new("connect").handler({
        let kept = Arc::clone(&kept);
        move |context: Context| {
            let kept = Arc::clone(&kept);
            async move {
                let mut kept = kept.lock().await;
                let url = |link: &toolwright_server::links::LinkToken| {
                    *kept = link.to_string();
                    "https://app.example"
                };
                context.elicit_url("Connect", url).expires_in(Duration::ZERO).completed::<String>().await
            }
        }
    });
    let server = Server::builder("accounts").tool(tool).build().unwrap();
    let wire = session(&server).await;
    let running = call(&wire, 7, "connect");
    let question = wire.said.at_least(1).await.remove(0);
    answer(&wire, &question, "accept").await;
    assert!(text(&running.await.unwrap()).starts_with("the user has not finished"));
    let link = kept.lock().await.clone();
    assert!(matches!(server.links().open(&link, None).await, Err(LinkError::Expired)));
}

#[tokio::test(start_paused = true)]
async fn the_page_may_be_at_another_replica_with_the_same_keys_and_store() {
    let (keys, store) = (StateKeys::random(), SharedKeyValue::new(MemoryKeyValue::new()));
    let replica = || {
        let builder = Server::builder("accounts").state_keys(keys.clone()).store(store.clone());
        builder.tools(tools()).build().unwrap()
    };
    let (here, there) = (replica(), replica());
    let wire = session(&here).await;
    let (running, link) = agreed(&wire).await;
    there.links().open(&link, None).await.unwrap().complete("ada").await.unwrap();
    assert!(matches!(here.links().open(&link, None).await, Err(LinkError::Used)));
    assert_eq!(text(&running.await.unwrap()), "ada");
    assert_eq!(wire.said.methods(), ["elicitation/create", "notifications/elicitation/complete"]);
}

#[tokio::test]
async fn a_call_that_is_given_up_waits_no_longer() {
    let server = server();
    let wire = session(&server).await;
    let request =
        json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": { "name": "connect" } });
    let running = tokio::spawn(wire.call(request.to_string()));
    let question = wire.said.at_least(1).await.remove(0);
    answer(&wire, &question, "accept").await;
    wire.tell(json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 7 } }))
        .await;
    assert_eq!(running.await.unwrap().body, None);
}

#[tokio::test]
async fn clients_that_cannot_open_urls_are_not_asked() {
    let server = server();
    for tool in ["agree", "connect", "require"] {
        let wire = Wire::session_with(&server, "2025-06-18", json!({ "elicitation": {} })).await;
        let answer = call(&wire, 7, tool).await.unwrap();
        assert_eq!(
            text(&answer),
            "the user has to open a URL first, which clients of revision 2025-06-18 cannot be asked for"
        );
        let wire = Wire::session_with(&server, "2025-11-25", json!({ "elicitation": { "form": {} } })).await;
        let answer = call(&wire, 7, tool).await.unwrap();
        assert_eq!(
            text(&answer),
            r#"the client cannot answer this question: it did not declare {"elicitation":{"url":{}}}"#
        );
        assert_eq!(wire.said.methods(), Vec::<String>::new());
        let wire = Wire::stateless(&server);
        let answer =
            wire.ask(modern(1, "tools/call", json!({ "name": tool }), json!({ "elicitation": {} }))).await;
        assert_eq!(answer["error"]["code"], -32021, "{answer}");
        assert_eq!(answer["error"]["data"]["requiredCapabilities"], json!({ "elicitation": { "url": {} } }));
    }
}

/// What -32042 tells to open.
fn required(answer: &Value) -> &Value {
    assert_eq!(answer["error"]["code"], -32042, "{answer}");
    assert_eq!(answer["error"]["data"]["elicitations"].as_array().unwrap().len(), 1);
    &answer["error"]["data"]["elicitations"][0]
}

#[tokio::test]
async fn a_required_url_is_named_by_an_error_and_the_next_call_finds_what_came_of_it() {
    let server = server();
    let (wire, other) = (session(&server).await, session(&server).await);
    let answer = call(&wire, 1, "require").await.unwrap();
    let elicitation = required(&answer);
    assert_eq!((&elicitation["mode"], &elicitation["message"]), (&json!("url"), &json!("Connect")));
    server.links().open(&link(elicitation), None).await.unwrap().complete("ada").await.unwrap();
    assert_eq!(wire.said.methods(), ["notifications/elicitation/complete"]);
    assert_eq!(wire.said.all()[0]["params"]["elicitationId"], elicitation["elicitationId"]);
    assert_eq!(other.said.methods(), Vec::<String>::new());

    let theirs = call(&other, 1, "require").await.unwrap();
    assert_ne!(
        required(&theirs)["elicitationId"],
        elicitation["elicitationId"],
        "another session, another link"
    );
    assert_eq!(text(&call(&wire, 2, "require").await.unwrap()), "ada");
    let again = call(&wire, 3, "require").await.unwrap();
    assert_ne!(required(&again)["elicitationId"], elicitation["elicitationId"], "it was good for one call");
}

/// Two replicas, perhaps with a bus.
fn replicas(bus: Option<&SharedPubSub>) -> [Server; 2] {
    let (keys, store) = (StateKeys::random(), SharedKeyValue::new(MemoryKeyValue::new()));
    [(); 2].map(|()| {
        let builder = Server::builder("accounts").state_keys(keys.clone()).store(store.clone());
        let builder = match bus {
            Some(bus) => builder.bus(bus.clone()),
            None => builder,
        };
        builder.tools(tools()).build().unwrap()
    })
}

#[tokio::test]
async fn with_a_shared_bus_the_client_of_a_required_url_hears_of_a_page_at_another_replica() {
    let bus = SharedPubSub::new(MemoryPubSub::new());
    let [here, there] = replicas(Some(&bus));
    here.start().await.unwrap();
    there.start().await.unwrap();
    let (wire, other, elsewhere) = (session(&here).await, session(&here).await, session(&there).await);
    let answer = call(&wire, 1, "require").await.unwrap();
    let elicitation = required(&answer);
    there.links().open(&link(elicitation), None).await.unwrap().complete("ada").await.unwrap();
    let said = wire.said.at_least(1).await;
    assert_eq!(said[0]["method"], "notifications/elicitation/complete");
    assert_eq!(said[0]["params"]["elicitationId"], elicitation["elicitationId"]);
    for wire in [other, elsewhere] {
        assert_eq!(wire.said.methods(), Vec::<String>::new(), "nobody else is told");
    }
    assert_eq!(text(&call(&wire, 2, "require").await.unwrap()), "ada");
}

#[tokio::test]
async fn without_a_bus_the_page_may_be_at_another_replica_and_the_client_calls_again_by_itself() {
    let [here, there] = replicas(None);
    let wire = session(&here).await;
    let answer = call(&wire, 1, "require").await.unwrap();
    there.links().open(&link(required(&answer)), None).await.unwrap().complete("ada").await.unwrap();
    assert_eq!(wire.said.methods(), Vec::<String>::new());
    assert_eq!(text(&call(&wire, 2, "require").await.unwrap()), "ada");
    assert_eq!(wire.said.methods(), ["notifications/elicitation/complete"], "told when it came back");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_comes_back_too_early_waits_a_while_and_gets_the_same_link() {
    let server = server();
    let wire = session(&server).await;
    let first = call(&wire, 1, "require").await.unwrap();
    let second = call(&wire, 2, "require").await.unwrap();
    assert_eq!(required(&second)["elicitationId"], required(&first)["elicitationId"]);

    let third = call(&wire, 3, "require");
    tokio::task::yield_now().await;
    server.links().open(&link(required(&second)), None).await.unwrap().complete("ada").await.unwrap();
    assert_eq!(text(&third.await.unwrap()), "ada");
}

#[tokio::test]
async fn a_required_url_is_found_again_by_the_principal_over_sessions() {
    let server = server();
    let ada = Principal::new("ada");
    let wire = session(&server).await.principal(ada.clone());
    let answer = call(&wire, 1, "require").await.unwrap();
    let opened = server.links().open(&link(required(&answer)), Some(&ada)).await.unwrap();
    opened.complete("ada@example.org").await.unwrap();
    let bob = session(&server).await.principal(Principal::new("bob"));
    required(&call(&bob, 2, "require").await.unwrap());
    let later = session(&server).await.principal(ada);
    assert_eq!(text(&call(&later, 2, "require").await.unwrap()), "ada@example.org");
}

/// A user who agrees whenever asked and finishes at the `finish`th time.
struct User {
    links: Links,
    finish: usize,
    asked: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Asker for User {
    async fn ask(&self, _: &Context, question: Question) -> Result<Raw, QuestionError> {
        let mut asked = self.asked.lock().await;
        let params: Value = question.params.read().unwrap();
        asked.push((question.key, params.clone()));
        if asked.len() == self.finish {
            let opened = self.links.open(&link(&params), None).await.unwrap();
            opened.complete("ada").await.unwrap();
        }
        Ok(Raw::from(json!({ "action": "accept" })))
    }
}

#[tokio::test(start_paused = true)]
async fn a_stateless_client_is_asked_again_until_the_user_is_done() {
    for (finish, answered) in [(1, "ada"), (2, "ada"), (3, "ada"), (4, "the user has not finished")] {
        for tool in ["connect", "require"] {
            let server = server();
            let asked = Arc::new(Mutex::new(Vec::new()));
            let asking = server.asking(User { links: server.links(), finish, asked: Arc::clone(&asked) });
            let request =
                modern(1, "tools/call", json!({ "name": tool }), json!({ "elicitation": { "url": {} } }));
            let answer = Wire::stateless(&asking).ask(request).await;
            assert!(text(&answer).starts_with(answered), "{finish}: {answer}");
            let asked = asked.lock().await;
            assert_eq!(asked.len(), finish.min(3));
            assert_eq!(
                asked[0].1.as_object().unwrap().keys().collect::<Vec<_>>(),
                ["mode", "message", "url"]
            );
            for (n, (key, params)) in asked.iter().enumerate().skip(1) {
                assert_eq!(*key, format!("{}-again-{n}", asked[0].0));
                assert_eq!(link(params), link(&asked[0].1));
            }
        }
    }
}

#[tokio::test]
async fn the_key_of_a_question_does_not_depend_on_the_link_in_it() {
    let mut keys = Vec::new();
    for _ in 0..2 {
        let server = server();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let asking = server.asking(User { links: server.links(), finish: 1, asked: Arc::clone(&asked) });
        let request =
            modern(1, "tools/call", json!({ "name": "connect" }), json!({ "elicitation": { "url": {} } }));
        Wire::stateless(&asking).ask(request).await;
        keys.push(asked.lock().await[0].0.clone());
    }
    assert_eq!(keys[0], keys[1]);
}
