//! What of an error a client gets to read.
use std::{error::Error, fmt};

use serde_json::json;
use toolwright_core::{
    jsonrpc::RpcError,
    model::{GetPromptResult, PromptArgument},
};
use toolwright_server::{
    Completion, Context, HandlerError, Prompt, Resource, Server, ServerBuilder, Tool,
    arguments::Args,
    provider::{Caller, Provider, ProviderError},
};

use crate::each::each;

const MASKED: &str = "the call failed; the server's log says why";

/// An error with a past.
#[derive(Debug)]
struct Layered(&'static str, Option<Box<Layered>>);

impl fmt::Display for Layered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Layered {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|source| source as _)
    }
}

fn layered() -> HandlerError {
    Layered("cannot book", Some(Box::new(Layered("postgres://admin:hunter2@db", None)))).into()
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Seats {
    count: u8,
}

fn fails(name: &str, error: fn() -> HandlerError) -> Tool {
    Tool::new(name).handler(move |_: Context| async move { Err::<String, _>(error()) })
}

fn builder() -> ServerBuilder {
    Server::builder("demo")
        .tools([
            fails("plain", layered),
            fails("hint", || layered().hint("call support")),
            fails("public", || HandlerError::public("sold out").hint("try Tuesday")),
            fails("rpc", || HandlerError::rpc(RpcError::new(418, "short and stout"))),
            Tool::new("typed").handler(|Args(seats): Args<Seats>| async move { seats.count.to_string() }),
        ])
        .resource(Resource::new("x:/broken").raw_handler(|_, _| async { Err(layered()) }))
        .resource(Resource::new("x:/gone").raw_handler(|_, _| async { Err(layered().not_found()) }))
        .prompt(Prompt::new("broken").raw_handler(|_, _| async { Err(layered()) }))
        .prompt(
            Prompt::new("typed")
                .argument(PromptArgument::new("city"))
                .raw_handler(|_, _| async { Ok(GetPromptResult::default()) }),
        )
        .completion(Completion::prompt("typed", "city").handler(|_, _, _| async { Err(layered()) }))
}

async fn texts(server: &Server, plain: &str, hinted: &str) {
    let reference = json!({ "ref": { "type": "ref/prompt", "name": "typed" }, "argument": { "name": "city", "value": "" } });
    for client in each(server).await {
        assert_eq!(client.text("plain").await, plain, "{}", client.revision);
        assert_eq!(client.text("hint").await, hinted);
        assert_eq!(client.text("public").await, "sold out (try Tuesday)");
        let (error, _) = client.error("tools/call", json!({ "name": "rpc" })).await;
        assert_eq!(error, json!({ "code": 418, "message": "short and stout" }));

        let internal = json!({ "code": -32603, "message": plain });
        assert_eq!(client.error("resources/read", json!({ "uri": "x:/broken" })).await.0, internal);
        assert_eq!(client.error("prompts/get", json!({ "name": "broken" })).await.0, internal);
        assert_eq!(client.error("completion/complete", reference.clone()).await.0, internal);
        let code = if client.is_modern() { -32602 } else { -32002 };
        assert_eq!(
            client.error("resources/read", json!({ "uri": "x:/gone" })).await.0,
            json!({ "code": code, "message": plain, "data": { "uri": "x:/gone" } }),
        );
    }
}

#[tokio::test]
async fn clients_read_the_outermost_text_and_never_its_sources() {
    texts(&builder().build().unwrap(), "cannot book", "cannot book (call support)").await;
}

#[tokio::test]
async fn a_server_that_masks_shows_only_what_was_made_public() {
    texts(&builder().mask_errors().build().unwrap(), MASKED, MASKED).await;
}

#[tokio::test]
async fn what_the_framework_says_about_a_request_is_never_masked() {
    for client in each(&builder().mask_errors().build().unwrap()).await {
        let text = client.text("typed").await;
        assert!(text.contains("count"), "wrong arguments are the model's to mend: {text}");
        let (error, _) = client.error("tools/call", json!({ "name": "no_such" })).await;
        assert_eq!(error["message"], "unknown tool `no_such`");
        let (error, _) = client.error("resources/read", json!({ "uri": "x:/no_such" })).await;
        assert_eq!(error["message"], "unknown resource `x:/no_such`");
    }
}

struct Broken;

impl Provider for Broken {
    fn name(&self) -> String {
        "backend".into()
    }

    async fn tools(&self, _: &Caller) -> Result<Vec<Tool>, ProviderError> {
        Err(ProviderError::new("cannot reach 10.0.0.7"))
    }
}

#[tokio::test]
async fn a_server_that_masks_does_not_show_why_a_provider_failed() {
    let open = builder().provider(Broken).build().unwrap();
    let masking = builder().provider(Broken).mask_errors().build().unwrap();
    for (client, masked) in each(&open).await.iter().zip(each(&masking).await) {
        let (error, _) = client.error("tools/call", json!({ "name": "no_such" })).await;
        assert_eq!(error["code"], -32603);
        assert!(error["message"].as_str().unwrap().contains("backend"), "{error}");
        let (error, _) = masked.error("tools/call", json!({ "name": "no_such" })).await;
        assert_eq!(error, json!({ "code": -32603, "message": MASKED }));
    }
}
