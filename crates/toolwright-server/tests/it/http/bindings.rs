//! Arguments that headers mirror ("Custom Headers from Tool Parameters").
use serde_json::{Value, json};
use toolwright_core::model::CallToolResult;
use toolwright_server::{
    Call, Context, Error, Server, Tool,
    middleware::Next,
    transform::{ArgumentMap, Rename},
};

use super::post::{Lookup, Post};

fn schema() -> Value {
    json!({ "type": "object", "properties": {
        "region": { "type": "string", "x-mcp-header": "Region" },
        "limit": { "type": "integer", "x-mcp-header": "Limit" },
        "dry": { "type": "boolean", "x-mcp-header": "Dry-Run" },
        "where": { "type": "object", "properties": {
            "zone": { "type": "string", "x-mcp-header": "Zone" },
            "other": { "type": "string" },
        } },
        "text": { "type": "string", "default": { "x-mcp-header": "not a schema" } },
        "x-mcp-header": { "type": "string" },
    } })
}

fn tool() -> Tool {
    Tool::new("query").input_schema(schema()).raw_handler(|_, _| async { Ok(CallToolResult::new([])) })
}

fn server() -> Server {
    Server::builder("demo").tool(tool()).build().unwrap()
}

fn query(arguments: Value) -> Post {
    Post::modern("tools/call", json!({ "name": "query", "arguments": arguments }))
}

const REGION: &str = "mcp-param-region";
const LIMIT: &str = "mcp-param-limit";
const DRY: &str = "mcp-param-dry-run";
const ZONE: &str = "mcp-param-zone";

#[tokio::test]
async fn a_header_says_what_the_argument_says_or_the_request_is_refused() {
    let server = server();
    let region = |value: &[u8]| query(json!({ "region": "eu west" })).header(REGION, value);
    let limit = |body: Value, value: &[u8]| query(json!({ "limit": body })).header(LIMIT, value);
    let dry = |body: bool, value: &[u8]| query(json!({ "dry": body })).header(DRY, value);
    let zone = |value: &[u8]| query(json!({ "where": { "other": "x", "zone": "z" } })).header(ZONE, value);
    for (what, post, good) in [
        ("nothing to mirror", query(json!({})), true),
        ("no arguments", Post::modern("tools/call", json!({ "name": "query" })), true),
        (
            "no arguments but a header",
            Post::modern("tools/call", json!({ "name": "query" })).header(REGION, b"x"),
            false,
        ),
        ("the same text", region(b"eu west"), true),
        ("the same text, encoded", region(b"=?base64?ZXUgd2VzdA==?="), true),
        ("another text", region(b"eu"), false),
        ("another case", region(b"EU west"), false),
        ("broken Base64", region(b"=?base64?ZXUgd2VzdA?="), false),
        ("raw UTF-8", region("eu wést".as_bytes()), false),
        ("two headers", region(b"eu west").again(REGION, b"eu west"), false),
        ("no header", query(json!({ "region": "eu west" })), false),
        ("an empty text", query(json!({ "region": "" })).header(REGION, b""), true),
        ("an empty text without a header", query(json!({ "region": "" })), false),
        ("other letters", query(json!({ "region": "Süd" })).header(REGION, b"=?base64?U8O8ZA==?="), true),
        ("a null", query(json!({ "region": null })), true),
        ("a null with a header", query(json!({ "region": null })).header(REGION, b"null"), false),
        (
            "an absent argument with a header",
            query(json!({ "limit": 1 })).header(LIMIT, b"1").header(REGION, b"x"),
            false,
        ),
        ("an integer", limit(json!(42), b"42"), true),
        ("an integer with a fraction of nothing", limit(json!(42), b"42.0"), true),
        ("the same the other way round", limit(json!(42.0), b"42"), true),
        ("another integer", limit(json!(42), b"43"), false),
        ("no integer", limit(json!(42), b"many"), false),
        ("an integer as text", limit(json!("42"), b"42"), true),
        ("an array, which nothing mirrors", query(json!({ "limit": [42] })), true),
        ("an array with a header", limit(json!([42]), b"42"), false),
        ("true", dry(true, b"true"), true),
        ("true in capitals", dry(true, b"True"), false),
        ("true as a number", dry(true, b"1"), false),
        ("false", dry(false, b"false"), true),
        ("false for true", dry(true, b"false"), false),
        ("a nested argument", zone(b"z"), true),
        ("a nested argument that differs", zone(b"y"), false),
        ("a nested argument without a header", query(json!({ "where": { "zone": "z" } })), false),
        ("nothing nested", query(json!({ "where": 7 })), true),
        ("nothing nested but a header", query(json!({ "where": 7 })).header(ZONE, b"z"), false),
        (
            "a header that the tool does not have",
            query(json!({ "text": "x" })).header("mcp-param-text", b"y"),
            true,
        ),
        (
            "several",
            query(json!({ "dry": true, "limit": 0, "region": "a" }))
                .header(DRY, b"true")
                .header(LIMIT, b"0")
                .header(REGION, b"a"),
            true,
        ),
        (
            "several, one of them wrong",
            query(json!({ "dry": true, "limit": 0 })).header(DRY, b"true").header(LIMIT, b"1"),
            false,
        ),
    ] {
        let answered = post.to(&server).await;
        let expected = if good { (200, 0) } else { (400, -32020) };
        assert_eq!(answered.verdict(), expected, "{what}: {:?}", answered.body);
        // With validation, some of these arguments are then refused for what they are, but not for their headers.
        if good && !cfg!(feature = "validation") {
            assert_eq!(answered.body()["result"]["isError"], Value::Null, "{what}");
        }
    }
}

#[tokio::test]
async fn an_argument_that_is_given_twice_agrees_with_no_header() {
    let body = concat!(
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"query","#,
        r#""arguments":{"region":"a","region":"b"},"_meta":{"#,
        r#""io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}"#
    );
    let headers = query(json!({})).headers;
    for region in [b"a", b"b"] {
        let mut post = Post::text(body);
        post.headers = headers.clone();
        assert_eq!(post.header(REGION, region).to(&server()).await.verdict(), (400, -32020));
    }
    let twice = concat!(
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"query","#,
        r#""arguments":{"region":"a","region":"a"},"_meta":{"#,
        r#""io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}"#
    );
    let mut post = Post::text(twice);
    post.headers = headers;
    let answered = post.header(REGION, b"a").to(&server()).await;
    assert_eq!(answered.message(), "an argument that a header mirrors is given more than once");
}

#[tokio::test]
async fn a_refusal_names_the_header_as_the_schema_writes_it() {
    let answered = query(json!({ "dry": true })).header(DRY, b"false").to(&server()).await;
    assert_eq!(answered.message(), "header `Mcp-Param-Dry-Run` is `false`, but the body says `true`");
    let answered = query(json!({})).header(LIMIT, b"3").to(&server()).await;
    assert_eq!(
        answered.message(),
        "header `Mcp-Param-Limit` is `3`, but the body has nothing there that a header mirrors; leave it out"
    );
}

#[tokio::test]
async fn only_stateless_requests_over_http_are_held_to_them() {
    let server = server();
    let legacy = Post::legacy("tools/call", json!({ "name": "query", "arguments": { "region": "a" } }));
    let assumed = Lookup::assuming(toolwright_core::era::Revision::V2025_11_25);
    assert_eq!(legacy.header(REGION, b"b").at(&server, &assumed).await.verdict(), (200, 0));
    for client in crate::each::each(&server).await {
        let result =
            client.result("tools/call", json!({ "name": "query", "arguments": { "region": "a" } })).await;
        assert_eq!(result["isError"], Value::Null, "{}", client.revision);
    }
}

#[tokio::test]
async fn calls_of_a_server_to_itself_have_no_headers_of_their_own() {
    let outer = Tool::new("outer").handler(|context: Context| async move {
        context.call_tool("query", json!({ "region": "a" })).await.map(|_| "fine")
    });
    let server = Server::builder("demo").tool(tool()).tool(outer).build().unwrap();
    let answered = Post::modern("tools/call", json!({ "name": "outer" })).to(&server).await;
    assert_eq!(answered.body()["result"]["content"][0]["text"], "fine");
}

#[tokio::test]
async fn headers_are_compared_with_what_the_client_sent_not_with_what_a_layer_made_of_it() {
    let layer = async |mut call: Call, next: Next| {
        call.replace_arguments(&json!({ "region": "b" }).into());
        next.run(call).await
    };
    let server = Server::builder("demo").tool(tool()).layer(layer).build().unwrap();
    let post = |region: &[u8]| query(json!({ "region": "a" })).header(REGION, region);
    assert_eq!(post(b"a").to(&server).await.verdict(), (200, 0));
    assert_eq!(post(b"b").to(&server).await.verdict(), (400, -32020));
    let layer = async |mut call: Call, next: Next| {
        call.retarget("query");
        next.run(call).await
    };
    let server = Server::builder("demo").tool(tool()).layer(layer).build().unwrap();
    let other = Post::modern("tools/call", json!({ "name": "old", "arguments": { "region": "a" } }));
    assert_eq!(other.to(&server).await.verdict(), (200, 0), "the client's target had no such headers");
}

#[tokio::test]
async fn a_binding_follows_the_schema_that_clients_see() {
    let map = ArgumentMap::new().rename("region", "place").fix("limit", json!(3)).hide("dry");
    let mapped = map.apply(tool()).unwrap();
    let server =
        Server::builder("demo").tool(mapped).transform(Rename::tool("query", "ask")).build().unwrap();
    let ask = |arguments: Value| Post::modern("tools/call", json!({ "name": "ask", "arguments": arguments }));
    assert_eq!(ask(json!({ "place": "a" })).header(REGION, b"a").to(&server).await.verdict(), (200, 0));
    assert_eq!(ask(json!({ "place": "a" })).header(REGION, b"b").to(&server).await.verdict(), (400, -32020));
    let ignored = ask(json!({ "place": "a" })).header(REGION, b"a").header(LIMIT, b"9").header(DRY, b"true");
    assert_eq!(ignored.to(&server).await.verdict(), (200, 0), "hidden arguments have no headers");
}

#[test]
fn annotations_that_no_client_could_use_are_mistakes_of_the_author() {
    let header = |name: &str| json!({ "type": "string", "x-mcp-header": name });
    let properties = |properties: Value| json!({ "type": "object", "properties": properties });
    for (schema, text) in [
        (properties(json!({ "a": header("") })), "`$.a`: invalid `x-mcp-header` \"\": it is empty"),
        (properties(json!({ "a": header("My Region") })), "`$.a`: invalid `x-mcp-header` \"My Region\""),
        (properties(json!({ "a": header("Re\ngion") })), "`$.a`: invalid `x-mcp-header`"),
        (
            properties(json!({ "a": { "type": "string", "x-mcp-header": 7 } })),
            "`$.a`: the name of a header is a string",
        ),
        (
            properties(json!({ "a": header("Region"), "b": header("REGION") })),
            "`$.b`: `a` has the header `Region` already",
        ),
        (
            properties(json!({ "a": { "type": "number", "x-mcp-header": "A" } })),
            "`$.a`: headers mirror properties of `\"type\": \"string\"`, `\"integer\"` or `\"boolean\"` only",
        ),
        (
            properties(json!({ "a": { "type": ["string", "null"], "x-mcp-header": "A" } })),
            "`$.a`: headers mirror",
        ),
        (properties(json!({ "a": { "type": "object", "x-mcp-header": "A" } })), "`$.a`: headers mirror"),
        (
            properties(json!({ "a": { "$ref": "#/properties/b", "x-mcp-header": "A" }, "b": {} })),
            "`$.a`: headers mirror",
        ),
        (
            properties(json!({ "a": { "type": "array", "items": header("A") } })),
            "`$.a`: the header \"A\" stands below `items`",
        ),
        (
            properties(json!({ "a": { "oneOf": [{ "type": "null" }, header("A")] } })),
            "`$.a`: the header \"A\" stands below `oneOf`",
        ),
        (
            json!({ "type": "object", "allOf": [properties(json!({ "a": header("A") }))] }),
            "`$`: the header \"A\" stands below `allOf`",
        ),
        (
            json!({ "type": "object", "$defs": { "a": header("A") }, "properties": { "a": { "$ref": "#/$defs/a" } } }),
            "`$`: the header \"A\" stands below `$defs`",
        ),
        (
            json!({ "type": "object", "additionalProperties": header("A") }),
            "stands below `additionalProperties`",
        ),
        (json!({ "type": "object", "x-mcp-header": "A" }), "`$`: the arguments as a whole have no header"),
    ] {
        let tool = tool().input_schema(schema.clone());
        let Err(Error::Build(problems)) = Server::builder("demo").tool(tool).build() else {
            panic!("{schema} is legal");
        };
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0].starts_with("tool `query`: its input schema: `x-mcp-header` at "),
            "{problems:?}"
        );
        assert!(problems[0].contains(text), "{problems:?}");
    }
}
