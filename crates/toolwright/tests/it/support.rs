//! What the tests share.
use toolwright::{Client, Server, prelude::*};

/// A client of a server with these tools.
pub(crate) async fn client(tools: impl IntoIterator<Item = Tool>) -> Client {
    connect(
        Server::builder("test").tools(tools).state(Db { name: "main" }).build().expect("the tools are sound"),
    )
    .await
}

/// A client of this server.
pub(crate) async fn connect(server: Server) -> Client {
    Client::connect(server).await.expect("a server in process answers")
}

/// The text of a call, and whether it is a success.
pub(crate) async fn call(
    client: &Client,
    tool: &str,
    arguments: serde_json::Value,
) -> Result<String, String> {
    let outcome = client.call_raw(tool, arguments).await.expect("the call is answered by the tool");
    if outcome.is_error() { Err(outcome.text()) } else { Ok(outcome.text()) }
}

/// State of the server.
pub(crate) struct Db {
    pub(crate) name: &'static str,
}
