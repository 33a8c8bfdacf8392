//! Lists and calls.
use toolwright::prelude::*;

use crate::{Done, SESSION, Task};

/// Lists the tools, and looks up nothing that their schemas refer to.
pub(crate) async fn list(task: &Task) -> Done {
    let client = task.client().connect(task.server()).await?;
    client.tools().await?;
    client.close().await;
    Ok(())
}

/// Calls a tool with numbers.
pub(crate) async fn add(task: &Task) -> Done {
    let client = task.client().connect(task.server()).await?;
    client.tools().await?;
    let sum = client.call("add_numbers", json!({ "a": 2, "b": 3 })).await?;
    println!("{}", sum.text());
    client.close().await;
    Ok(())
}

/// Calls a tool whose server ends the stream before the answer: the connection takes it up again where it stopped.
pub(crate) async fn reconnect(task: &Task) -> Done {
    // The mock server knows an older revision only.
    let client = task.client().era(SESSION).connect(task.server()).await?;
    client.tools().await?;
    let answer = client.call("test_reconnection", ()).await?;
    println!("{}", answer.text());
    client.close().await;
    Ok(())
}

/// Sends the schema of one tool to another one, as it came.
pub(crate) async fn echo_schema(task: &Task) -> Done {
    let client = task.client().connect(task.server()).await?;
    let tools = client.tools().await?;
    let rich =
        tools.iter().find(|tool| tool.name == "json_schema_2020_12_tool").ok_or("the tool is not listed")?;
    client.call("json_schema_echo", json!({ "schema": rich.input_schema })).await?;
    client.close().await;
    Ok(())
}
