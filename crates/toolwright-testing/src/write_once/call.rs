use serde::Serialize;
use serde_json::{Value, json};
use toolwright_client::{Client, ClientError};

/// What is called, in each setting anew.
#[derive(Clone, Debug)]
pub(super) enum Call {
    Tool { name: String, arguments: Value },
    Prompt { name: String, arguments: Value },
    Resource { uri: String },
}

impl Call {
    /// Calls, and leaves out of the answer whatever revisions write in different ways.
    pub(super) async fn run(&self, client: &Client) -> Value {
        let answer = match self {
            Self::Tool { name, arguments } => tool(client, name, arguments).await,
            Self::Prompt { name, arguments } => client.prompt(name, arguments).await.and_then(|prompt| {
                Ok(json!({ "description": prompt.description, "messages": written(&prompt.messages)? }))
            }),
            Self::Resource { uri } => client
                .read(uri)
                .await
                .and_then(|resource| Ok(json!({ "contents": written(&resource.contents)? }))),
        };
        // Codes differ between revisions, and so does the `data` that goes with them.
        answer.unwrap_or_else(|error| match error.rpc() {
            Some(error) => json!({ "error": error.message }),
            None => json!({ "failure": error.to_string() }),
        })
    }
}

async fn tool(client: &Client, name: &str, arguments: &Value) -> Result<Value, ClientError> {
    // Listed tools say which values are wrapped: older revisions know objects only.
    client.tools().await?;
    let outcome = client.call_raw(name, arguments).await?;
    let mut answer = json!({ "content": written(outcome.content())? });
    if outcome.structured().is_some() {
        answer["structuredContent"] = outcome.data()?;
    }
    if outcome.is_error() {
        answer["isError"] = true.into();
    }
    Ok(answer)
}

fn written(content: &(impl Serialize + ?Sized)) -> Result<Value, ClientError> {
    serde_json::to_value(content)
        .map_err(|source| ClientError::Encode { what: "the server's answer".into(), source })
}
