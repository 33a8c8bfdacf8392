use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};
use toolwright_core::{
    era::Revision,
    jsonrpc::{ErrorCode, Id, RpcError},
    model::*,
};

use super::{
    document::Document,
    table::{Kind, TABLE},
};

/// Messages that we construct, as the definition they must fit and the JSON.
struct Emitted {
    modern: bool,
    messages: Vec<(&'static str, Value)>,
}

impl Emitted {
    fn request(&mut self, definition: &'static str, method: Method, params: impl Serialize) {
        let mut params = serde_json::to_value(params).unwrap();
        // Requests that the server embeds in a result carry no metadata of a client.
        let embedded = matches!(method, Method::CreateMessage | Method::ListRoots | Method::Elicit);
        if self.modern && !embedded {
            let meta = RequestMeta::new()
                .protocol_version(Revision::V2026_07_28)
                .client_capabilities(client_capabilities())
                .client_info(implementation())
                .log_level(LoggingLevel::Info)
                .progress_token(1);
            params["_meta"] = serde_json::to_value(meta).unwrap();
        }
        let message = json!({ "jsonrpc": "2.0", "id": Id::from(1), "method": method, "params": params });
        self.messages.push((definition, message));
    }

    fn notification(&mut self, definition: &'static str, method: Method, params: impl Serialize) {
        self.messages.push((definition, json!({ "jsonrpc": "2.0", "method": method, "params": params })));
    }

    fn value(&mut self, definition: &'static str, value: impl Serialize) {
        self.messages.push((definition, serde_json::to_value(value).unwrap()));
    }

    fn error(&mut self, definition: &'static str, code: ErrorCode, data: impl Serialize) {
        let data = serde_json::to_value(data).unwrap();
        let error = RpcError::new(code, "no").data(data);
        self.value(definition, json!({ "jsonrpc": "2.0", "id": 1, "error": error }));
    }
}

fn implementation() -> Implementation {
    Implementation::new("ledger", "1.0.0")
        .title("Ledger")
        .description("Keeps books.")
        .website_url("https://example.com")
        .icons([icon()])
}

fn icon() -> Icon {
    Icon::new("https://example.com/icon.png").mime_type("image/png").sizes(["48x48"]).theme(IconTheme::Dark)
}

fn annotations() -> Annotations {
    Annotations::new()
        .audience([Role::User, Role::Assistant])
        .priority(0.5)
        .last_modified("2026-07-28T00:00:00Z")
}

fn client_capabilities() -> ClientCapabilities {
    let tasks = ClientTasksCapability::new().list(JsonObject::new()).cancel(JsonObject::new()).requests(
        ClientTaskRequests::new()
            .sampling(SamplingTasks::new().create_message(JsonObject::new()))
            .elicitation(ElicitationTasks::new().create(JsonObject::new())),
    );
    ClientCapabilities::new()
        .experimental([("own".to_owned(), json!({}))].into_iter().collect())
        .roots(RootsCapability::new().list_changed(true))
        .sampling(SamplingCapability::new().context().tools())
        .elicitation(ElicitationCapability::new().form().url())
        .tasks(tasks)
        .extensions(Extensions::new().extension("com.example/x", JsonObject::new()))
}

fn server_capabilities() -> ServerCapabilities {
    let tasks = ServerTasksCapability::new()
        .list(JsonObject::new())
        .cancel(JsonObject::new())
        .requests(ServerTaskRequests::new().tools(ToolTasks::new().call(JsonObject::new())));
    ServerCapabilities::new()
        .logging()
        .completions()
        .prompts(PromptsCapability::new().list_changed(true))
        .resources(ResourcesCapability::new().list_changed(true).subscribe(true))
        .tools(ToolsCapability::new().list_changed(true))
        .tasks(tasks)
        .extensions(Extensions::new().extension("com.example/x", JsonObject::new()))
}

fn tool() -> Tool {
    Tool::new(
        "add",
        json!({ "type": "object", "properties": { "a": { "type": "integer" } }, "required": ["a"] }),
    )
    .title("Add")
    .description("Adds.")
    .output_schema(json!({ "type": "object" }))
    .annotations(ToolAnnotations::new().title("Add").read_only_hint(true).open_world_hint(false))
    .execution(ToolExecution::new().task_support(TaskSupport::Optional))
    .icons([icon()])
    .meta(Meta::new().member("com.example/x", 1))
}

fn resource() -> Resource {
    Resource::new("file:///a.md", "a")
        .title("A")
        .description("The letter.")
        .mime_type("text/markdown")
        .size(3)
        .annotations(annotations())
        .icons([icon()])
}

/// Every block that the revision knows.
fn blocks(revision: Revision) -> Vec<ContentBlock> {
    let mut blocks = vec![
        TextContent::new("hi").annotations(annotations()).into(),
        ContentBlock::image([1, 2], "image/png"),
        ContentBlock::resource(ResourceContents::text("file:///a.md", "a").mime_type("text/markdown")),
        ContentBlock::resource(ResourceContents::blob("file:///a.bin", [1])),
    ];
    if revision >= Revision::V2025_03_26 {
        blocks.push(ContentBlock::audio([1, 2], "audio/wav"));
    }
    if revision >= Revision::V2025_06_18 {
        blocks.push(resource().into());
    }
    blocks
}

/// What may be said in sampling: a list with tools from 2025-11-25 on.
fn said(revision: Revision) -> OneOrMany<SamplingContent> {
    if revision < Revision::V2025_11_25 {
        return SamplingContent::text("hi").into();
    }
    OneOrMany::Many(vec![
        SamplingContent::text("hi"),
        SamplingContent::tool_use("1", "add", JsonObject::new()),
        SamplingContent::tool_result("1", [ContentBlock::text("2")]),
    ])
}

fn form() -> RequestedSchema {
    RequestedSchema::new()
        .required("text", StringSchema::new().title("Text").min_length(1).format(StringFormat::Email))
        .optional("number", NumberSchema::new().minimum(0.5).maximum(8))
        .optional("integer", NumberSchema::integer().minimum(1))
        .optional("boolean", BooleanSchema::new().default_value(true))
        .optional("legacy", LegacyEnumSchema::new([("a", "A"), ("b", "B")]))
}

fn form_with_selects() -> RequestedSchema {
    form()
        .schema("https://json-schema.org/draft/2020-12/schema")
        .optional("one", SingleSelectSchema::new(["a", "b"]).default_value("a"))
        .optional("titled", TitledSingleSelectSchema::new([("a", "A")]))
        .optional("some", MultiSelectSchema::new(["a", "b"]).min_items(1).max_items(2).default_value(["a"]))
        .optional("some_titled", TitledMultiSelectSchema::new([("a", "A")]))
}

fn results(out: &mut Emitted, revision: Revision) {
    let hint = CacheHint::new(60_000, CacheScope::Public);
    let done = ResultType::Complete;
    let meta = Meta::new().server_info(&implementation());

    out.value("EmptyResult", EmptyResult::new().result_type(done.clone()).meta(meta.clone()));
    out.value("Result", AnyResult::new(JsonObject::new()).result_type(done.clone()));
    out.value(
        "ListToolsResult",
        ListToolsResult::new([tool()]).next_cursor("n").cache(hint).result_type(done.clone()),
    );
    out.value(
        "CallToolResult",
        CallToolResult::new(blocks(revision))
            .structured_content(json!({ "sum": 2 }))
            .is_error(false)
            .result_type(done.clone())
            .meta(meta),
    );
    out.value(
        "ListResourcesResult",
        ListResourcesResult::new([resource()]).cache(hint).result_type(done.clone()),
    );
    let template =
        ResourceTemplate::new("file:///{name}", "file").mime_type("text/plain").annotations(annotations());
    out.value(
        "ListResourceTemplatesResult",
        ListResourceTemplatesResult::new([template]).cache(hint).result_type(done.clone()),
    );
    let contents =
        [ResourceContents::text("file:///a.md", "a"), ResourceContents::blob("file:///a.bin", [1])];
    out.value("ReadResourceResult", ReadResourceResult::new(contents).cache(hint).result_type(done.clone()));
    let prompt =
        Prompt::new("review").title("Review").arguments([PromptArgument::new("code").required(true)]);
    out.value("ListPromptsResult", ListPromptsResult::new([prompt]).cache(hint).result_type(done.clone()));
    let messages = blocks(revision).into_iter().map(|block| PromptMessage::new(Role::User, block));
    out.value("GetPromptResult", GetPromptResult::new(messages).description("d").result_type(done.clone()));
    let completion = Completion::new(["rust"]).total(1).has_more(false);
    out.value("CompleteResult", CompleteResult::new(completion).result_type(done.clone()));

    out.value("ListRootsResult", ListRootsResult::new([Root::new("file:///home").name("home")]));
    out.value(
        "CreateMessageResult",
        CreateMessageResult::new("m", said(revision)).stop_reason(StopReason::EndTurn).role(Role::Assistant),
    );
    out.value("ElicitResult", ElicitResult::accept([("text", ElicitValue::from("a"))]));
    out.value("ElicitResult", ElicitResult::decline());

    let initialized =
        InitializeResult::new(revision, server_capabilities(), implementation()).instructions("Ask.");
    out.value("InitializeResult", initialized);
    let discovered = DiscoverResult::new([revision], server_capabilities()).instructions("Ask.").cache(hint);
    out.value("DiscoverResult", discovered.result_type(done));
    out.value("SubscriptionsListenResult", ListenResult::new(&Id::from("s")));
    let questions: InputRequests = [
        ("form", InputRequest::from(ElicitParams::form("Which?", form_with_selects()))),
        ("url", ElicitParams::url("Sign in", "https://example.com").into()),
        ("model", create_message(revision).into()),
        ("roots", InputRequest::list_roots()),
    ]
    .into_iter()
    .collect();
    out.value(
        "InputRequiredResult",
        InputRequiredResult::new().input_requests(questions).request_state("sealed"),
    );
}

fn create_message(revision: Revision) -> CreateMessageParams {
    CreateMessageParams::new([SamplingMessage::new(Role::User, said(revision))], 100)
        .model_preferences(ModelPreferences::new().hints(["claude"]).cost_priority(0.5).speed_priority(1))
        .system_prompt("Be brief.")
        .include_context(IncludeContext::None)
        .temperature(0.5)
        .stop_sequences(["END"])
        .metadata(JsonObject::new())
        .tools([tool()])
        .tool_choice(ToolChoiceMode::Auto.into())
}

fn requests(out: &mut Emitted, revision: Revision) {
    let answers: InputResponses =
        [("form", &ElicitResult::accept([("text", ElicitValue::from("a"))]))].into_iter().collect();
    out.request("PingRequest", Method::Ping, RequestParams::new());
    out.request("DiscoverRequest", Method::Discover, RequestParams::new());
    out.request(
        "InitializeRequest",
        Method::Initialize,
        InitializeParams::new(revision, client_capabilities(), implementation()),
    );
    out.request("ListToolsRequest", Method::ListTools, ListParams::new().cursor("c"));
    out.request(
        "CallToolRequest",
        Method::CallTool,
        CallToolParams::new("add")
            .arguments(json!({ "a": 1 }))
            .input_responses(answers.clone())
            .request_state("s"),
    );
    out.request("ListResourcesRequest", Method::ListResources, ListParams::new());
    out.request("ListResourceTemplatesRequest", Method::ListResourceTemplates, ListParams::new());
    out.request(
        "ReadResourceRequest",
        Method::ReadResource,
        ReadResourceParams::new("file:///a.md").input_responses(answers.clone()),
    );
    out.request("SubscribeRequest", Method::Subscribe, SubscribeParams::new("file:///a.md"));
    out.request("UnsubscribeRequest", Method::Unsubscribe, UnsubscribeParams::new("file:///a.md"));
    out.request("ListPromptsRequest", Method::ListPrompts, ListParams::new());
    out.request(
        "GetPromptRequest",
        Method::GetPrompt,
        GetPromptParams::new("review").arguments([("code", "x")]).input_responses(answers),
    );
    out.request(
        "CompleteRequest",
        Method::Complete,
        CompleteParams::new(CompletionReference::prompt("review"), "language", "ru")
            .context(CompleteContext::new().arguments([("code", "x")])),
    );
    out.request(
        "CompleteRequest",
        Method::Complete,
        CompleteParams::new(CompletionReference::resource("file:///{name}"), "name", "a"),
    );
    out.request("SetLevelRequest", Method::SetLevel, SetLevelParams::new(LoggingLevel::Warning));
    let filter = SubscriptionFilter::new().tools_list_changed(true).resource_subscriptions(["file:///a.md"]);
    out.request("SubscriptionsListenRequest", Method::Listen, ListenParams::new(filter));
    out.request("CreateMessageRequest", Method::CreateMessage, create_message(revision));
    out.request("ListRootsRequest", Method::ListRoots, RequestParams::new());
    out.request("ElicitRequest", Method::Elicit, ElicitParams::form("Which?", form()));
    if revision >= Revision::V2025_11_25 {
        let form = ElicitFormParams::new("Which?", form_with_selects()).write_mode(true);
        out.request("ElicitRequest", Method::Elicit, ElicitParams::from(form));
        let url = ElicitUrlParams::new("Sign in", "https://example.com").elicitation_id("e1");
        out.request("ElicitRequest", Method::Elicit, ElicitParams::from(url));
    }
}

fn notifications(out: &mut Emitted) {
    let none = NotificationParams::new;
    let id = Id::from("s");
    out.notification("InitializedNotification", Method::Initialized, none());
    out.notification("CancelledNotification", Method::Cancelled, CancelledParams::new(1).reason("late"));
    out.notification(
        "ProgressNotification",
        Method::Progress,
        ProgressParams::new(1, 1.into()).total(2.5).message("half"),
    );
    out.notification(
        "LoggingMessageNotification",
        Method::LoggingMessage,
        LoggingMessageParams::new(LoggingLevel::Info, json!("hi")).logger("db"),
    );
    out.notification("ToolListChangedNotification", Method::ToolListChanged, none());
    out.notification("PromptListChangedNotification", Method::PromptListChanged, none());
    out.notification("ResourceListChangedNotification", Method::ResourceListChanged, none());
    out.notification("RootsListChangedNotification", Method::RootsListChanged, none());
    out.notification(
        "ResourceUpdatedNotification",
        Method::ResourceUpdated,
        ResourceUpdatedParams::new("file:///a.md").meta(Meta::new().subscription_id(&id)),
    );
    out.notification(
        "SubscriptionsAcknowledgedNotification",
        Method::SubscriptionsAcknowledged,
        SubscriptionsAcknowledgedParams::new(&id, SubscriptionFilter::new().prompts_list_changed(true)),
    );
    out.notification(
        "ElicitationCompleteNotification",
        Method::ElicitationComplete,
        ElicitationCompleteParams::new("e1"),
    );
}

fn tasks(out: &mut Emitted) {
    let task = || {
        Task::new("t1", "2025-11-25T00:00:00Z")
            .ttl(60_000)
            .poll_interval(500)
            .status_message("busy")
            .status(TaskStatus::Working, "2025-11-25T00:00:01Z")
    };
    out.request("GetTaskRequest", Method::GetTask, TaskParams::new("t1"));
    out.request("GetTaskPayloadRequest", Method::GetTaskPayload, TaskParams::new("t1"));
    out.request("CancelTaskRequest", Method::CancelTask, TaskParams::new("t1"));
    out.request("ListTasksRequest", Method::ListTasks, ListParams::new());
    out.value("GetTaskResult", TaskResult::new(task()));
    out.value("CancelTaskResult", TaskResult::new(Task::new("t1", "2025-11-25T00:00:00Z")));
    out.value("CreateTaskResult", CreateTaskResult::new(task()));
    out.value("ListTasksResult", ListTasksResult::new([task()]).next_cursor("n"));
    let payload = AnyResult::new([("content".to_owned(), json!([]))].into_iter().collect())
        .meta(Meta::new().related_task(&RelatedTask::new("t1")));
    out.value("GetTaskPayloadResult", payload);
    out.notification("TaskStatusNotification", Method::TaskStatus, TaskStatusParams::new(task()));
}

fn errors(out: &mut Emitted) {
    out.error(
        "UnsupportedProtocolVersionError",
        ErrorCode::UNSUPPORTED_PROTOCOL_VERSION,
        UnsupportedProtocolVersionData::new([Revision::V2026_07_28], "2031-01-01"),
    );
    out.error(
        "MissingRequiredClientCapabilityError",
        ErrorCode::MISSING_CLIENT_CAPABILITY,
        MissingRequiredClientCapabilityData::new(client_capabilities()),
    );
    let url = ElicitUrlParams::new("Sign in", "https://example.com").elicitation_id("e1");
    out.error(
        "URLElicitationRequiredError",
        ErrorCode::URL_ELICITATION_REQUIRED,
        UrlElicitationRequiredData::new([url]),
    );
    out.error("HeaderMismatchError", ErrorCode::HEADER_MISMATCH, json!({}));
    out.value("ParseError", RpcError::parse_error("no JSON"));
    out.value("InvalidRequestError", RpcError::invalid_request("no message"));
    out.value("MethodNotFoundError", RpcError::method_not_found("tools/fly"));
    out.value(
        "InvalidParamsError",
        RpcError::invalid_params("no such resource")
            .data(serde_json::to_value(ResourceNotFoundData::new("file:///b")).unwrap()),
    );
    out.value("InternalError", RpcError::internal_error("oops"));
}

/// Whether a definition is a message, so that we must be able to emit it.
fn is_message(name: &str) -> bool {
    ["Request", "Notification", "Result", "Error"].iter().any(|end| name.ends_with(end))
        && !matches!(name, "InputRequest" | "Error")
}

#[test]
fn what_we_construct_is_valid_in_every_revision() {
    let mut faults = Vec::new();
    for revision in Revision::ALL {
        let document = Document::of(revision);
        let mut out = Emitted { modern: revision == Revision::V2026_07_28, messages: Vec::new() };
        requests(&mut out, revision);
        notifications(&mut out);
        results(&mut out, revision);
        tasks(&mut out);
        errors(&mut out);

        let known: BTreeSet<&str> = document.names().collect();
        out.messages.retain(|(definition, _)| known.contains(definition));
        for (definition, message) in &out.messages {
            for error in document.validator(definition).iter_errors(message) {
                faults.push(format!("{revision}: {definition}: {error}: {message}"));
            }
        }
        let emitted: BTreeSet<&str> = out.messages.iter().map(|(definition, _)| *definition).collect();
        for row in TABLE.iter().filter(|row| row.revisions.contains(&revision) && is_message(row.definition))
        {
            if matches!(row.kind, Kind::Type(_)) && !emitted.contains(row.definition) {
                faults.push(format!("{revision}: {} is never constructed", row.definition));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_broken_message_is_found() {
    let validator = Document::of(Revision::V2026_07_28).validator("CallToolResult");
    assert!(
        !validator.is_valid(&serde_json::to_value(CallToolResult::new([])).unwrap()),
        "`resultType` is missing"
    );
    assert!(
        validator.is_valid(
            &serde_json::to_value(CallToolResult::new([]).result_type(ResultType::Complete)).unwrap()
        )
    );
}
