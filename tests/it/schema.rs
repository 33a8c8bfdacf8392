//! The official JSON schema of each revision, and which definition a message of the server has to fit.
use std::{
    collections::HashMap,
    fs,
    path::Path,
    sync::{Arc, LazyLock, Mutex},
};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use toolwright::core::{era::Revision, jsonrpc::ErrorCode};

/// What the server answers, by the method that it answers.
pub(crate) const RESULTS: [(&str, &str); 15] = [
    ("initialize", "InitializeResult"),
    ("server/discover", "DiscoverResult"),
    ("ping", "EmptyResult"),
    ("tools/list", "ListToolsResult"),
    ("tools/call", "CallToolResult"),
    ("resources/list", "ListResourcesResult"),
    ("resources/templates/list", "ListResourceTemplatesResult"),
    ("resources/read", "ReadResourceResult"),
    ("resources/subscribe", "EmptyResult"),
    ("resources/unsubscribe", "EmptyResult"),
    ("prompts/list", "ListPromptsResult"),
    ("prompts/get", "GetPromptResult"),
    ("completion/complete", "CompleteResult"),
    ("logging/setLevel", "EmptyResult"),
    ("subscriptions/listen", "SubscriptionsListenResult"),
];

/// Methods whose answer may ask for more ("Multi Round-Trip Requests", "Supported Requests").
const ASKING: [&str; 3] = ["tools/call", "prompts/get", "resources/read"];

/// What the server tells.
pub(crate) const NOTIFICATIONS: [(&str, &str); 9] = [
    ("notifications/progress", "ProgressNotification"),
    ("notifications/message", "LoggingMessageNotification"),
    ("notifications/cancelled", "CancelledNotification"),
    ("notifications/tools/list_changed", "ToolListChangedNotification"),
    ("notifications/prompts/list_changed", "PromptListChangedNotification"),
    ("notifications/resources/list_changed", "ResourceListChangedNotification"),
    ("notifications/resources/updated", "ResourceUpdatedNotification"),
    ("notifications/subscriptions/acknowledged", "SubscriptionsAcknowledgedNotification"),
    ("notifications/elicitation/complete", "ElicitationCompleteNotification"),
];

/// What the server asks.
pub(crate) const REQUESTS: [(&str, &str); 4] = [
    ("elicitation/create", "ElicitRequest"),
    ("sampling/createMessage", "CreateMessageRequest"),
    ("roots/list", "ListRootsRequest"),
    ("ping", "PingRequest"),
];

/// Errors with a definition of their own. What such a definition describes is the whole message or its member `error`.
pub(crate) const ERRORS: [(ErrorCode, &str); 9] = [
    (ErrorCode::PARSE_ERROR, "ParseError"),
    (ErrorCode::INVALID_REQUEST, "InvalidRequestError"),
    (ErrorCode::METHOD_NOT_FOUND, "MethodNotFoundError"),
    (ErrorCode::INVALID_PARAMS, "InvalidParamsError"),
    (ErrorCode::INTERNAL_ERROR, "InternalError"),
    (ErrorCode::HEADER_MISMATCH, "HeaderMismatchError"),
    (ErrorCode::MISSING_CLIENT_CAPABILITY, "MissingRequiredClientCapabilityError"),
    (ErrorCode::UNSUPPORTED_PROTOCOL_VERSION, "UnsupportedProtocolVersionError"),
    (ErrorCode::URL_ELICITATION_REQUIRED, "URLElicitationRequiredError"),
];

/// The kind of a message, by which its definition is found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The answer to a request of this method.
    Result(String),
    /// The answer to a request of this method that asks the client for more.
    InputRequired(String),
    Notification(String),
    Request(String),
    Error(i64),
    /// Answers to a batch.
    Batch,
}

/// The definition that a message of this kind has to fit in this revision.
pub(crate) fn definition(revision: Revision, kind: &Kind) -> Option<&'static str> {
    let named = |table: &[(&str, &'static str)], method: &str| {
        table.iter().find(|row| row.0 == method).map(|row| row.1).filter(|name| has(revision, name))
    };
    match kind {
        Kind::Result(method) if revision.era().has_method(&method.as_str().into()) => named(&RESULTS, method),
        Kind::Request(method) if !revision.era().is_stateless() => named(&REQUESTS, method),
        Kind::InputRequired(method) => {
            Some("InputRequiredResult").filter(|name| has(revision, name) && ASKING.contains(&&**method))
        }
        Kind::Notification(method) => named(&NOTIFICATIONS, method),
        Kind::Error(_) => Some(error_envelope(revision)),
        Kind::Batch => Some("JSONRPCBatchResponse").filter(|name| has(revision, name)),
        Kind::Result(_) | Kind::Request(_) => None,
    }
}

/// Checks a message of this kind.
pub(crate) fn check(revision: Revision, kind: &Kind, message: &Value) -> Result<(), String> {
    let name = definition(revision, kind).ok_or_else(|| format!("{revision} has no {kind:?}"))?;
    match kind {
        Kind::Result(method) | Kind::InputRequired(method) => {
            fits(revision, result_envelope(revision), message)?;
            fits(revision, name, &message["result"])?;
            let complete = definition(revision, &Kind::Result(method.clone()));
            let response = complete.map(|name| format!("{name}Response")).unwrap_or_default();
            if has(revision, &response) { fits(revision, &response, message) } else { Ok(()) }
        }
        Kind::Notification(_) => {
            fits(revision, "JSONRPCNotification", message).and_then(|()| fits(revision, name, message))
        }
        Kind::Request(_) => {
            fits(revision, "JSONRPCRequest", message).and_then(|()| fits(revision, name, message))
        }
        Kind::Error(code) => {
            let message = identified(revision, message);
            fits(revision, name, &message)?;
            match ERRORS.iter().find(|row| row.0 == *code).filter(|row| has(revision, row.1)) {
                Some((_, name)) if describes_message(revision, name) => fits(revision, name, &message),
                Some((_, name)) => fits(revision, name, &message["error"]),
                None => Ok(()),
            }
        }
        Kind::Batch => {
            let items = message.as_array().ok_or("no array")?;
            let items: Vec<_> = items.iter().map(|item| identified(revision, item)).collect();
            fits(revision, name, &Value::from(items))
        }
    }
}

/// An error, with an id if it had to do without one.
///
/// JSON-RPC 2.0 ("Response object") asks for `null` where the id could not be read. MCP says nothing of that before 2025-11-25, and
/// the schemas of that time forgot the case.
fn identified(revision: Revision, message: &Value) -> Value {
    let mut message = message.clone();
    let is_error = message.get("error").is_some();
    if is_error && !revision.era().omits_unknown_ids() && message.get("id") == Some(&Value::Null) {
        message["id"] = json!(0);
    }
    message
}

fn result_envelope(revision: Revision) -> &'static str {
    if has(revision, "JSONRPCResultResponse") { "JSONRPCResultResponse" } else { "JSONRPCResponse" }
}

fn error_envelope(revision: Revision) -> &'static str {
    if has(revision, "JSONRPCErrorResponse") { "JSONRPCErrorResponse" } else { "JSONRPCError" }
}

fn describes_message(revision: Revision, name: &str) -> bool {
    let document = &DOCUMENTS[&revision];
    !document.json[document.keyword][name]["properties"]["error"].is_null()
}

fn fits(revision: Revision, name: &str, value: &Value) -> Result<(), String> {
    let faults: Vec<_> = DOCUMENTS[&revision]
        .validator(name)
        .iter_errors(value)
        .map(|error| format!("{name} of {revision} at `{}`: {error}", error.instance_path()))
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
}

fn has(revision: Revision, name: &str) -> bool {
    let document = &DOCUMENTS[&revision];
    document.json[document.keyword].get(name).is_some()
}

struct Document {
    draft: Draft,
    /// Where the definitions stand: `definitions` or `$defs`.
    keyword: &'static str,
    json: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

static DOCUMENTS: LazyLock<HashMap<Revision, Document>> =
    LazyLock::new(|| Revision::ALL.into_iter().map(|revision| (revision, Document::of(revision))).collect());

impl Document {
    fn of(revision: Revision) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schema/{revision}.json"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let json: Value = serde_json::from_str(&text).unwrap();
        let (draft, keyword) = if json.get("$defs").is_some() {
            (Draft::Draft202012, "$defs")
        } else {
            (Draft::Draft7, "definitions")
        };
        Self { draft, keyword, json, validators: Mutex::default() }
    }

    fn validator(&self, name: &str) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap();
        let build = || {
            let definitions = &self.json[self.keyword];
            let schema = json!({ "$ref": format!("#/{}/{name}", self.keyword), self.keyword: definitions });
            Arc::new(jsonschema::options().with_draft(self.draft).build(&schema).unwrap())
        };
        Arc::clone(validators.entry(name.to_owned()).or_insert_with(build))
    }
}

#[test]
fn a_broken_message_of_each_kind_is_found() {
    let revision = Revision::V2025_11_25;
    for (kind, message) in [
        (Kind::Result("tools/call".into()), json!({ "jsonrpc": "2.0", "id": 1, "result": {} })),
        (Kind::Result("tools/call".into()), json!({ "id": 1, "result": { "content": [] } })),
        (
            Kind::Notification("notifications/progress".into()),
            json!({ "jsonrpc": "2.0", "method": "notifications/progress" }),
        ),
        (
            Kind::Request("elicitation/create".into()),
            json!({ "jsonrpc": "2.0", "id": 1, "method": "elicitation/create" }),
        ),
        (
            Kind::Error(-32700),
            json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32700, "message": "no" } }),
        ),
        (
            Kind::Error(-32042),
            json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": -32042, "message": "no" } }),
        ),
        (Kind::Batch, json!([])),
        (
            Kind::Request("server/discover".into()),
            json!({ "jsonrpc": "2.0", "id": 1, "method": "server/discover" }),
        ),
        (Kind::Result("server/discover".into()), json!({ "jsonrpc": "2.0", "id": 1, "result": {} })),
    ] {
        assert!(check(revision, &kind, &message).is_err(), "{kind:?}: {message}");
    }
}
