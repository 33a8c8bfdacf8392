//! `Client::open` and `Clients::open`: this test binary runs itself as the servers.
use std::{env, fs, process::exit, sync::Arc};

use toolwright::{
    client::{Clients, OpenError, Servers},
    prelude::*,
    stdio::{Options, serve},
};

const CHILD: &str = "TOOLWRIGHT_OPEN_TEST_CHILD";

/// A server that says which name it was given.
#[tokio::test]
async fn server() {
    let Ok(name) = env::var(CHILD) else { return };
    let server = Server::builder(name.clone())
        .tool(Tool::new("name").handler(move || {
            let name = name.clone();
            async move { name }
        }))
        .build()
        .unwrap();
    serve(Arc::new(server), Options::new()).await.unwrap();
    exit(0);
}

const ARGUMENTS: [&str; 4] = ["--exact", "open::server", "--nocapture", "--test-threads=2"];

fn entry(name: &str) -> serde_json::Value {
    json!({ "command": env::current_exe().unwrap(), "args": ARGUMENTS, "env": { CHILD: name } })
}

struct Config {
    directory: tempfile::TempDir,
}

impl Config {
    fn new(servers: serde_json::Value) -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("mcp.json"), json!({ "mcpServers": servers }).to_string()).unwrap();
        Self { directory }
    }

    fn path(&self) -> String {
        self.directory.path().join("mcp.json").to_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_command_line_is_opened() {
    // The variable is in no list, so `env` sets it, as it would in a terminal.
    let program = env::current_exe().unwrap();
    let line = format!("env {CHILD}='by line' '{}' {}", program.display(), ARGUMENTS.join(" "));
    let client = Client::open(&line).await.unwrap();
    assert_eq!(client.call("name", ()).await.unwrap().text(), "by line");
    client.close().await;
}

#[tokio::test]
async fn a_configuration_of_one_server_is_a_client() {
    let config = Config::new(json!({ "one": entry("one"), "off": { "command": "x", "disabled": true } }));
    let client = Client::builder().open(&config.path()).await.unwrap();
    assert_eq!(client.call("name", ()).await.unwrap().text(), "one");
    client.close().await;
}

#[tokio::test]
async fn a_configuration_of_many_is_clients() {
    let config =
        Config::new(json!({ "one": entry("1"), "two": entry("2"), "lost": { "command": "no-such-server" } }));
    let error = Client::open(&config.path()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the configuration has the servers one, two, lost; open it as `Clients`, or name one server with `Servers::one`"
    );

    let clients = Clients::open(&config.path()).await.unwrap();
    let failed: Vec<_> = clients.failed().iter().map(ToString::to_string).collect();
    assert_eq!(
        failed,
        [
            "server `lost`: cannot connect to the command `no-such-server`: no directory of PATH has a program of that name; \
          install it, or give its whole path"
        ]
    );
    assert_eq!(clients.call("two_name", ()).await.unwrap().text(), "2");
    clients.close().await;

    let one = Servers::read(config.path()).unwrap().one("two").unwrap();
    let client = Client::builder().connect_shared(&one.target().unwrap()).await.unwrap();
    assert_eq!(client.call("name", ()).await.unwrap().text(), "2");
    client.close().await;
}

#[tokio::test]
async fn errors_say_what_the_target_was_taken_for() {
    let error = Client::open("no-such-server --verbose").await.unwrap_err();
    assert!(matches!(error, OpenError::Connect { .. }));
    assert!(
        error
            .to_string()
            .starts_with("taken for a command line: cannot connect to the command `no-such-server`: "),
        "{error}"
    );
    let unset = Config::new(json!({ "it": { "command": "x", "env": { "A": "${TOOLWRIGHT_NOT_SET}" } } }));
    assert_eq!(
        Client::open(&unset.path()).await.unwrap_err().to_string(),
        "taken for a configuration of servers, with `it`: cannot connect to it: its entry in the configuration needs the environment \
         variable `TOOLWRIGHT_NOT_SET`, which is not set; set it, or write `${TOOLWRIGHT_NOT_SET:-default}` (in `env`)"
    );
    assert_eq!(
        Client::open(&Config::new(json!({})).path()).await.unwrap_err().to_string(),
        "the configuration has no server under `mcpServers` that is not disabled"
    );
    let two = Config::new(json!({ "a": { "command": "x" }, "b": { "command": "y" } }));
    assert_eq!(
        Client::open(&two.path()).await.unwrap_err().to_string(),
        "the configuration has the servers a, b; open it as `Clients`, or name one server with `Servers::one`"
    );
}

#[cfg(not(feature = "http-client"))]
#[tokio::test]
async fn a_feature_that_is_off_is_named() {
    assert_eq!(
        Client::open("https://example.com/mcp").await.unwrap_err().to_string(),
        "taken for a URL: cannot connect to a URL: that takes the feature `http-client` of the crate `toolwright`, which is \
         off; turn it on in `Cargo.toml`"
    );
}

/// Serves a tool over HTTP that says which `X-Team` its caller has sent, and gives the address.
#[cfg(feature = "http-client")]
async fn served() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    let team = Tool::new("team").handler(|context: Context| async move {
        let team = context.headers().get("x-team").and_then(|team| team.to_str().ok());
        team.unwrap_or("none").to_owned()
    });
    let server = Server::builder("remote").tool(team).build().unwrap();
    tokio::spawn(server.http().serve_listener(listener));
    url
}

#[cfg(feature = "http-client")]
#[tokio::test]
async fn a_url_is_opened() {
    let client = Client::open(&served().await).await.unwrap();
    assert_eq!(client.call("team", ()).await.unwrap().text(), "none");
    client.close().await;
}

#[cfg(feature = "http-client")]
#[tokio::test]
async fn a_url_of_a_configuration_is_opened_with_its_headers() {
    let config = Config::new(json!({ "remote": { "url": served().await, "headers": { "X-Team": "red" } } }));
    let client = Client::open(&config.path()).await.unwrap();
    assert_eq!(client.call("team", ()).await.unwrap().text(), "red");
    client.close().await;
}
