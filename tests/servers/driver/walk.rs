//! The calls, one after the other.
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde::Serialize;
use serde_json::{Value, json};
use toolwright::client::{CallOutcome, Change, Client, ClientError};

use crate::{
    Answers,
    record::Record,
    task::{Task, Watch},
};

/// How long a change may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Calls everything that `task` names.
pub(crate) async fn walk(client: &Client, task: &Task, record: &Arc<Record>) -> serde_json::Result<Answers> {
    let mut walk = Walk { client, answers: Answers::new() };
    let revision = client.revision();
    let capabilities = client.capabilities();
    let server = json!({
        "protocolVersion": revision.as_str(),
        "info": client.server_info(),
        "capabilities": capabilities,
        "instructions": client.instructions(),
    });
    walk.answers.insert("server".into(), json!({ "result": server }));
    if !revision.era().is_stateless() {
        walk.take("ping", client.ping().await.map(|()| json!({})));
    }
    if let Some(watch) = task.watch(revision.as_str()) {
        walk.watch(watch).await;
    }
    if capabilities.tools.is_some() {
        walk.take("tools/list", client.tools().await.map(|tools| json!({ "tools": tools })));
        for (name, arguments) in task.tools.each() {
            walk.call(name, arguments).await;
        }
    }
    if capabilities.resources.is_some() {
        walk.take(
            "resources/list",
            client.resources().await.map(|resources| json!({ "resources": resources })),
        );
        let templates = client.templates().await.map(|templates| json!({ "resourceTemplates": templates }));
        walk.take("resources/templates/list", templates);
        let of_templates = task.templates.each().filter_map(|(_, uri)| uri.as_str());
        for uri in task.resources.iter().map(String::as_str).chain(of_templates) {
            walk.take(&format!("resources/read {uri}"), client.read(uri).await);
        }
    }
    if capabilities.prompts.is_some() {
        walk.take("prompts/list", client.prompts().await.map(|prompts| json!({ "prompts": prompts })));
        for (name, arguments) in task.prompts.each() {
            walk.take(
                &format!("prompts/get {name} {}", sorted(arguments)),
                client.prompt(name, arguments).await,
            );
        }
    }
    if capabilities.completions.is_some() {
        for params in task.completions() {
            let params = params?;
            let key = format!("completion/complete {}", sorted(&json!(params)));
            walk.take(
                &key,
                client.complete(params).await.map(|completion| json!({ "completion": completion })),
            );
        }
    }
    // The list once more: by its answer everything that was sent before has arrived.
    if capabilities.tools.is_some() {
        walk.take("tools/list again", client.tools().await.map(|tools| json!({ "count": tools.len() })));
    }
    walk.answers.insert("logs".into(), json!({ "result": record.logs() }));
    Ok(walk.answers)
}

struct Walk<'a> {
    client: &'a Client,
    answers: Answers,
}

impl Walk<'_> {
    /// Keeps an answer; one of a call that is repeated has a key of its own.
    fn take(&mut self, key: &str, answer: Result<impl Serialize, ClientError>) -> &mut Value {
        let mut distinct = key.to_owned();
        for nth in 2.. {
            if !self.answers.contains_key(&distinct) {
                break;
            }
            distinct = format!("{key} #{nth}");
        }
        let answer = match answer {
            Ok(result) => json!({ "result": result }),
            Err(ClientError::Rpc(error)) => json!({ "error": error }),
            Err(other) => json!({ "failure": other.to_string() }),
        };
        self.answers.entry(distinct).or_insert(answer)
    }

    async fn call(&mut self, name: &str, arguments: &Value) {
        let reports = Arc::<Mutex<Vec<Value>>>::default();
        let seen = reports.clone();
        let called = self.client.call_raw(name, arguments).on_progress(move |report| {
            let report =
                json!({ "progress": report.progress, "total": report.total, "message": report.message });
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(report);
        });
        let answer = called.await;
        let data = answer.as_ref().ok().and_then(unwrapped);
        let kept = self
            .take(&format!("tools/call {name} {}", sorted(arguments)), answer.map(CallOutcome::into_result));
        let reports = reports.lock().unwrap_or_else(PoisonError::into_inner);
        if !reports.is_empty() {
            kept["progress"] = json!(*reports);
        }
        if let Some(data) = data {
            kept["data"] = data;
        }
    }

    /// Follows what a call changes.
    async fn watch(&mut self, watch: &Watch) {
        let changes = async {
            let mut subscription = self.client.listen(watch.filter.clone()).await?;
            let (tool, arguments) = &watch.call;
            self.client.call(tool, arguments).await?;
            let mut changes = Vec::new();
            while changes.len() < watch.changes {
                match subscription.next().await? {
                    Some(Change::Resource(uri)) => changes.push(json!({ "resource": uri })),
                    Some(change) => changes.push(json!(format!("{change:?}"))),
                    None => break,
                }
            }
            Ok(changes)
        };
        let changes = tokio::time::timeout(PATIENCE, changes)
            .await
            .unwrap_or_else(|_| Ok(vec![json!("no change came in time")]));
        self.take("watched", changes);
    }
}

/// The same text whatever order a file or a type has.
fn sorted(value: &Value) -> Value {
    let mut value = value.clone();
    value.sort_all_objects();
    value
}

/// What a server had to wrap into an object comes out of it as it was.
fn unwrapped(outcome: &CallOutcome) -> Option<Value> {
    if outcome.is_error() {
        return None;
    }
    outcome.structured()?;
    outcome.data().ok()
}
