//! Lists and calls everything that the example `everything` has, and validates each message on the way.
use std::{collections::BTreeMap, fs, path::Path};

use serde_json::{Value, json};
use toolwright::{
    Client,
    core::{
        era::Revision,
        model::{
            CompleteParams, CreateMessageResult, ElicitFormParams, ElicitResult, ElicitValue, LoggingLevel,
            Root, SamplingContent, SubscriptionFilter,
        },
    },
};

use crate::{
    everything,
    schema::{Kind, RESULTS, definition},
    watched::Watched,
};

/// What the clients of other makers call, too.
fn plan() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("outside/plan/everything.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Fills in a form.
fn fill(form: &ElicitFormParams) -> ElicitResult {
    let schema: Value = serde_json::from_str(form.requested_schema.as_str()).unwrap();
    let fields = schema["properties"].as_object().unwrap().iter();
    ElicitResult::accept(fields.map(|(name, schema)| (name.clone(), value(schema))))
}

fn value(schema: &Value) -> ElicitValue {
    let first = |schema: &Value| {
        let options = [&schema["enum"][0], &schema["oneOf"][0]["const"], &schema["anyOf"][0]["const"]];
        options.into_iter().find(|option| !option.is_null()).cloned()
    };
    let value = match schema["type"].as_str() {
        _ if schema.get("default").is_some() => schema["default"].clone(),
        Some("array") => json!([first(&schema["items"]).unwrap()]),
        Some("boolean") => json!(true),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        _ => first(schema).unwrap_or_else(|| json!("ada@example.com")),
    };
    serde_json::from_value(value).unwrap()
}

async fn client(target: Watched, revision: Revision) -> Client {
    Client::builder()
        .era(revision)
        .log_level(LoggingLevel::Debug)
        .on_progress(|_| {})
        .on_log(|_| {})
        .roots([Root::new("file:///home/ada").name("home")])
        .on_elicit(|form| std::future::ready(fill(&form)))
        .on_sample(|_| {
            std::future::ready(Ok(CreateMessageResult::new("model", SamplingContent::text("A message."))))
        })
        .connect(target)
        .await
        .unwrap()
}

/// Everything that is listed, and everything that the plan has for it. Whether a call succeeds is for other tests to say.
async fn sweep(client: &Client, plan: &Value) -> usize {
    let mut calls = 0;
    let planned = |kind: &str, name: &str| {
        plan[kind][name]
            .as_array()
            .unwrap_or_else(|| panic!("the plan has no {name} among its {kind}"))
            .clone()
    };
    // Some tools add others and prompts.
    let (tools, prompts) = (client.tools().await.unwrap(), client.prompts().await.unwrap());
    for tool in tools {
        for arguments in planned("tools", &tool.name) {
            let _ = client.call(&tool.name, arguments).await;
            calls += 1;
        }
    }
    for resource in client.resources().await.unwrap() {
        client.read(&resource.uri).await.unwrap();
        calls += 1;
    }
    for template in client.templates().await.unwrap() {
        for uri in planned("templates", &template.uri_template) {
            let _ = client.read(uri.as_str().unwrap()).await;
            calls += 1;
        }
    }
    for prompt in prompts {
        for arguments in planned("prompts", &prompt.name) {
            let _ = client.prompt(&prompt.name, arguments).await;
            calls += 1;
        }
    }
    for completion in plan["completions"].as_array().unwrap() {
        let params: CompleteParams = serde_json::from_value(completion.clone()).unwrap();
        let _ = client.complete(params).await;
        calls += 1;
    }
    calls
}

#[tokio::test(start_paused = true)]
async fn every_message_of_the_example_is_valid_in_every_revision() {
    let plan = plan();
    let mut counts = BTreeMap::new();
    for revision in Revision::ALL {
        let target = Watched::new(everything::server().unwrap(), revision);
        let client = client(target.clone(), revision).await;
        let filter = SubscriptionFilter::new()
            .tools_list_changed(true)
            .prompts_list_changed(true)
            .resource_subscriptions(["test://watched-resource"]);
        let mut changes = client.listen(filter).await.unwrap();
        counts.insert(revision, sweep(&client, &plan).await);
        if revision.era().is_stateless() {
            client.discover().await.unwrap();
        } else {
            client.ping().await.unwrap();
            client.set_level(LoggingLevel::Error).await.unwrap();
            client.subscribe("test://watched-resource").await.unwrap();
            client.unsubscribe("test://watched-resource").await.unwrap();
        }
        changes.next().await.unwrap();
        drop(changes);
        client.close().await;

        let (covered, faults) = target.verdict();
        assert!(faults.is_empty(), "{revision}: {} faults\n{}", faults.len(), faults.join("\n"));
        for (method, _) in RESULTS {
            let kind = Kind::Result(method.to_owned());
            // A subscription has a result only when the server ends it.
            let is_due = definition(revision, &kind).is_some() && method != "subscriptions/listen";
            assert!(
                !is_due || covered.contains(&(revision, kind)),
                "{revision}: {method} was never answered"
            );
        }
        for kind in ["notifications/progress", "notifications/message", "notifications/tools/list_changed"] {
            let kind = Kind::Notification(kind.to_owned());
            assert!(covered.contains(&(revision, kind.clone())), "{revision}: {kind:?} was never sent");
        }
        let asks = covered.iter().any(|(_, kind)| matches!(kind, Kind::Request(_) | Kind::InputRequired(_)));
        assert!(asks, "{revision}: the client was never asked");
    }
    assert!(counts.values().all(|count| *count >= 40), "{counts:?}");
}
