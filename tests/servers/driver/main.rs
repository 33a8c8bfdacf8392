//! Calls everything that a server lists and prints what came back as one JSON object: call -> answer.
//!
//! `drive_server TASK.json`, where the task is a plan of `tests/servers/plan` with how to reach the server and which era to
//! speak.
#![expect(clippy::print_stdout, reason = "what it prints is for the program that runs it")]
mod answers;
mod record;
mod task;
mod walk;

use std::{collections::BTreeMap, env, error::Error, sync::Arc};

use serde_json::Value;
use toolwright::{
    client::{Client, ClientError, Http},
    core::model::LoggingLevel,
};

use crate::{record::Record, task::Task};

/// Call -> answer.
type Answers = BTreeMap<String, Value>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let path = env::args().nth(1).ok_or("usage: drive_server TASK.json")?;
    let task: Arc<Task> = Arc::new(serde_json::from_slice(&std::fs::read(path)?)?);
    let record = Arc::new(Record::default());
    let client = connect(&task, &record).await?;
    let answers = walk::walk(&client, &task, &record).await?;
    client.close().await;
    println!("{}", serde_json::to_string(&answers)?);
    Ok(())
}

async fn connect(task: &Arc<Task>, record: &Arc<Record>) -> Result<Client, ClientError> {
    let (forms, urls, logs) = (task.clone(), task.clone(), record.clone());
    let builder = Client::builder()
        .era(task.era())
        .log_level(LoggingLevel::Debug)
        .on_elicit(move |form| std::future::ready(answers::form(&form, &forms.answers)))
        .on_elicit_url(move |url| std::future::ready(answers::url(&url, &urls.answers)))
        .on_sample(|_| async { Ok(answers::sample()) })
        .roots(task.roots.clone())
        .on_log(move |message| logs.log(&message));
    match &task.url {
        Some(url) => builder.connect(Http::new(url)).await,
        None => builder.connect(task.child()).await,
    }
}
