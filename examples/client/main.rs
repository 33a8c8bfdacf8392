//! Lists and calls whatever a server has, with a person at the terminal who answers what the server asks.
//!
//! ```text
//! cargo run --example client --features child,http-client -- <target> [command] [--era auto|modern|legacy|REVISION]
//!
//! target    a URL, a command line in quotes, or a configuration such as mcp.json (with one server)
//! command   list (the default) | call NAME [JSON] | read URI | prompt NAME [JSON] | listen
//! ```
//!
//! There is no model here, so that tools which ask one will say that they cannot. For example `-- "npx -y @modelcontextprotocol/server-everything" call echo '{"message": "Hello"}'`.
mod arguments;
mod field;
mod form;
mod show;
mod terminal;
#[cfg(test)]
mod tests;

use std::{env, process::ExitCode, sync::Arc};

use arguments::{Arguments, Command, USAGE};
use terminal::Terminal;
use toolwright::{
    client::{Builder, Change},
    core::model::{ElicitResult, LoggingMessageParams, ProgressParams, SubscriptionFilter},
    prelude::*,
};

/// A client that shows everything on the terminal, and asks there.
fn builder(arguments: &Arguments, terminal: &Arc<Terminal>) -> Builder {
    let (forms, urls) = (terminal.clone(), terminal.clone());
    let (logs, progress) = (terminal.clone(), terminal.clone());
    Client::builder()
        .era(arguments.era)
        .on_elicit(move |form| {
            let terminal = forms.clone();
            wait_for_person(move || form::ask(&terminal, &form))
        })
        .on_elicit_url(move |url| {
            let terminal = urls.clone();
            wait_for_person(move || form::ask_url(&terminal, &url))
        })
        .on_log(move |message: LoggingMessageParams| {
            logs.say(&format!("[{}] {}", show::name(json!(message.level)), message.data.as_str()));
        })
        .on_progress(move |report: ProgressParams| progress.say(&show::progress(&report)))
}

/// A person takes their time, so the question must not hold up the runtime.
async fn wait_for_person(ask: impl FnOnce() -> ElicitResult + Send + 'static) -> ElicitResult {
    tokio::task::spawn_blocking(ask).await.unwrap_or_else(|_| ElicitResult::cancel())
}

async fn run(client: &Client, command: &Command, terminal: &Terminal) -> toolwright::Result<()> {
    match command {
        Command::List => list(client, terminal).await?,
        Command::Call(name, arguments) => {
            let outcome = client.call_raw(name, arguments).await?;
            if outcome.is_error() {
                terminal.say("The tool reports a failure:");
            }
            outcome.content().iter().for_each(|block| terminal.say(&show::block(block)));
            if let Some(structured) = outcome.structured() {
                terminal.say(&format!("structured: {}", structured.as_str()));
            }
        }
        Command::Read(uri) => {
            let read = client.read(uri).await?;
            read.contents.iter().for_each(|contents| terminal.say(&show::contents(contents)));
        }
        Command::Prompt(name, arguments) => {
            let prompt = client.prompt(name, arguments).await?;
            for message in &prompt.messages {
                terminal.say(&format!(
                    "{}: {}",
                    show::name(json!(message.role)),
                    show::block(&message.content)
                ));
            }
        }
        Command::Listen => listen(client, terminal).await?,
    }
    Ok(())
}

async fn list(client: &Client, terminal: &Terminal) -> toolwright::Result<()> {
    let name =
        client.server_info().map_or_else(|| "a server without a name".to_owned(), |info| info.name.clone());
    terminal.say(&format!("{name}, revision {}", client.revision()));
    let has = client.capabilities();
    if has.tools.is_some() {
        terminal.say("Tools");
        for tool in client.tools().await? {
            terminal.say(&show::item(&tool.name, tool.description.as_deref()));
        }
    }
    if has.resources.is_some() {
        terminal.say("Resources");
        for resource in client.resources().await? {
            terminal.say(&show::item(&resource.uri, resource.description.as_deref()));
        }
        for template in client.templates().await? {
            terminal.say(&show::item(&template.uri_template, template.description.as_deref()));
        }
    }
    if has.prompts.is_some() {
        terminal.say("Prompts");
        for prompt in client.prompts().await? {
            terminal.say(&show::item(&prompt.name, prompt.description.as_deref()));
        }
    }
    Ok(())
}

/// Tells what changes, until the server ends it.
async fn listen(client: &Client, terminal: &Terminal) -> toolwright::Result<()> {
    let resources = match client.capabilities().resources {
        Some(_) => client.resources().await?,
        None => Vec::new(),
    };
    let filter = SubscriptionFilter::new()
        .tools_list_changed(true)
        .prompts_list_changed(true)
        .resources_list_changed(true)
        .resource_subscriptions(resources.into_iter().map(|resource| resource.uri));
    let mut changes = client.listen(filter).await?;
    terminal.say("Listening.");
    while let Some(change) = changes.next().await? {
        terminal.say(&match change {
            Change::Tools => "The tools changed.".to_owned(),
            Change::Prompts => "The prompts changed.".to_owned(),
            Change::Resources => "The resources changed.".to_owned(),
            Change::Resource(uri) => format!("{uri} changed."),
            other => format!("{other:?}"),
        });
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let terminal = Arc::new(Terminal::own());
    let arguments = match Arguments::parse(env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(problem) => {
            terminal.say(&format!("{problem}\n{USAGE}"));
            return ExitCode::from(2);
        }
    };
    let done = async {
        let client = builder(&arguments, &terminal).open(&arguments.target).await?;
        let done = run(&client, &arguments.command, &terminal).await;
        client.close().await;
        done
    };
    match done.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal.say(&format!("{error:?}"));
            ExitCode::FAILURE
        }
    }
}
