//! A server with one of each.
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use toolwright_core::model::{
    CallToolResult, ContentBlock, GetPromptResult, PromptArgument, PromptMessage, ReadResourceResult,
    ResourceContents, Role,
};
use toolwright_server::{
    Completion, Context, HandlerError, Prompt, Resource, Server, Tool, question::Elicited,
};

/// Counts the calls of `hang` that were given up.
#[derive(Clone, Default)]
pub(crate) struct GivenUp(Arc<AtomicUsize>);

impl GivenUp {
    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

struct Alive(GivenUp);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::SeqCst);
    }
}

pub(crate) fn server() -> Server {
    serving(&GivenUp::default())
}

pub(crate) fn serving(given_up: &GivenUp) -> Server {
    let given_up = given_up.clone();
    let hang = Tool::new("hang").raw_handler(move |_, _| {
        let alive = Alive(given_up.clone());
        async move {
            let _alive = alive;
            std::future::pending().await
        }
    });
    Server::builder("fixture")
        .version("1.0.0")
        .instructions("Be kind.")
        .tools([add(), slow(), fail(), hang, who(), ask()])
        .tools(
            (0..30).map(|n| Tool::new(format!("filler_{n}")).raw_handler(|_, _| async { Ok(texts(["ok"])) })),
        )
        .limits(toolwright_core::joint::Limits::default().page(10))
        .resource(
            Resource::new("notes://all")
                .name("all")
                .raw_handler(|_, _| async { Ok(contents("notes://all", "all")) }),
        )
        .resource(Resource::new("notes://{id}").name("note").raw_handler(|_, variables| async move {
            match variables.get("id") {
                Some(id) if id != "none" => Ok(contents(&format!("notes://{id}"), id)),
                _ => Err(HandlerError::from("no such note").not_found()),
            }
        }))
        .prompt(Prompt::new("greet").argument(PromptArgument::new("name").required(true)).raw_handler(
            |_, arguments| async move {
                let name = arguments.get("name").ok_or("no name")?;
                Ok(GetPromptResult::new([PromptMessage::new(Role::User, format!("Greet {name}."))]))
            },
        ))
        .completion(Completion::prompt("greet", "name").handler(|_, typed, _| async move {
            Ok(["ada", "alan", "grace"]
                .into_iter()
                .filter(|name| name.starts_with(&typed))
                .map(String::from)
                .collect())
        }))
        .build()
        .unwrap()
}

fn texts<const N: usize>(texts: [&str; N]) -> CallToolResult {
    CallToolResult::new(texts.map(ContentBlock::text))
}

fn contents(uri: &str, text: &str) -> ReadResourceResult {
    ReadResourceResult::new([ResourceContents::text(uri, text)])
}

fn add() -> Tool {
    Tool::new("add")
        .input_schema(json!({
            "type": "object",
            "properties": { "a": { "type": "integer" }, "b": { "type": "integer" } },
            "required": ["a", "b"],
        }))
        .output_schema(toolwright_core::Raw::from(json!({ "type": "integer" })))
        .raw_handler(|_, arguments| async move {
            let arguments: Value = serde_json::from_slice(arguments.as_bytes())?;
            let sum = arguments["a"].as_i64().ok_or("no a")? + arguments["b"].as_i64().ok_or("no b")?;
            Ok(texts([&*sum.to_string()]).structured_content(json!(sum)))
        })
}

fn slow() -> Tool {
    Tool::new("slow").raw_handler(|context: Context, _| async move {
        for step in 1..=3 {
            context.progress(step, 3);
            context.info(json!({ "step": step }));
            tokio::time::sleep(Duration::from_secs(40)).await;
        }
        Ok(texts(["done"]))
    })
}

fn fail() -> Tool {
    Tool::new("fail").raw_handler(|_, _| async { Err(HandlerError::from("out of paper")) })
}

fn who() -> Tool {
    Tool::new("who").raw_handler(|context: Context, _| async move {
        Ok(texts([context.principal().map_or("nobody", |principal| principal.subject())]))
    })
}

fn ask() -> Tool {
    Tool::new("ask").raw_handler(|context: Context, _| async move {
        let consent = match context.elicit::<bool>("Really?").await? {
            Elicited::Accepted(consent) => consent.to_string(),
            other => format!("{other:?}"),
        };
        let sampled = context.sample("Say something.").await?.text();
        let roots = context.roots().await?.len().to_string();
        Ok(texts([&*consent, &*sampled, &*roots]))
    })
}
