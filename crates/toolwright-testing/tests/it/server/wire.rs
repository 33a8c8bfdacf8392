use std::{collections::HashMap, fs, path::Path};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use toolwright_core::{era::Revision, joint::Transport};
use toolwright_testing::transcript::Replay;

use super::fixture::server;

/// The definition of the result of each method that the transcripts call.
const RESULTS: &[(&str, &str)] = &[
    ("initialize", "InitializeResult"),
    ("server/discover", "DiscoverResult"),
    ("tools/call", "CallToolResult"),
    ("resources/read", "ReadResourceResult"),
    ("resources/templates/list", "ListResourceTemplatesResult"),
    ("prompts/get", "GetPromptResult"),
    ("completion/complete", "CompleteResult"),
    ("subscriptions/listen", "SubscriptionsListenResult"),
    ("ping", "EmptyResult"),
    ("logging/setLevel", "EmptyResult"),
    ("resources/subscribe", "EmptyResult"),
];

/// The official schema of a revision.
struct Schema(HashMap<String, Validator>);

impl Schema {
    fn of(revision: Revision) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/schema/{revision}.json"));
        let document: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let (keyword, draft) = match document.get("$defs") {
            Some(_) => ("$defs", Draft::Draft202012),
            None => ("definitions", Draft::Draft7),
        };
        let names =
            ["ServerNotification", "ServerRequest"].into_iter().chain(RESULTS.iter().map(|(_, name)| *name));
        let known = names.filter(|name| document[keyword].get(name).is_some());
        let validators = known.map(|name| {
            let schema = json!({ "$ref": format!("#/{keyword}/{name}"), keyword: document[keyword] });
            (name.to_owned(), jsonschema::options().with_draft(draft).build(&schema).unwrap())
        });
        Self(validators.collect())
    }

    fn check(&self, message: &Value, answers: Option<&str>) -> Result<(), String> {
        let (name, part) = match (message.get("method"), message.get("id"), message.get("result")) {
            (Some(_), Some(_), _) => ("ServerRequest", message),
            (Some(_), None, _) => ("ServerNotification", message),
            (None, _, Some(result)) => {
                let answers = answers.ok_or("an answer to nothing")?;
                let (_, name) =
                    RESULTS.iter().find(|(method, _)| *method == answers).ok_or("no definition")?;
                (*name, result)
            }
            // Errors, and batches.
            _ => return Ok(()),
        };
        let validator = self.0.get(name).ok_or_else(|| format!("the revision has no {name}"))?;
        validator.validate(part).map_err(|error| format!("{} at {}", error, error.instance_path()))
    }
}

#[tokio::test]
async fn the_server_says_what_the_transcripts_and_the_official_schemas_say() {
    for revision in Revision::ALL {
        let schema = Schema::of(revision);
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/wire/{revision}.jsonl"));
        let replay = Replay::new(server())
            .transport(Transport::Stdio)
            .validate(move |message, answers| schema.check(message, answers));
        replay.file(file).await.unwrap();
    }
}
