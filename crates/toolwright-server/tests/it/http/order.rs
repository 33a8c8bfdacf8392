//! The order of checks and the status of each error ("Error codes", "Server Validation"). A request that is wrong in several ways
//! hears of the first.
use serde_json::{Value, json};
use toolwright_core::{era::Revision, model::GetPromptResult};
use toolwright_server::{
    Call, Context, HandlerError, Prompt, Reply, Resource, Server, ServerBuilder, ServerResult, Tool,
    component::Requirement,
    extension::{Extension, ExtensionMethod},
};

use super::post::{Lookup, Post};
use crate::each::{MODERN, says};

struct Shelf;

impl Extension for Shelf {
    fn id(&self) -> &str {
        "com.example/shelf"
    }

    fn methods(&self) -> Vec<ExtensionMethod> {
        vec![
            ExtensionMethod::request("shelf/take")
                .name_from("itemId")
                .gate(toolwright_server::extension::Gate::Open),
            ExtensionMethod::request("shelf/count"),
        ]
    }

    async fn handle(&self, _call: Call) -> Reply {
        ServerResult::Empty.into()
    }
}

fn builder() -> ServerBuilder {
    let region = json!({ "type": "object", "properties": { "region": { "type": "string", "x-mcp-header": "Region" } } });
    Server::builder("demo")
        .tool(says("hello", "hi"))
        .tool(
            Tool::new("ask")
                .input_schema(region)
                .requires([Requirement::Sampling])
                .raw_handler(|_, _| async { Err("never called".into()) }),
        )
        .tool(Tool::new("broken").handler(|_: Context| async { Err::<String, _>(HandlerError::from("no")) }))
        .prompt(Prompt::new("Grüße").raw_handler(|_, _| async { Ok(GetPromptResult::default()) }))
        .resource(Resource::new("notes://today").handler(|_: Context| async { "be kind" }))
        .extension(Shelf)
}

fn server() -> Server {
    builder().build().unwrap()
}

fn hello() -> Post {
    Post::modern("tools/call", json!({ "name": "hello" }))
}

fn ask() -> Post {
    Post::modern("tools/call", json!({ "name": "ask", "arguments": { "region": "eu" } }))
}

fn list() -> Post {
    Post::modern("tools/list", json!({}))
}

const VERSION: &str = "mcp-protocol-version";
const METHOD: &str = "mcp-method";
const NAME: &str = "mcp-name";
const REGION: &str = "mcp-param-region";

#[tokio::test]
async fn a_request_that_is_wrong_in_every_way_hears_of_one_mistake_after_the_other() {
    let server = server();
    let wrong = Post::modern("tools/call", json!({ "name": "ask", "arguments": { "region": "eu" } }))
        .header(VERSION, b"1")
        .header(METHOD, b"x")
        .header(NAME, b"x")
        .meta("protocolVersion", "2031-01-01")
        .without_meta("clientCapabilities");
    let mut post = wrong;
    let steps: [(fn(Post) -> Post, (u16, i64), &str); 8] = [
        (|post| post, (400, -32602), "clientCapabilities"),
        (|post| post.meta("clientCapabilities", json!({})), (400, -32020), "MCP-Protocol-Version"),
        (|post| post.header(VERSION, b"2031-01-01"), (400, -32022), "2031-01-01"),
        (
            |post| post.meta("protocolVersion", MODERN).header(VERSION, MODERN.as_bytes()),
            (400, -32020),
            "Mcp-Method",
        ),
        (|post| post.header(METHOD, b"tools/call"), (400, -32020), "Mcp-Name"),
        (|post| post.header(NAME, b"ask"), (400, -32020), "Mcp-Param-Region"),
        (|post| post.header(REGION, b"eu"), (400, -32021), "sampling"),
        (|post| post.meta("clientCapabilities", json!({ "sampling": {} })), (200, 0), ""),
    ];
    for (step, (mend, verdict, text)) in steps.into_iter().enumerate() {
        post = mend(post);
        let answered = post.clone().to(&server).await;
        assert_eq!(answered.verdict(), verdict, "step {step}: {}", answered.message());
        assert!(answered.message().contains(text), "step {step}: {}", answered.message());
        assert_eq!(answered.body()["id"], 1, "step {step}");
    }
}

/// Each mistake for itself.
#[tokio::test]
async fn each_mistake_of_a_stateless_request_has_its_status_and_code() {
    let server = server();
    let take = || Post::modern("shelf/take", json!({ "itemId": "a b" }));
    for (what, post, verdict) in [
        ("nothing", hello(), (200, 0)),
        ("no JSON", Post::text("{"), (400, -32700)),
        ("no message", Post::text("{}"), (400, -32600)),
        ("an empty batch", Post::text("[]"), (400, -32600)),
        ("a batch", Post::of(json!([hello().body])), (400, -32600)),
        ("no capabilities", hello().without_meta("clientCapabilities"), (400, -32602)),
        ("capabilities of another type", hello().meta("clientCapabilities", 7), (400, -32602)),
        ("a version of another type", hello().meta("protocolVersion", 7), (400, -32602)),
        ("no version in the body", hello().without_meta("protocolVersion"), (400, -32602)),
        ("no version header", hello().without(VERSION), (400, -32020)),
        ("another version header", hello().header(VERSION, b"2025-11-25"), (400, -32020)),
        ("two version headers", hello().again(VERSION, MODERN.as_bytes()), (400, -32020)),
        (
            "no version header and a bad version",
            list().without(VERSION).meta("protocolVersion", "x"),
            (400, -32020),
        ),
        (
            "a version that nobody knows",
            list().meta("protocolVersion", "x").header(VERSION, b"x"),
            (400, -32022),
        ),
        ("a legacy version", list().meta("protocolVersion", "2025-06-18"), (400, -32022)),
        ("no method header", hello().without(METHOD), (400, -32020)),
        ("another method header", hello().header(METHOD, b"tools/list"), (400, -32020)),
        ("a method header in another case", hello().header(METHOD, b"Tools/Call"), (400, -32020)),
        ("two method headers", hello().again(METHOD, b"tools/call"), (400, -32020)),
        ("space around a header", hello().header(METHOD, b" tools/call\t"), (200, 0)),
        ("no name header", hello().without(NAME), (400, -32020)),
        ("another name header", hello().header(NAME, b"Hello"), (400, -32020)),
        ("two name headers", hello().again(NAME, b"hello"), (400, -32020)),
        ("a wrapped name header", hello().header(NAME, b"=?base64?aGVsbG8=?="), (200, 0)),
        ("a broken name header", hello().header(NAME, b"=?base64?aGVsbG8?="), (400, -32020)),
        ("a name header of raw UTF-8", hello().header(NAME, "hellö".as_bytes()), (400, -32020)),
        ("a name header where nothing has a name", list().header(NAME, b"x"), (200, 0)),
        ("a name that is no string", Post::modern("tools/call", json!({ "name": 7 })), (200, -32602)),
        ("no name in the body", Post::modern("tools/call", json!({})).header(NAME, b"x"), (400, -32020)),
        ("no name at all", Post::modern("tools/call", json!({})), (200, -32602)),
        ("a name in other letters", Post::modern("prompts/get", json!({ "name": "Grüße" })), (200, 0)),
        ("a URI", Post::modern("resources/read", json!({ "uri": "notes://today" })), (200, 0)),
        (
            "another URI",
            Post::modern("resources/read", json!({ "uri": "notes://today" })).header(NAME, b"notes://"),
            (400, -32020),
        ),
        ("an unknown method", Post::modern("no/such", json!({})), (404, -32601)),
        (
            "an unknown method under another name",
            Post::modern("no/such", json!({})).header(METHOD, b"x"),
            (400, -32020),
        ),
        ("a legacy method", Post::modern("ping", json!({})), (404, -32601)),
        ("a handshake that claims", Post::modern("initialize", json!({})), (404, -32601)),
        ("a method that the server lacks", Post::modern("completion/complete", json!({})), (404, -32601)),
        ("a level of another type", hello().meta("logLevel", "loud"), (200, -32602)),
        ("an unknown tool", Post::modern("tools/call", json!({ "name": "none" })), (200, -32602)),
        (
            "arguments of another type",
            Post::modern("tools/call", json!({ "name": "hello", "arguments": [] })),
            (200, -32602),
        ),
        (
            "an unknown resource",
            Post::modern("resources/read", json!({ "uri": "notes://no" })),
            (200, -32602),
        ),
        ("a bad cursor", Post::modern("tools/list", json!({ "cursor": "?" })), (200, -32602)),
        ("a tool that fails", Post::modern("tools/call", json!({ "name": "broken" })), (200, 0)),
        ("a missing capability", ask().header(REGION, b"eu"), (400, -32021)),
        ("a mirrored argument without its header", ask(), (400, -32020)),
        ("an extension's name", take().header(NAME, b"a b"), (200, 0)),
        ("an extension's name without its header", take(), (400, -32020)),
        ("an extension's other name", take().header(NAME, b"a"), (400, -32020)),
        ("an extension that was not declared", Post::modern("shelf/count", json!({})), (400, -32021)),
    ] {
        let answered = post.to(&server).await;
        assert_eq!(answered.verdict(), verdict, "{what}: {:?}", answered.body);
    }
}

#[tokio::test]
async fn errors_about_headers_say_which_what_was_expected_and_what_came() {
    let server = server();
    for (post, text) in [
        (hello().without(METHOD), "header `Mcp-Method` is missing; the body says `tools/call`"),
        (hello().header(NAME, b"bye"), "header `Mcp-Name` is `bye`, but the body says `hello`"),
        (hello().again(NAME, b"hello"), "header `Mcp-Name` is sent more than once; send it once"),
        (
            hello().header(VERSION, b"2025-11-25"),
            "header `MCP-Protocol-Version` is `2025-11-25`, but the body says `2026-07-28`",
        ),
        (ask(), "header `Mcp-Param-Region` is missing; the body says `eu`"),
    ] {
        assert_eq!(post.to(&server).await.message(), text);
    }
    let answered = hello().header(NAME, b"=?base64?aGVsbG8?=").to(&server).await;
    assert!(answered.message().starts_with("header `Mcp-Name` cannot be read: "), "{}", answered.message());
    let long = hello().header(NAME, "x".repeat(5000).as_bytes()).to(&server).await;
    assert!(long.message().len() < 200, "a peer's value is not repeated at any length");
}

#[tokio::test]
async fn errors_carry_the_data_that_the_specification_asks_for() {
    let server = server();
    let version =
        list().meta("protocolVersion", "2031-01-01").header(VERSION, b"2031-01-01").to(&server).await;
    assert_eq!(version.body()["error"]["data"], json!({ "supported": [MODERN], "requested": "2031-01-01" }));
    let capability = ask().header(REGION, b"eu").to(&server).await;
    assert_eq!(capability.body()["error"]["data"], json!({ "requiredCapabilities": { "sampling": {} } }));
    let extension = Post::modern("shelf/count", json!({})).to(&server).await;
    assert_eq!(
        extension.body()["error"]["data"],
        json!({ "requiredCapabilities": { "extensions": { "com.example/shelf": {} } } })
    );
    let resource = Post::modern("resources/read", json!({ "uri": "notes://no" })).to(&server).await;
    assert_eq!(resource.body()["error"]["data"], json!({ "uri": "notes://no" }));
}

#[tokio::test]
async fn older_revisions_ignore_the_headers_and_have_their_own_statuses() {
    let server = server();
    let assumed = Lookup::assuming(Revision::V2025_03_26);
    let spoiled = |method: &str, params: Value| {
        Post::legacy(method, params).header(METHOD, b"x").header(NAME, b"=?base64?!?=").header(REGION, b"x")
    };
    let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
    for (what, post, verdict) in [
        ("a call", spoiled("tools/call", json!({ "name": "hello" })), (200, 0)),
        ("a handshake", spoiled("initialize", hello), (200, 0)),
        ("a ping", spoiled("ping", json!({})), (200, 0)),
        ("an unknown method", spoiled("no/such", json!({})), (200, -32601)),
        ("a method of the newest revision", spoiled("server/discover", json!({})), (200, -32601)),
        ("an unknown tool", spoiled("tools/call", json!({ "name": "none" })), (200, -32602)),
        ("an unknown resource", spoiled("resources/read", json!({ "uri": "notes://no" })), (200, -32002)),
        ("a missing capability", spoiled("tools/call", json!({ "name": "ask" })), (200, 0)),
        (
            "a subscription without a session",
            spoiled("resources/subscribe", json!({ "uri": "notes://today" })),
            (200, -32600),
        ),
        ("no JSON", Post::text("nonsense"), (400, -32700)),
        ("no message", Post::text("{\"jsonrpc\":\"2.0\",\"id\":1}"), (400, -32600)),
    ] {
        let answered = post.at(&server, &assumed).await;
        assert_eq!(answered.verdict(), verdict, "{what}: {:?}", answered.body);
    }
}

#[tokio::test]
async fn a_server_of_stateless_revisions_only_tells_everyone_else_what_it_speaks() {
    let server = builder().protocols([Revision::V2026_07_28]).build().unwrap();
    let shake = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
    let lookup = Lookup::assuming(Revision::V2025_03_26);
    for (what, post, requested) in [
        ("a handshake", Post::legacy("initialize", shake.clone()), "2025-06-18"),
        (
            "a handshake with a header",
            Post::legacy("initialize", shake).header(VERSION, b"2025-11-25"),
            "2025-06-18",
        ),
        ("a handshake that asks for nothing", Post::legacy("initialize", json!({})), ""),
        ("a request", Post::legacy("tools/list", json!({})), ""),
        (
            "a request with a header",
            Post::legacy("tools/list", json!({})).header(VERSION, b"2025-11-25"),
            "2025-11-25",
        ),
        ("a ping", Post::legacy("ping", json!({})), ""),
    ] {
        let answered = post.at(&server, &lookup).await;
        assert_eq!(answered.verdict(), (400, -32022), "{what}");
        assert_eq!(
            answered.body()["error"]["data"],
            json!({ "supported": [MODERN], "requested": requested }),
            "{what}"
        );
    }
    let meant = Post::legacy("tools/list", json!({})).header(VERSION, MODERN.as_bytes());
    assert_eq!(meant.at(&server, &lookup).await.verdict(), (400, -32602), "only `_meta` is missing");
    let notice = Post::legacy("notifications/initialized", json!({})).without_id();
    let dropped = notice.at(&server, &lookup).await;
    assert_eq!((dropped.verdict(), dropped.body), ((202, 0), None));
    let response = Post::of(json!({ "jsonrpc": "2.0", "id": 1, "result": {} }));
    assert_eq!(response.at(&server, &lookup).await.verdict(), (400, -32600));
    let array = Post::of(json!([{ "jsonrpc": "2.0", "id": 1, "method": "ping" }]));
    assert_eq!(array.at(&server, &lookup).await.verdict(), (400, -32600));
    assert_eq!(lookup.asked(), Vec::<String>::new(), "there are no sessions to look up");
    assert_eq!(hello().at(&server, &lookup).await.verdict(), (200, 0));
}

#[tokio::test]
async fn a_server_of_older_revisions_only_tells_stateless_clients_what_it_speaks() {
    let server = builder().protocols([Revision::V2025_06_18]).build().unwrap();
    let answered = list().to(&server).await;
    assert_eq!(answered.verdict(), (400, -32022));
    assert_eq!(answered.body()["error"]["data"], json!({ "supported": ["2025-06-18"], "requested": MODERN }));
}

#[tokio::test]
async fn notifications_of_stateless_clients_are_taken_and_only_wrong_headers_are_refused() {
    let server = server();
    let notice = || Post::modern("notifications/cancelled", json!({ "requestId": 1 })).without_id();
    for (what, post, verdict) in [
        ("all headers", notice(), (202, 0)),
        ("no headers", notice().without(VERSION).without(METHOD), (202, 0)),
        ("another method", notice().header(METHOD, b"ping"), (400, -32020)),
        ("another version", notice().header(VERSION, b"2025-11-25"), (400, -32020)),
        ("an unknown method", Post::modern("notifications/no", json!({})).without_id(), (202, 0)),
        (
            "no claim",
            Post::legacy("notifications/x", json!({})).without_id().header(VERSION, MODERN.as_bytes()),
            (202, 0),
        ),
    ] {
        let answered = post.to(&server).await;
        assert_eq!(answered.verdict(), verdict, "{what}");
        assert_eq!(answered.body.is_none(), verdict.0 == 202, "{what}");
        assert!(answered.body.is_none_or(|body| body.get("id").is_none()), "{what}");
    }
}
