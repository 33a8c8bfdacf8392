//! Layers around calls: an audit with times, one that edits a list, one for a single tool, and a rule that denies.
use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

use toolwright::{
    ServerResult,
    core::{jsonrpc::RpcError, model::Method},
    middleware::Middleware,
    prelude::*,
};

/// How many parcels are in store.
#[tool(annotations(read_only))]
fn stock(stock: State<Stock>) -> u32 {
    stock.count()
}

/// Send parcels away. Takes a moment.
#[tool(annotations(destructive))]
async fn send(stock: State<Stock>, #[arg(range(1..))] parcels: u32) -> Result<u32, HandlerError> {
    let before = stock.count();
    tokio::task::yield_now().await; // Somebody loads the van. Meanwhile others could send the same parcels.
    let left = before.checked_sub(parcels).ok_or_else(|| format!("there are only {before} parcels"))?;
    *stock.0.lock().unwrap_or_else(PoisonError::into_inner) = left;
    Ok(left)
}

struct Stock(Mutex<u32>);

impl Stock {
    fn count(&self) -> u32 {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was called, how it went, and how long it took.
#[derive(Default)]
struct Trail(Mutex<Vec<String>>);

/// A function is a layer. This one sees every request and notification.
async fn audit(call: Call, next: Next) -> Reply {
    let trail = call.context().shared_state::<Trail>();
    let what = format!("{} {}", call.method(), call.target().unwrap_or("-"));
    let begin = Instant::now();
    let reply = next.run(call).await;
    let outcome = if reply.is_error() { "failed" } else { "ok" };
    if let Some(trail) = trail {
        let line = format!("{what}: {outcome} after {:?}", begin.elapsed());
        trail.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
    reply
}

/// The audit so far.
#[resource("audit://trail")]
fn trail(trail: State<Trail>) -> String {
    trail.0.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
}

/// Results can be edited on their way out: this layer tells the model what it should not call on its own.
async fn warn(call: Call, next: Next) -> Reply {
    match next.run(call).await {
        Reply::Result(result) => match result.edit() {
            ServerResult::ListTools(mut list) => {
                for tool in list.tools.iter_mut().filter(|tool| ["send", "burn"].contains(&&*tool.name)) {
                    let text = tool.description.take().unwrap_or_default();
                    tool.description = Some(format!("{text} Ask the user before you call this."));
                }
                ServerResult::ListTools(list).into()
            }
            other => other.into(),
        },
        other => other,
    }
}

/// A layer with state is a type. This one lets one call at a time through.
#[derive(Default)]
struct OneAtATime(tokio::sync::Mutex<()>);

impl Middleware for OneAtATime {
    async fn handle(&self, call: Call, next: Next) -> Reply {
        let _turn = self.0.lock().await;
        next.run(call).await
    }
}

/// Denies calls of some tools, and leaves everything else alone.
struct Deny(&'static [&'static str]);

impl Middleware for Deny {
    async fn handle(&self, call: Call, next: Next) -> Reply {
        match call.target() {
            Some(tool) if *call.method() == Method::CallTool && self.0.contains(&tool) => {
                RpcError::invalid_params(format!("`{tool}` is switched off")).into()
            }
            _ => next.run(call).await,
        }
    }
}

fn server() -> toolwright::Result<Server> {
    let [send] = tools![send];
    let burn = Tool::new("burn").description("Burn all parcels.");
    Ok(Server::builder("warehouse")
        .state(Stock(Mutex::new(10)))
        .state(Trail::default())
        .layer(audit) // The first layer is the outermost, so that it sees what the others deny.
        .layer(warn)
        .layer(Deny(&["burn"]))
        .tools(tools![stock])
        .tool(send.layer(OneAtATime::default()))
        .tool(burn.handler(async || "all parcels are gone"))
        .resources(resources![trail])
        .build()?)
}

#[tokio::main]
async fn main() -> toolwright::Result<()> {
    server()?.run().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolwright::testing::in_every_era;

    #[tokio::test]
    async fn layers_see_edit_and_deny_calls() -> toolwright::Result<()> {
        in_every_era(server()?, async |client| {
            let tools = client.tools().await?;
            let warned =
                |tool: usize| tools[tool].description.as_ref().is_some_and(|it| it.contains("Ask the user"));
            assert_eq!((warned(0), warned(1), warned(2)), (false, true, true));
            assert!(client.call("send", json!({ "parcels": 100 })).await.is_err());
            let denied = client.call("burn", ()).await.unwrap_err();
            assert!(denied.to_string().contains("`burn` is switched off"), "{denied}");

            let trail = json!(client.read("audit://trail").await?.contents)[0]["text"].to_string();
            for line in ["tools/list -: ok after", "tools/call send: failed", "tools/call burn: failed"] {
                assert!(trail.contains(line), "{line} is not in {trail}");
            }
            Ok::<_, toolwright::Error>(())
        })
        .await;
        Ok(())
    }

    #[tokio::test]
    async fn calls_of_one_tool_take_turns() -> toolwright::Result<()> {
        let client = Client::connect(server()?).await?;
        let send = || async { client.call("send", json!({ "parcels": 1 })).await };
        tokio::try_join!(send(), send(), send())?;
        assert_eq!(client.call("stock", ()).await?.data::<u32>()?, 7);
        Ok(())
    }
}
