use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use axum::body::{Body, to_bytes};
use tokio::time::{Instant, sleep};
use toolwright::core::headers::encode_value;
use tower::ServiceExt as _;

use super::*;

type Answer = (StatusCode, String);

/// The application in process, with one task of ada's on its board.
struct Running {
    app: App,
    router: Router,
}

impl Running {
    fn new() -> Self {
        let app = App::new();
        let (router, _) = router(app.clone()).unwrap();
        Self { app, router }
    }

    async fn send(&self, request: Request) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn get(&self, path: &str, key: &str) -> Answer {
        let request = Request::get(path).header("host", "localhost").header("x-api-key", key);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn call(&self, key: &str, tool: &str, arguments: serde_json::Value) -> Answer {
        self.send(mcp(key, tool, &call(tool, arguments))).await
    }
}

/// The body of a tool call.
fn call(tool: &str, arguments: serde_json::Value) -> String {
    request("tools/call", json!({ "name": tool, "arguments": arguments }))
}

fn request(method: &str, mut params: serde_json::Value) -> String {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string()
}

/// A request whose headers say that it calls `tool`, whatever its body says.
fn mcp(key: &str, tool: &str, body: &str) -> Request {
    let mut request = bare(key, body);
    let headers = request.headers_mut();
    headers.insert("mcp-protocol-version", "2026-07-28".parse().unwrap());
    headers.insert(MCP_METHOD, "tools/call".parse().unwrap());
    headers.insert(MCP_NAME, encode_value(tool));
    request
}

/// A request without the headers that mirror it.
fn bare(key: &str, body: &str) -> Request {
    Request::post("/mcp")
        .header("host", "localhost")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .header("x-api-key", key)
        .body(Body::from(body.to_owned()))
        .unwrap()
}

fn contains((status, body): Answer, expected: StatusCode, text: &str) {
    assert!(status == expected && body.contains(text), "{status} {body}, not {expected} with {text}");
}

#[tokio::test]
async fn routes_of_the_application_go_on_as_before() {
    let running = Running::new();
    contains(running.get("/", "").await, StatusCode::OK, "The board is at /tasks");
    contains(running.get("/tasks", "key-of-bob").await, StatusCode::OK, "1: water the plants (ada)");
    let post = Request::post("/tasks").header("x-api-key", "key-of-bob").body("buy tea".into()).unwrap();
    assert_eq!(running.send(post).await, (StatusCode::CREATED, "2".into()));
    assert_eq!(running.get("/nowhere", "").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn without_a_login_the_board_and_the_endpoint_are_401() {
    let running = Running::new();
    assert_eq!(running.get("/tasks", "a-guess").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(running.call("a-guess", "list_tasks", json!({})).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_tool_knows_its_user_and_shares_the_board_with_the_routes() {
    let running = Running::new();
    let added = running.call("key-of-bob", "add_task", json!({ "title": "buy tea" })).await;
    contains(added, StatusCode::OK, r#""text":"2""#);
    contains(running.get("/tasks", "key-of-ada").await, StatusCode::OK, "2: buy tea (bob)");

    let mine = running.call("key-of-bob", "list_tasks", json!({ "mine": true })).await;
    assert!(!mine.1.contains("water the plants"), "{}", mine.1);
    contains(mine, StatusCode::OK, "2: buy tea (bob)");
}

#[tokio::test]
async fn where_no_layer_was_a_tool_may_do_without_a_user() -> toolwright::Result<()> {
    let client = Client::connect(server(App::new())?).await?;
    let all: Vec<String> = client.call("list_tasks", ()).await?.data()?;
    assert_eq!(all, ["1: water the plants (ada)"]);
    let mine = client.call("list_tasks", json!({ "mine": true })).await.unwrap_err().to_string();
    assert!(mine.contains("nobody is logged in"), "{mine}");
    let added = client.call("add_task", json!({ "title": "buy tea" })).await.unwrap_err().to_string();
    assert!(added.contains("no layer provided a `axum_app::User`"), "{added}");
    Ok(())
}

#[tokio::test]
async fn the_gateway_denies_by_headers_alone() {
    let running = Running::new();
    // No JSON: whoever reads the body would answer 400.
    let unread = running.send(mcp("key-of-bob", "delete_task", "{")).await;
    assert_eq!(unread, (StatusCode::FORBIDDEN, String::new()));
    let mut wrapped = mcp("key-of-bob", "", &call("delete_task", json!({ "id": 1 })));
    wrapped.headers_mut().insert(MCP_NAME, "=?base64?ZGVsZXRlX3Rhc2s=?=".parse().unwrap());
    assert_eq!(running.send(wrapped).await.0, StatusCode::FORBIDDEN);
    assert_eq!(running.app.board().len(), 1);

    let admin = running.call("key-of-ada", "delete_task", json!({ "id": 1 })).await;
    assert_eq!(admin.0, StatusCode::OK);
    assert!(running.app.board().is_empty());
}

#[tokio::test]
async fn a_body_that_says_something_else_than_its_headers_is_refused() {
    let running = Running::new();
    let body = call("delete_task", json!({ "id": 1 }));
    contains(running.send(mcp("key-of-bob", "list_tasks", &body)).await, StatusCode::BAD_REQUEST, "-32020");
    let mut method = mcp("key-of-bob", "delete_task", &body);
    method.headers_mut().insert(MCP_METHOD, "tools/list".parse().unwrap());
    contains(running.send(method).await, StatusCode::BAD_REQUEST, "-32020");
    assert_eq!(running.app.board().len(), 1);
}

#[tokio::test]
async fn a_request_that_mirrors_nothing_reaches_no_tool() {
    let running = Running::new();
    let modern = call("delete_task", json!({ "id": 1 }));
    contains(running.send(bare("key-of-bob", &modern)).await, StatusCode::BAD_REQUEST, "-32020");

    // As a client of an older revision writes it: it learns which revision is served.
    let params = json!({ "name": "delete_task", "arguments": { "id": 1 } });
    let older = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params }).to_string();
    let mut older = bare("key-of-bob", &older);
    older.headers_mut().insert("mcp-protocol-version", "2025-11-25".parse().unwrap());
    contains(running.send(older).await, StatusCode::BAD_REQUEST, r#""supported":["2026-07-28"]"#);
    assert_eq!(running.app.board().len(), 1);
}

#[tokio::test]
async fn headers_that_can_be_read_in_two_ways_or_in_none_are_refused() {
    let running = Running::new();
    let body = call("delete_task", json!({ "id": 1 }));
    let mut twice = mcp("key-of-bob", "list_tasks", &body);
    twice.headers_mut().append(MCP_NAME, "delete_task".parse().unwrap());
    assert_eq!(running.send(twice).await.0, StatusCode::BAD_REQUEST);
    let mut broken = mcp("key-of-bob", "list_tasks", &body);
    broken.headers_mut().insert(MCP_NAME, "=?base64?!?=".parse().unwrap());
    assert_eq!(running.send(broken).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(running.app.board().len(), 1);
}

#[tokio::test]
async fn a_slash_at_the_end_is_the_same_endpoint() {
    let running = Running::new();
    for (path, key, status) in [
        ("/mcp/", "key-of-bob", StatusCode::OK),
        ("/mcp/", "a-guess", StatusCode::UNAUTHORIZED),
        ("/mcp/?from=here", "key-of-bob", StatusCode::OK),
    ] {
        let mut request = mcp(key, "list_tasks", &call("list_tasks", json!({})));
        *request.uri_mut() = path.parse().unwrap();
        assert_eq!(running.send(request).await.0, status, "{path}");
    }
    let mut denied = mcp("key-of-bob", "delete_task", "{");
    *denied.uri_mut() = "/mcp/".parse().unwrap();
    assert_eq!(running.send(denied).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_end_of_the_application_ends_subscriptions_with_their_result() {
    let (router, mcp) = router(App::new()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let body = request("subscriptions/listen", json!({ "notifications": { "toolsListChanged": true } }));
    let head = format!(
        "POST /mcp HTTP/1.1\r\nhost: localhost\r\nx-api-key: key-of-bob\r\ncontent-type: application/json\r\n\
         accept: application/json, text/event-stream\r\nmcp-protocol-version: 2026-07-28\r\n\
         mcp-method: subscriptions/listen\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let (end, told) = oneshot::channel::<()>();
    let client = tokio::task::spawn_blocking(move || {
        write!(stream, "{head}{body}").unwrap();
        let mut answer = String::new();
        while !answer.contains("acknowledged") {
            let mut part = [0; 4096];
            let length = stream.read(&mut part).unwrap();
            assert!(length > 0, "{answer}");
            answer.push_str(str::from_utf8(&part[..length]).unwrap());
        }
        end.send(()).unwrap();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    serve(listener, router, mcp, async { told.await.unwrap() }).await.unwrap();
    let answer = client.await.unwrap();
    assert!(answer.contains(r#""result""#), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_never_ends_holds_the_end_no_longer_than_the_grace() {
    let (router, mcp) = router(App::new()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    // The body never comes.
    write!(
        stream,
        "POST /tasks HTTP/1.1\r\nhost: localhost\r\nx-api-key: key-of-bob\r\ncontent-length: 9\r\n\r\n"
    )
    .unwrap();
    let begin = Instant::now();
    let told = Duration::from_secs(1);
    serve(listener, router, mcp, sleep(told)).await.unwrap();
    assert!(begin.elapsed() >= told + GRACE, "the request was not waited for");
}
