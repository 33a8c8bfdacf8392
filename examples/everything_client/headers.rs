//! Headers that repeat what is in the body.
use toolwright::prelude::*;

use crate::{Done, Task};

/// One request of each kind.
pub(crate) async fn standard(task: &Task) -> Done {
    let client = task.client().connect(task.server()).await?;
    for tool in client.tools().await? {
        client.call(&tool.name, ()).await?;
    }
    for resource in client.resources().await? {
        client.read(&resource.uri).await?;
    }
    for prompt in client.prompts().await? {
        client.prompt(&prompt.name, ()).await?;
    }
    client.close().await;
    Ok(())
}

/// The calls that the suite asks for, with arguments that are headers, too.
pub(crate) async fn mirrored(task: &Task) -> Done {
    let calls = task.context["toolCalls"].as_array().ok_or("the suite names no calls")?;
    let client = task.client().connect(task.server()).await?;
    client.tools().await?;
    for call in calls {
        let name = call["name"].as_str().ok_or("a call has no name")?;
        client.call(name, &call["arguments"]).await?;
    }
    client.close().await;
    Ok(())
}

/// Calls every tool that the client shows: those whose headers are malformed are not among them.
pub(crate) async fn refused(task: &Task) -> Done {
    let client = task.client().connect(task.server()).await?;
    for tool in client.tools().await? {
        client.call(&tool.name, json!({ "region": "us-west1" })).await?;
    }
    client.close().await;
    Ok(())
}
