//! Many servers at once.
use toolwright::{
    client::{Clients, EraChoice},
    core::joint::{Attach, Connect, ConnectError, Link},
    prelude::*,
};

/// Say hello.
#[tool]
fn hello(name: &str) -> String {
    format!("Hello, {name}")
}

/// Say nothing.
#[tool]
fn fail() -> Result<String, HandlerError> {
    Err("not today".into())
}

#[prompt]
fn greet(name: &str) -> String {
    format!("Greet {name}")
}

#[resource("greeting://today", mime = "text/plain")]
fn today() -> &'static str {
    "Hei"
}

fn server(name: &str) -> Server {
    Server::builder(name)
        .tools(tools![hello, fail])
        .prompts(prompts![greet])
        .resources(resources![today])
        .build()
        .unwrap()
}

/// A server with nothing but instructions.
fn empty() -> Server {
    Server::builder("empty").build().unwrap()
}

struct Nowhere;

impl Connect for Nowhere {
    async fn connect(&self, _attach: Attach) -> Result<std::sync::Arc<dyn Link>, ConnectError> {
        Err(ConnectError::new("nowhere", "there is nothing"))
    }
}

async fn clients() -> Clients {
    Clients::builder()
        .server("north", server("north"))
        .server("lost", Nowhere)
        .server("north_east", server("north east"))
        .server("empty", empty())
        .each(|name| {
            Client::builder().era(if name == "north" { EraChoice::Modern } else { EraChoice::Legacy })
        })
        .connect()
        .await
        .unwrap()
}

#[tokio::test]
async fn everything_is_listed_together_in_the_order_of_the_servers() {
    let clients = clients().await;
    let tools = clients.tools().await;
    assert!(tools.failed.is_empty());
    let names: Vec<_> = tools.items.iter().map(|(server, tool)| format!("{server}/{}", tool.name)).collect();
    assert_eq!(
        names,
        [
            "north/north_hello",
            "north/north_fail",
            "north_east/north_east_hello",
            "north_east/north_east_fail"
        ]
    );
    let prompts: Vec<_> =
        clients.prompts().await.into_items().into_iter().map(|prompt| prompt.name).collect();
    assert_eq!(prompts, ["north_greet", "north_east_greet"]);
    let resources = clients.resources().await;
    let uris: Vec<_> = resources.items.iter().map(|(server, resource)| (&**server, &*resource.uri)).collect();
    assert_eq!(uris, [("north", "greeting://today"), ("north_east", "greeting://today")]);
    assert!(clients.templates().await.items.is_empty());
}

#[tokio::test]
async fn calls_find_their_server_by_its_name() {
    let clients = clients().await;
    assert_eq!(clients.call("north_hello", json!({ "name": "Eli" })).await.unwrap().text(), "Hello, Eli");
    assert_eq!(clients.call("north_east_hello", json!({ "name": "Bo" })).await.unwrap().text(), "Hello, Bo");
    let (client, own) = clients.route("north_east_hello").unwrap();
    assert_eq!((client.server_info().unwrap().name.as_str(), own), ("north east", "hello"));
    let prompt = clients.prompt("north_greet", json!({ "name": "Eli" })).await.unwrap();
    assert_eq!(prompt.messages[0].content.as_text(), Some("Greet Eli"));
    let read = clients.read("north_east", "greeting://today").await.unwrap();
    assert_eq!(read.contents[0].uri(), "greeting://today");
    assert_ne!(clients.get("north").unwrap().revision(), clients.get("north_east").unwrap().revision());
}

#[tokio::test]
async fn whoever_fails_is_named_and_takes_nothing_away() {
    let clients = clients().await;
    assert_eq!(clients.len(), 3);
    let failed: Vec<_> = clients.failed().iter().map(ToString::to_string).collect();
    assert_eq!(failed, ["server `lost`: cannot connect to nowhere: there is nothing"]);
    let error = clients.call("north_fail", ()).await.unwrap_err();
    assert_eq!(
        (error.server(), error.to_string().as_str()),
        (Some("north"), "server `north`: tool `fail` failed: not today")
    );

    clients.get("north").unwrap().close().await;
    let tools = clients.tools().await;
    assert_eq!(tools.items.len(), 2);
    assert_eq!(tools.failed[0].server(), Some("north"));
    clients.close().await;
    assert_eq!(clients.tools().await.failed.len(), 2);
}

#[tokio::test]
async fn a_name_that_leads_nowhere_says_where_names_lead() {
    let clients = clients().await;
    for name in ["south_hello", "north", "hello"] {
        let error = clients.call(name, ()).await.unwrap_err().to_string();
        let expected = format!("no server for the tool `{name}`; connected are north, north_east, empty");
        assert_eq!(error, expected);
    }
    assert!(clients.read("lost", "greeting://today").await.is_err());
}

#[tokio::test]
async fn all_or_none_can_be_asked_for() {
    let strict =
        Clients::builder().server("a", server("a")).server("lost", Nowhere).strict(true).connect().await;
    assert_eq!(strict.unwrap_err().server(), Some("lost"));
    let none = Clients::builder().server("lost", Nowhere).server("gone", Nowhere).connect().await;
    assert_eq!(none.unwrap_err().server(), Some("lost"));
    assert!(Clients::builder().connect().await.unwrap().is_empty());
}
