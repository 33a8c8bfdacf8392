use std::{future::Future, sync::Arc};

use serde::Serialize;
use tokio::task::JoinSet;
use toolwright_core::model::{GetPromptResult, Prompt, ReadResourceResult, Resource, ResourceTemplate, Tool};

use super::{ClientsBuilder, Listed, ServerError};
use crate::{CallOutcome, Client, ClientError};

/// Clients of many servers, each with a name.
///
/// Tools and prompts are listed together, as `name_tool`, and a call finds its server by that name. Resources keep their URIs, since
/// results of tools speak of them; the name of their server is listed beside. A server that fails is named and takes nothing away
/// from the others.
///
/// # Example
/// ```
/// use serde_json::json;
/// use toolwright_client::Clients;
/// use toolwright_core::joint::Connect;
///
/// async fn ask(weather: impl Connect, files: impl Connect) -> Result<String, Box<dyn std::error::Error>> {
///     let clients = Clients::builder().server("weather", weather).server("files", files).connect().await?;
///     for failed in clients.failed() {
///         eprintln!("{failed}");
///     }
///     for (_, tool) in clients.tools().await.items {
///         println!("{}", tool.name); // weather_forecast
///     }
///     Ok(clients.call("weather_forecast", json!({ "city": "Bergen" })).await?.text())
/// }
/// ```
#[derive(Debug)]
pub struct Clients {
    clients: Vec<(Arc<str>, Client)>,
    failed: Vec<ServerError>,
}

impl Clients {
    /// Servers to connect to, and how.
    pub fn builder() -> ClientsBuilder {
        ClientsBuilder::new()
    }

    pub(super) fn new(clients: Vec<(Arc<str>, Client)>, failed: Vec<ServerError>) -> Self {
        Self { clients, failed }
    }

    pub(super) async fn or_first_failure(mut self) -> Result<Self, ServerError> {
        if self.failed.is_empty() {
            return Ok(self);
        }
        let first = self.failed.swap_remove(0);
        self.close().await;
        Err(first)
    }

    /// The client of one server, with everything that clients can do.
    pub fn get(&self, server: &str) -> Option<&Client> {
        self.clients.iter().find(|(name, _)| &**name == server).map(|(_, client)| client)
    }

    /// The connected servers, in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Client)> {
        self.clients.iter().map(|(name, client)| (&**name, client))
    }

    /// How many servers are connected.
    pub fn len(&self) -> usize {
        self.clients.len()
    }

    /// Whether no server is connected.
    pub fn is_empty(&self) -> bool {
        self.clients.is_empty()
    }

    /// The servers that could not be connected to.
    pub fn failed(&self) -> &[ServerError] {
        &self.failed
    }

    /// The tools of all servers, as `name_tool`.
    pub async fn tools(&self) -> Listed<Tool> {
        let mut tools = self
            .list(|client| async move {
                if client.capabilities().tools.is_some() { client.tools().await } else { Ok(Vec::new()) }
            })
            .await;
        for (server, tool) in &mut tools.items {
            tool.name = joined(server, &tool.name);
        }
        tools
    }

    /// The prompts of all servers, as `name_prompt`.
    pub async fn prompts(&self) -> Listed<Prompt> {
        let mut prompts = self
            .list(|client| async move {
                if client.capabilities().prompts.is_some() { client.prompts().await } else { Ok(Vec::new()) }
            })
            .await;
        for (server, prompt) in &mut prompts.items {
            prompt.name = joined(server, &prompt.name);
        }
        prompts
    }

    /// The resources of all servers, with their URIs as they are.
    pub async fn resources(&self) -> Listed<Resource> {
        self.list(|client| async move {
            if client.capabilities().resources.is_some() { client.resources().await } else { Ok(Vec::new()) }
        })
        .await
    }

    /// The resource templates of all servers, as they are.
    pub async fn templates(&self) -> Listed<ResourceTemplate> {
        self.list(|client| async move {
            if client.capabilities().resources.is_some() { client.templates().await } else { Ok(Vec::new()) }
        })
        .await
    }

    /// The server that a joined name leads to, and what the server itself calls it: the way to a call with options. Of servers
    /// whose names begin alike the longest name wins.
    pub fn route<'a>(&self, name: &'a str) -> Option<(&Client, &'a str)> {
        self.routed(name).map(|(_, client, own)| (client, own))
    }

    /// Calls a tool by its joined name. See [`Client::call`].
    ///
    /// # Errors
    /// When no server has that name, or the server's error.
    pub async fn call(
        &self,
        name: impl AsRef<str>,
        arguments: impl Serialize,
    ) -> Result<CallOutcome, ServerError> {
        let (server, client, own) = self.find(name.as_ref(), "tool")?;
        client.call(own, arguments).await.map_err(|error| ServerError::new(server, error))
    }

    /// Gets a prompt by its joined name. See [`Client::prompt`].
    ///
    /// # Errors
    /// When no server has that name, or the server's error.
    pub async fn prompt(
        &self,
        name: impl AsRef<str>,
        arguments: impl Serialize,
    ) -> Result<GetPromptResult, ServerError> {
        let (server, client, own) = self.find(name.as_ref(), "prompt")?;
        client.prompt(own, arguments).await.map_err(|error| ServerError::new(server, error))
    }

    /// Reads a resource of one server. See [`Client::read`].
    ///
    /// # Errors
    /// When no server has that name, or the server's error.
    pub async fn read(&self, server: &str, uri: impl AsRef<str>) -> Result<ReadResourceResult, ServerError> {
        let Some((name, client)) = self.clients.iter().find(|(name, _)| &**name == server) else {
            return Err(self.unknown(format!("the name `{server}`")));
        };
        client.read(uri).await.map_err(|error| ServerError::new(name, error))
    }

    /// Closes all connections side by side.
    pub async fn close(&self) {
        let mut closing = JoinSet::new();
        for (_, client) in &self.clients {
            let client = client.clone();
            closing.spawn(async move { client.close().await });
        }
        while closing.join_next().await.is_some() {}
    }

    fn routed<'s, 'a>(&'s self, name: &'a str) -> Option<(&'s Arc<str>, &'s Client, &'a str)> {
        self.clients
            .iter()
            .filter_map(|(server, client)| {
                let own = name.strip_prefix(&**server)?.strip_prefix('_')?;
                Some((server, client, own))
            })
            .max_by_key(|(server, ..)| server.len())
    }

    fn find<'s, 'a>(
        &'s self,
        name: &'a str,
        what: &str,
    ) -> Result<(&'s Arc<str>, &'s Client, &'a str), ServerError> {
        self.routed(name).ok_or_else(|| self.unknown(format!("the {what} `{name}`")))
    }

    fn unknown(&self, what: String) -> ServerError {
        ServerError::Unknown { what, connected: self.iter().map(|(name, _)| name.to_owned()).collect() }
    }

    async fn list<T, F>(&self, list: impl Fn(Client) -> F) -> Listed<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<Vec<T>, ClientError>> + Send + 'static,
    {
        let mut asked = Vec::new();
        for (name, client) in &self.clients {
            asked.push((name, tokio::spawn(list(client.clone()))));
        }
        let mut listed = Listed::new();
        for (name, answer) in asked {
            match answer.await.unwrap_or_else(|_| Err(ClientError::protocol("listing panicked"))) {
                Ok(items) => listed.items.extend(items.into_iter().map(|item| (Arc::clone(name), item))),
                Err(error) => listed.failed.push(ServerError::new(name, error)),
            }
        }
        listed
    }
}

fn joined(server: &str, name: &str) -> String {
    format!("{server}_{name}")
}
