use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use toolwright_core::{
    era::Revision,
    jsonrpc::{Id, RpcError},
    model::*,
};

use super::document::Document;

/// Reads the part of an instance that the type stands for, writes it again, and puts it back.
pub(crate) type Codec = fn(&Value) -> Result<Value, String>;

pub(crate) enum Kind {
    /// The definition has a type.
    Type(Codec),
    /// It has none, for this reason.
    None(&'static str),
}

pub(crate) struct Row {
    pub(crate) definition: &'static str,
    /// The revisions whose schemas have the definition.
    pub(crate) revisions: &'static [Revision],
    pub(crate) kind: Kind,
}

const ALL: &[Revision] = &Revision::ALL;
const BATCHES: &[Revision] = &[Revision::V2025_03_26];
const FIRST: &[Revision] = &[Revision::V2024_11_05];
const FIRST_TWO: &[Revision] = &[Revision::V2024_11_05, Revision::V2025_03_26];
const FIRST_THREE: &[Revision] = &[Revision::V2024_11_05, Revision::V2025_03_26, Revision::V2025_06_18];
const LEGACY: &[Revision] =
    &[Revision::V2024_11_05, Revision::V2025_03_26, Revision::V2025_06_18, Revision::V2025_11_25];
const SECOND_ON: &[Revision] =
    &[Revision::V2025_03_26, Revision::V2025_06_18, Revision::V2025_11_25, Revision::V2026_07_28];
const THIRD_ON: &[Revision] = &[Revision::V2025_06_18, Revision::V2025_11_25, Revision::V2026_07_28];
const FOURTH_ON: &[Revision] = &[Revision::V2025_11_25, Revision::V2026_07_28];
const FOURTH: &[Revision] = &[Revision::V2025_11_25];
const MODERN: &[Revision] = &[Revision::V2026_07_28];

const BASE: &str = "base of other definitions, whose types have its members";
const ENVELOPE: &str = "JSON-RPC envelope: read and written by the jsonrpc module";
const MESSAGES: &str = "union of messages: told apart by their method";
const RESULTS: &str = "union of results: told apart by the request they answer";
const JSON: &str = "any JSON: serde_json's own types, or `Raw`";
const EITHER: &str = "JSON-RPC envelope of a result or an InputRequiredResult: told apart by `resultType`";

macro_rules! table {
    ($($definition:ident, $revisions:expr, $kind:expr;)*) => {
        &[$(Row { definition: stringify!($definition), revisions: $revisions, kind: $kind }),*]
    };
}

use Kind::{None as NoType, Type};

pub(crate) const TABLE: &[Row] = table! {
    // Base types.
    Annotated, FIRST, NoType(BASE);
    Annotations, SECOND_ON, Type(whole::<Annotations>);
    BaseMetadata, THIRD_ON, NoType(BASE);
    CacheableResult, MODERN, NoType(BASE);
    Cursor, ALL, Type(whole::<String>);
    EmptyResult, ALL, Type(whole::<EmptyResult>);
    Icon, FOURTH_ON, Type(whole::<Icon>);
    Icons, FOURTH_ON, NoType(BASE);
    Implementation, ALL, Type(whole::<Implementation>);
    InputResponseRequestParams, MODERN, NoType(BASE);
    JSONArray, MODERN, NoType(JSON);
    JSONObject, MODERN, NoType(JSON);
    JSONValue, MODERN, NoType(JSON);
    LoggingLevel, ALL, Type(whole::<LoggingLevel>);
    MetaObject, MODERN, Type(meta_object);
    Notification, ALL, NoType(BASE);
    NotificationMetaObject, MODERN, Type(meta_object);
    NotificationParams, FOURTH_ON, Type(whole::<NotificationParams>);
    PaginatedRequest, ALL, NoType(BASE);
    PaginatedRequestParams, FOURTH_ON, Type(whole::<ListParams>);
    PaginatedResult, ALL, NoType(BASE);
    ProgressToken, ALL, Type(whole::<ProgressToken>);
    Request, ALL, NoType(BASE);
    RequestId, ALL, Type(whole::<Id>);
    RequestMetaObject, MODERN, Type(whole::<RequestMeta>);
    RequestParams, FOURTH_ON, Type(whole::<RequestParams>);
    ResourceContents, ALL, NoType(BASE);
    ResourceRequestParams, FOURTH_ON, NoType(BASE);
    Result, ALL, Type(whole::<AnyResult>);
    ResultMetaObject, MODERN, Type(meta_object);
    ResultType, MODERN, Type(whole::<ResultType>);
    Role, ALL, Type(whole::<Role>);

    // JSON-RPC.
    Error, FOURTH_ON, Type(whole::<RpcError>);
    JSONRPCBatchRequest, BATCHES, NoType(ENVELOPE);
    JSONRPCBatchResponse, BATCHES, NoType(ENVELOPE);
    JSONRPCError, FIRST_THREE, NoType(ENVELOPE);
    JSONRPCErrorResponse, FOURTH_ON, NoType(ENVELOPE);
    JSONRPCMessage, ALL, NoType(ENVELOPE);
    JSONRPCNotification, ALL, NoType(ENVELOPE);
    JSONRPCRequest, ALL, NoType(ENVELOPE);
    JSONRPCResponse, ALL, NoType(ENVELOPE);
    JSONRPCResultResponse, FOURTH_ON, NoType(ENVELOPE);

    // Errors.
    HeaderMismatchError, MODERN, Type(|it| part::<RpcError>(it, &["error"]));
    InternalError, MODERN, Type(whole::<RpcError>);
    InvalidParamsError, MODERN, Type(whole::<RpcError>);
    InvalidRequestError, MODERN, Type(whole::<RpcError>);
    MethodNotFoundError, MODERN, Type(whole::<RpcError>);
    MissingRequiredClientCapabilityError, MODERN,
        Type(|it| part::<MissingRequiredClientCapabilityData>(it, &["error", "data"]));
    ParseError, MODERN, Type(whole::<RpcError>);
    URLElicitationRequiredError, FOURTH, Type(|it| part::<UrlElicitationRequiredData>(it, &["error", "data"]));
    UnsupportedProtocolVersionError, MODERN,
        Type(|it| part::<UnsupportedProtocolVersionData>(it, &["error", "data"]));

    // Unions of messages.
    ClientNotification, ALL, NoType(MESSAGES);
    ClientRequest, ALL, NoType(MESSAGES);
    ClientResult, ALL, NoType(RESULTS);
    ServerNotification, ALL, NoType(MESSAGES);
    ServerRequest, LEGACY, NoType(MESSAGES);
    ServerResult, ALL, NoType(RESULTS);

    // Handshake, discovery, capabilities.
    ClientCapabilities, ALL, Type(whole::<ClientCapabilities>);
    DiscoverRequest, MODERN, Type(params::<RequestParams>);
    DiscoverResult, MODERN, Type(whole::<DiscoverResult>);
    DiscoverResultResponse, MODERN, Type(|it| part::<DiscoverResult>(it, &["result"]));
    InitializeRequest, LEGACY, Type(params::<InitializeParams>);
    InitializeRequestParams, FOURTH, Type(whole::<InitializeParams>);
    InitializeResult, LEGACY, Type(whole::<InitializeResult>);
    InitializedNotification, LEGACY, Type(params::<NotificationParams>);
    PingRequest, LEGACY, Type(params::<RequestParams>);
    ServerCapabilities, ALL, Type(whole::<ServerCapabilities>);

    // Tools.
    CallToolRequest, ALL, Type(params::<CallToolParams>);
    CallToolRequestParams, FOURTH_ON, Type(whole::<CallToolParams>);
    CallToolResult, ALL, Type(whole::<CallToolResult>);
    CallToolResultResponse, MODERN, NoType(EITHER);
    ListToolsRequest, ALL, Type(params::<ListParams>);
    ListToolsResult, ALL, Type(whole::<ListToolsResult>);
    ListToolsResultResponse, MODERN, Type(|it| part::<ListToolsResult>(it, &["result"]));
    Tool, ALL, Type(whole::<Tool>);
    ToolAnnotations, SECOND_ON, Type(whole::<ToolAnnotations>);
    ToolExecution, FOURTH, Type(whole::<ToolExecution>);
    ToolListChangedNotification, ALL, Type(params::<NotificationParams>);

    // Resources.
    BlobResourceContents, ALL, Type(whole::<ResourceContents>);
    ListResourceTemplatesRequest, ALL, Type(params::<ListParams>);
    ListResourceTemplatesResult, ALL, Type(whole::<ListResourceTemplatesResult>);
    ListResourceTemplatesResultResponse, MODERN, Type(|it| part::<ListResourceTemplatesResult>(it, &["result"]));
    ListResourcesRequest, ALL, Type(params::<ListParams>);
    ListResourcesResult, ALL, Type(whole::<ListResourcesResult>);
    ListResourcesResultResponse, MODERN, Type(|it| part::<ListResourcesResult>(it, &["result"]));
    ReadResourceRequest, ALL, Type(params::<ReadResourceParams>);
    ReadResourceRequestParams, FOURTH_ON, Type(whole::<ReadResourceParams>);
    ReadResourceResult, ALL, Type(whole::<ReadResourceResult>);
    ReadResourceResultResponse, MODERN, NoType(EITHER);
    Resource, ALL, Type(whole::<Resource>);
    ResourceListChangedNotification, ALL, Type(params::<NotificationParams>);
    ResourceTemplate, ALL, Type(whole::<ResourceTemplate>);
    ResourceUpdatedNotification, ALL, Type(params::<ResourceUpdatedParams>);
    ResourceUpdatedNotificationParams, FOURTH_ON, Type(whole::<ResourceUpdatedParams>);
    SubscribeRequest, LEGACY, Type(params::<SubscribeParams>);
    SubscribeRequestParams, FOURTH, Type(whole::<SubscribeParams>);
    TextResourceContents, ALL, Type(whole::<ResourceContents>);
    UnsubscribeRequest, LEGACY, Type(params::<UnsubscribeParams>);
    UnsubscribeRequestParams, FOURTH, Type(whole::<UnsubscribeParams>);

    // Prompts and completion.
    CompleteRequest, ALL, Type(params::<CompleteParams>);
    CompleteRequestParams, FOURTH_ON, Type(whole::<CompleteParams>);
    CompleteResult, ALL, Type(whole::<CompleteResult>);
    CompleteResultResponse, MODERN, Type(|it| part::<CompleteResult>(it, &["result"]));
    GetPromptRequest, ALL, Type(params::<GetPromptParams>);
    GetPromptRequestParams, FOURTH_ON, Type(whole::<GetPromptParams>);
    GetPromptResult, ALL, Type(whole::<GetPromptResult>);
    GetPromptResultResponse, MODERN, NoType(EITHER);
    ListPromptsRequest, ALL, Type(params::<ListParams>);
    ListPromptsResult, ALL, Type(whole::<ListPromptsResult>);
    ListPromptsResultResponse, MODERN, Type(|it| part::<ListPromptsResult>(it, &["result"]));
    Prompt, ALL, Type(whole::<Prompt>);
    PromptArgument, ALL, Type(whole::<PromptArgument>);
    PromptListChangedNotification, ALL, Type(params::<NotificationParams>);
    PromptMessage, ALL, Type(whole::<PromptMessage>);
    PromptReference, ALL, Type(whole::<CompletionReference>);
    ResourceReference, FIRST_TWO, Type(whole::<CompletionReference>);
    ResourceTemplateReference, THIRD_ON, Type(whole::<CompletionReference>);

    // Content.
    AudioContent, SECOND_ON, Type(whole::<ContentBlock>);
    ContentBlock, THIRD_ON, Type(whole::<ContentBlock>);
    EmbeddedResource, ALL, Type(whole::<ContentBlock>);
    ImageContent, ALL, Type(whole::<ContentBlock>);
    ResourceLink, THIRD_ON, Type(whole::<ContentBlock>);
    TextContent, ALL, Type(whole::<ContentBlock>);
    ToolResultContent, FOURTH_ON, Type(whole::<SamplingContent>);
    ToolUseContent, FOURTH_ON, Type(whole::<SamplingContent>);

    // Notifications about requests, logging, subscriptions.
    CancelledNotification, ALL, Type(params::<CancelledParams>);
    CancelledNotificationParams, FOURTH_ON, Type(whole::<CancelledParams>);
    LoggingMessageNotification, ALL, Type(params::<LoggingMessageParams>);
    LoggingMessageNotificationParams, FOURTH_ON, Type(whole::<LoggingMessageParams>);
    ProgressNotification, ALL, Type(params::<ProgressParams>);
    ProgressNotificationParams, FOURTH_ON, Type(whole::<ProgressParams>);
    SetLevelRequest, LEGACY, Type(params::<SetLevelParams>);
    SetLevelRequestParams, FOURTH, Type(whole::<SetLevelParams>);
    SubscriptionFilter, MODERN, Type(whole::<SubscriptionFilter>);
    SubscriptionsAcknowledgedNotification, MODERN, Type(params::<SubscriptionsAcknowledgedParams>);
    SubscriptionsAcknowledgedNotificationParams, MODERN, Type(whole::<SubscriptionsAcknowledgedParams>);
    SubscriptionsListenRequest, MODERN, Type(params::<ListenParams>);
    SubscriptionsListenRequestParams, MODERN, Type(whole::<ListenParams>);
    SubscriptionsListenResult, MODERN, Type(whole::<ListenResult>);
    SubscriptionsListenResultMetaObject, MODERN, Type(meta_object);
    SubscriptionsListenResultResponse, MODERN, Type(|it| part::<ListenResult>(it, &["result"]));

    // Roots, sampling.
    CreateMessageRequest, ALL, Type(params::<CreateMessageParams>);
    CreateMessageRequestParams, FOURTH_ON, Type(whole::<CreateMessageParams>);
    CreateMessageResult, ALL, Type(whole::<CreateMessageResult>);
    ListRootsRequest, ALL, Type(params::<RequestParams>);
    ListRootsResult, ALL, Type(whole::<ListRootsResult>);
    ModelHint, ALL, Type(whole::<ModelHint>);
    ModelPreferences, ALL, Type(whole::<ModelPreferences>);
    Root, ALL, Type(whole::<Root>);
    RootsListChangedNotification, LEGACY, Type(params::<NotificationParams>);
    SamplingMessage, ALL, Type(whole::<SamplingMessage>);
    SamplingMessageContentBlock, FOURTH_ON, Type(whole::<SamplingContent>);
    ToolChoice, FOURTH_ON, Type(whole::<ToolChoice>);

    // Elicitation.
    BooleanSchema, THIRD_ON, Type(whole::<PrimitiveSchema>);
    ElicitRequest, THIRD_ON, Type(params::<ElicitParams>);
    ElicitRequestFormParams, FOURTH_ON, Type(form);
    ElicitRequestParams, FOURTH_ON, Type(whole::<ElicitParams>);
    ElicitRequestURLParams, FOURTH_ON, Type(whole::<ElicitParams>);
    ElicitResult, THIRD_ON, Type(whole::<ElicitResult>);
    ElicitationCompleteNotification, FOURTH, Type(params::<ElicitationCompleteParams>);
    EnumSchema, THIRD_ON, Type(whole::<PrimitiveSchema>);
    LegacyTitledEnumSchema, FOURTH_ON, Type(whole::<PrimitiveSchema>);
    MultiSelectEnumSchema, FOURTH_ON, Type(whole::<PrimitiveSchema>);
    NumberSchema, THIRD_ON, Type(whole::<PrimitiveSchema>);
    PrimitiveSchemaDefinition, THIRD_ON, Type(whole::<PrimitiveSchema>);
    SingleSelectEnumSchema, FOURTH_ON, Type(whole::<PrimitiveSchema>);
    StringSchema, THIRD_ON, Type(whole::<PrimitiveSchema>);
    TitledMultiSelectEnumSchema, FOURTH_ON, Type(whole::<PrimitiveSchema>);
    TitledSingleSelectEnumSchema, FOURTH_ON, Type(whole::<PrimitiveSchema>);
    UntitledMultiSelectEnumSchema, FOURTH_ON, Type(whole::<PrimitiveSchema>);
    UntitledSingleSelectEnumSchema, FOURTH_ON, Type(whole::<PrimitiveSchema>);

    // Multi round-trip requests.
    InputRequest, MODERN, Type(whole::<InputRequest>);
    InputRequests, MODERN, Type(whole::<InputRequests>);
    InputRequiredResult, MODERN, Type(whole::<InputRequiredResult>);
    InputResponse, MODERN, Type(input_response);
    InputResponses, MODERN, Type(whole::<InputResponses>);

    // Tasks.
    CancelTaskRequest, FOURTH, Type(params::<TaskParams>);
    CancelTaskResult, FOURTH, Type(whole::<TaskResult>);
    CreateTaskResult, FOURTH, Type(whole::<CreateTaskResult>);
    GetTaskPayloadRequest, FOURTH, Type(params::<TaskParams>);
    GetTaskPayloadResult, FOURTH, Type(whole::<AnyResult>);
    GetTaskRequest, FOURTH, Type(params::<TaskParams>);
    GetTaskResult, FOURTH, Type(whole::<TaskResult>);
    ListTasksRequest, FOURTH, Type(params::<ListParams>);
    ListTasksResult, FOURTH, Type(whole::<ListTasksResult>);
    RelatedTaskMetadata, FOURTH, Type(whole::<RelatedTask>);
    Task, FOURTH, Type(whole::<Task>);
    TaskAugmentedRequestParams, FOURTH, NoType(BASE);
    TaskMetadata, FOURTH, Type(whole::<TaskMetadata>);
    TaskStatus, FOURTH, Type(whole::<TaskStatus>);
    TaskStatusNotification, FOURTH, Type(params::<TaskStatusParams>);
    TaskStatusNotificationParams, FOURTH, Type(whole::<TaskStatusParams>);
};

/// The type stands for the whole instance.
fn whole<T: DeserializeOwned + Serialize>(instance: &Value) -> Result<Value, String> {
    let read: T = serde_json::from_str(&instance.to_string()).map_err(|error| error.to_string())?;
    let written = serde_json::to_string(&read).map_err(|error| error.to_string())?;
    serde_json::from_str(&written).map_err(|error| error.to_string())
}

/// The type stands for the part at `path`.
fn part<T: DeserializeOwned + Serialize>(instance: &Value, path: &[&str]) -> Result<Value, String> {
    let mut instance = instance.clone();
    let part = path.iter().fold(&mut instance, |value, member| &mut value[*member]);
    *part = whole::<T>(part)?;
    Ok(instance)
}

/// The type stands for the `params` of a message, if there are any; the method has a name of its own.
fn params<T: DeserializeOwned + Serialize>(instance: &Value) -> Result<Value, String> {
    let method = Method::from(instance["method"].as_str().ok_or("no method")?);
    if matches!(method, Method::Other(_)) {
        return Err(format!("the method {method} is unknown"));
    }
    if instance.get("params").is_some() { part::<T>(instance, &["params"]) } else { Ok(instance.clone()) }
}

/// Reserved members must be readable in their types, too.
fn meta_object(instance: &Value) -> Result<Value, String> {
    fn check<T: DeserializeOwned + Serialize>(meta: &Meta, key: meta::MetaKey<T>) -> Result<(), String> {
        let read = meta.read(key).map_err(|error| error.to_string())?;
        let written = read.map(|value| serde_json::to_value(value).unwrap());
        (written.as_ref() == meta.get(key.as_str())).then_some(()).ok_or_else(|| format!("{key:?} changed"))
    }

    let read: Meta = serde_json::from_value(instance.clone()).map_err(|error| error.to_string())?;
    check(&read, meta::SERVER_INFO)?;
    check(&read, meta::SUBSCRIPTION_ID)?;
    whole::<Meta>(instance)
}

/// The schema of a form stays raw, and must be readable in its type, too.
fn form(instance: &Value) -> Result<Value, String> {
    let written = part::<RequestedSchema>(instance, &["requestedSchema"])?;
    if written != *instance {
        return Err(format!("the schema changed into {written}"));
    }
    whole::<ElicitParams>(instance)
}

/// An answer stays raw, and must be readable in the type of what it answers.
fn input_response(instance: &Value) -> Result<Value, String> {
    let typed = if instance.get("action").is_some() {
        whole::<ElicitResult>(instance)?
    } else if instance.get("roots").is_some() {
        whole::<ListRootsResult>(instance)?
    } else {
        whole::<CreateMessageResult>(instance)?
    };
    whole::<InputResponse>(&typed)
}

#[test]
fn every_definition_of_every_schema_stands_in_the_table_once() {
    let mut faults = Vec::new();
    for revision in Revision::ALL {
        let document = Document::of(revision);
        let rows = |name: &str| {
            TABLE.iter().filter(|row| row.definition == name && row.revisions.contains(&revision)).count()
        };
        for name in document.names() {
            if rows(name) != 1 {
                faults.push(format!("{revision}: {name} stands in {} rows", rows(name)));
            }
        }
        for row in TABLE.iter().filter(|row| row.revisions.contains(&revision)) {
            if document.definition(row.definition).is_null() {
                faults.push(format!("{revision}: {} stands in the table only", row.definition));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_definition_without_a_type_has_a_reason() {
    for row in TABLE {
        if let Kind::None(reason) = row.kind {
            assert!(reason.len() > 10, "{}", row.definition);
        }
    }
}
