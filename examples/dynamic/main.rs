//! Tools that come, change and go while the server runs: users define commands, and each becomes a tool of its own.
//! Clients that listen hear each time that the list of tools changed.
use toolwright::{
    component::{ComponentKey, Kind},
    prelude::*,
};

#[model]
struct Values {
    /// One value for each `{}` of the command, in order.
    values: Vec<String>,
}

/// Define a command: a text with a `{}` for each value. A command of the same name is replaced.
#[tool(annotations(idempotent))]
async fn define(
    server: Server,
    #[arg(pattern = "^[a-z_]{1,40}$")] name: String,
    #[arg(example = "git commit -m {}")] command: String,
) -> Result<String, HandlerError> {
    if ["define", "forget"].contains(&&*name) {
        return Err(HandlerError::from(format!("`{name}` cannot be replaced")).hint("choose another name"));
    }
    let answer = format!("`{name}` is a tool now");
    let tool = Tool::new(name).description(format!("Write the command `{command}`.")).handler(
        move |Args(Values { values }): Args<Values>| {
            let filled = fill(&command, &values);
            async move { filled }
        },
    );
    server.add_tool(tool)?;
    Ok(answer)
}

fn fill(command: &str, values: &[String]) -> Result<String, HandlerError> {
    let mut parts = command.split("{}");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    let parts: Vec<_> = parts.collect();
    if parts.len() != values.len() {
        return Err(HandlerError::from(format!("expected {} values, got {}", parts.len(), values.len())));
    }
    for (value, part) in values.iter().zip(parts) {
        filled.extend([value, part]);
    }
    Ok(filled)
}

/// Forget a command.
#[tool(annotations(destructive))]
async fn forget(server: Server, name: &str) -> Result<String, HandlerError> {
    if ["define", "forget"].contains(&name) || !server.remove(&ComponentKey::new(Kind::Tool, name)) {
        return Err(HandlerError::from(format!("there is no command `{name}`")).hint("list the tools"));
    }
    Ok(format!("`{name}` is forgotten"))
}

fn server() -> toolwright::Result<Server> {
    Ok(Server::builder("dynamic").tools(tools![define, forget]).build()?)
}

#[tokio::main]
async fn main() -> toolwright::Result<()> {
    server()?.run().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolwright::{client::Change, core::model::SubscriptionFilter, testing::in_every_era};

    #[tokio::test]
    async fn commands_become_tools() -> toolwright::Result<()> {
        in_every_era(server()?, async |client| {
            let mut changes = client.listen(SubscriptionFilter::new().tools_list_changed(true)).await?;
            for (command, expected) in [("echo {}", "echo hi"), ("say {}!", "say hi!")] {
                client.call("define", json!({ "name": "greet", "command": command })).await?;
                assert_eq!(changes.next().await?, Some(Change::Tools));
                let tools = client.tools().await?;
                assert_eq!(tools.len(), 3, "the second one replaces the first");
                assert_eq!(tools[2].description, Some(format!("Write the command `{command}`.")));
                assert_eq!(client.call("greet", json!({ "values": ["hi"] })).await?.text(), expected);
            }
            assert!(client.call("greet", json!({ "values": [] })).await.is_err());

            client.call("forget", json!({ "name": "greet" })).await?;
            assert_eq!(changes.next().await?, Some(Change::Tools));
            assert_eq!(client.tools().await?.len(), 2);
            assert!(client.call("greet", json!({ "values": ["hi"] })).await.is_err());
            assert!(client.call("forget", json!({ "name": "define" })).await.is_err());
            Ok::<_, toolwright::Error>(())
        })
        .await;
        Ok(())
    }
}
