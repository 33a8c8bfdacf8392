//! Sessions: what reads and ends them.
use std::{sync::Arc, time::Duration};

use axum::body::Body as RequestBody;
use http::{Method, Request, StatusCode, header::ACCEPT};
use serde_json::{Value, json};
use toolwright_core::joint::Principal;
use toolwright_http::{MemoryEventStore, SessionMode};

use crate::{
    double::Double,
    wire::{Reply, Wire, in_session, request},
};

const LEGACY: &str = "2025-06-18";

fn bare(method: Method, session: &str, headers: &[(&'static str, &str)]) -> Request<RequestBody> {
    let mut request = Request::new(RequestBody::empty());
    *request.method_mut() = method;
    *request.uri_mut() = "http://localhost/mcp".parse().unwrap();
    request.headers_mut().insert("mcp-session-id", session.parse().unwrap());
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    request
}

async fn get(wire: &Wire, session: &str) -> Reply {
    wire.send(bare(Method::GET, session, &[("accept", "text/event-stream")])).await
}

async fn resume(wire: &Wire, session: &str, id: &str) -> Reply {
    wire.send(bare(Method::GET, session, &[("accept", "text/event-stream"), ("last-event-id", id)])).await
}

async fn delete(wire: &Wire, session: &str) -> Reply {
    wire.send(bare(Method::DELETE, session, &[])).await
}

async fn call(wire: &Wire, session: &str, method: &str, count: u64) -> Reply {
    wire.call_in(session, method, json!({ "legacy": true, "count": count })).await
}

/// Says something outside of any request; the answer tells what became of it.
async fn say(wire: &Wire, session: &str, number: u64) -> Value {
    call(wire, session, "say", number).await.result().await
}

async fn lives(wire: &Wire, session: &str) -> bool {
    call(wire, session, "echo", 1).await.status() == StatusCode::OK
}

fn number(event: Option<Value>) -> u64 {
    event.unwrap()["params"]["number"].as_u64().unwrap()
}

/// The id of an event, as the client would send it back.
fn id(event: &str) -> String {
    event.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned()
}

/// Whether nothing comes at once.
async fn is_silent(reply: &mut Reply) -> bool {
    tokio::select! { biased; _ = reply.next() => false, () = tokio::task::yield_now() => true }
}

#[tokio::test]
async fn a_get_reads_what_belongs_to_no_request() {
    let wire = Wire::new(&Double::default());
    let session = wire.initialize(LEGACY).await;
    assert_eq!(say(&wire, &session, 1).await, "unheard", "nothing is kept before anybody listens");
    let mut stream = get(&wire, &session).await;
    assert_eq!(stream.status(), StatusCode::OK);
    assert!(stream.is_stream());
    assert_eq!(stream.header("cache-control").unwrap(), "no-cache, no-transform");
    assert!(is_silent(&mut stream).await);
    assert_eq!(say(&wire, &session, 2).await, "said");
    assert_eq!(number(stream.event().await), 2);
    drop(stream);
    assert_eq!(say(&wire, &session, 3).await, "said", "the client may come back");
    let mut stream = get(&wire, &session).await;
    assert_eq!(number(stream.event().await), 3);
}

#[tokio::test]
async fn of_several_streams_the_newest_gets_each_message_and_no_other_does() {
    let wire = Wire::new(&Double::default());
    let session = wire.initialize(LEGACY).await;
    let (mut older, mut newer) = (get(&wire, &session).await, get(&wire, &session).await);
    for number in 1..=3 {
        say(&wire, &session, number).await;
    }
    for expected in 1..=3 {
        assert_eq!(number(newer.event().await), expected);
    }
    assert!(is_silent(&mut older).await);
    drop(newer);
    say(&wire, &session, 4).await;
    assert_eq!(number(older.event().await), 4);
}

#[tokio::test]
async fn a_lost_stream_goes_on_after_the_last_event_of_the_client() {
    let wire = Wire::new(&Double::default());
    let session = wire.initialize(LEGACY).await;
    let mut stream = get(&wire, &session).await;
    let mut ids = Vec::new();
    for number in 1..=3 {
        say(&wire, &session, number).await;
        ids.push(id(&stream.next().await.unwrap()));
    }
    drop(stream);
    say(&wire, &session, 4).await;
    let mut stream = resume(&wire, &session, &ids[0]).await;
    assert_eq!(stream.status(), StatusCode::OK);
    for expected in 2..=4 {
        assert_eq!(number(stream.event().await), expected);
    }
    say(&wire, &session, 5).await;
    assert_eq!(number(stream.event().await), 5, "then live");
}

#[tokio::test]
async fn an_answer_that_was_not_read_waits_for_the_client() {
    let double = Double::default();
    let wire = Wire::new(&double);
    let session = wire.initialize("2025-11-25").await;
    let mut stream = call(&wire, &session, "rest", 1).await;
    let primer = id(&stream.next().await.unwrap());
    while stream.next().await.is_some() {}
    let mut general = get(&wire, &session).await;
    say(&wire, &session, 7).await;
    double.state.gate.send_replace(true);
    let mut resumed = resume(&wire, &session, &primer).await;
    assert_eq!(resumed.event().await.unwrap(), json!({ "jsonrpc": "2.0", "id": 1, "result": true }));
    assert_eq!(resumed.next().await, None, "nothing follows the answer");
    assert_eq!(number(general.event().await), 7, "a stream replays its own messages only");
    assert!(is_silent(&mut general).await);
    let again = resume(&wire, &session, &primer).await.events().await;
    assert_eq!(again.len(), 1, "until the stream is forgotten it can be read again");
}

#[tokio::test]
async fn an_event_id_that_was_never_given_is_400_and_harms_nothing() {
    let wire = Wire::new(&Double::default());
    let session = wire.initialize(LEGACY).await;
    for id in ["0-0", "1-0", "nonsense", "0-1", "9999999999999999999999-1", "é"] {
        let reply = resume(&wire, &session, id).await;
        assert_eq!(reply.status(), StatusCode::BAD_REQUEST, "{id}");
    }
    assert!(lives(&wire, &session).await);
    let mut stream = resume(&wire, &session, "").await;
    say(&wire, &session, 1).await;
    assert_eq!(number(stream.event().await), 1, "no id at all asks for a new stream");
}

#[tokio::test]
async fn without_an_event_store_streams_have_no_ids_and_end_with_their_connection() {
    let wire = Wire::with(&Double::default(), |http| http.without_resumption());
    let session = wire.initialize(LEGACY).await;
    let mut stream = get(&wire, &session).await;
    say(&wire, &session, 1).await;
    assert!(stream.next().await.unwrap().starts_with("data: "));
    drop(stream);
    assert_eq!(say(&wire, &session, 2).await, "unheard");
    assert_eq!(resume(&wire, &session, "0-1").await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_get_needs_to_accept_events_and_to_name_a_session() {
    let wire = Wire::new(&Double::default());
    let session = wire.initialize(LEGACY).await;
    for accept in ["application/json", "text/html", "text/event-stream;q=0"] {
        let reply = wire.send(bare(Method::GET, &session, &[("accept", accept)])).await;
        assert_eq!(reply.status(), StatusCode::NOT_ACCEPTABLE, "{accept}");
    }
    let nameless = Request::get("http://localhost/mcp")
        .header(ACCEPT, "text/event-stream")
        .body(RequestBody::empty())
        .unwrap();
    let (status, text) = wire.send(nameless).await.refusal().await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(text.contains("`Mcp-Session-Id`"));
    let (status, text) = get(&wire, "0123").await.refusal().await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(text.contains("start over with `initialize`"));
    let versions = [("accept", "text/event-stream"), ("mcp-protocol-version", "v999.0.0")];
    assert_eq!(wire.send(bare(Method::GET, &session, &versions)).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn streams_are_bounded_for_each_session_and_over_all() {
    let wire = Wire::with(&Double::default(), |http| http.max_streams(9));
    let (one, other) = (wire.initialize(LEGACY).await, wire.initialize(LEGACY).await);
    let mut open = Vec::new();
    for _ in 0..8 {
        open.push(get(&wire, &one).await);
    }
    let excess = get(&wire, &one).await;
    assert_eq!(excess.status(), StatusCode::TOO_MANY_REQUESTS);
    open.push(get(&wire, &other).await);
    assert!(open.iter().all(|stream| stream.status() == StatusCode::OK));
    let excess = get(&wire, &other).await;
    assert_eq!(excess.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(excess.header("retry-after").is_some());
    open.clear();
    assert_eq!(get(&wire, &one).await.status(), StatusCode::OK, "places come back");
}

#[tokio::test]
async fn a_deleted_session_ends_with_all_that_runs_in_it() {
    let double = Double::default();
    let wire = Arc::new(Wire::new(&double));
    let session = wire.initialize("2025-11-25").await;
    let mut general = get(&wire, &session).await;
    let running = tokio::spawn({
        let (wire, session) = (Arc::clone(&wire), session.clone());
        async move { call(&wire, &session, "hold", 1).await.status() }
    });
    double.state.held(1).await;
    let reply = delete(&wire, &session).await;
    assert_eq!((reply.status(), reply.length()), (StatusCode::NO_CONTENT, Some(0)));
    assert_eq!(running.await.unwrap(), StatusCode::ACCEPTED, "cancelled, so there is no answer");
    double.state.held(0).await;
    assert_eq!(general.next().await, None);
    for reply in [
        call(&wire, &session, "echo", 1).await,
        get(&wire, &session).await,
        resume(&wire, &session, "1-0").await,
        delete(&wire, &session).await,
    ] {
        assert_eq!(reply.status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn an_unknown_session_is_told_with_the_id_of_the_request() {
    let wire = Wire::new(&Double::default());
    let reply = call(&wire, "0123456789abcdef", "echo", 1).await;
    assert_eq!(reply.status(), StatusCode::NOT_FOUND);
    let body = reply.json().await;
    assert_eq!((&body["id"], &body["error"]["code"]), (&json!(1), &json!(-32600)));
}

#[tokio::test]
async fn sessions_are_known_to_their_callers_only() {
    let wire = Wire::new(&Double::default());
    let by = |caller: &Principal, mut request: Request<RequestBody>| {
        request.extensions_mut().insert(caller.clone());
        wire.send(request)
    };
    let (ada, bob) = (Principal::new("ada"), Principal::new("bob"));
    let mut handshake = in_session("x", request("initialize", json!({ "legacy": true })));
    handshake.headers_mut().remove("mcp-session-id");
    let session = by(&ada, handshake).await.header("mcp-session-id").unwrap();
    let requests = || {
        [
            in_session(&session, request("echo", json!({ "legacy": true }))),
            bare(Method::GET, &session, &[("accept", "text/event-stream")]),
            bare(Method::DELETE, &session, &[]),
        ]
    };
    for request in requests() {
        assert_eq!(by(&bob, request).await.status(), StatusCode::NOT_FOUND);
    }
    for request in requests() {
        assert!(by(&ada, request).await.status().is_success());
    }
}

#[tokio::test]
async fn where_there_are_no_sessions_only_post_is_served() {
    let wire = Wire::with(&Double::default(), |http| http.sessions(SessionMode::Off));
    let reply = wire.call("initialize", json!({ "legacy": true, "protocolVersion": LEGACY })).await;
    assert_eq!(reply.status(), StatusCode::OK);
    assert_eq!(reply.header("mcp-session-id"), None);
    for method in [Method::GET, Method::DELETE, Method::PUT] {
        let reply = wire.send(bare(method, "any", &[("accept", "text/event-stream")])).await;
        assert_eq!(reply.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(reply.header("allow").unwrap(), "POST");
    }
    assert!(wire.call("echo", json!({ "legacy": true })).await.status().is_success());
}

#[tokio::test(start_paused = true)]
async fn an_open_stream_keeps_its_session_and_silence_ends_it() {
    let wire = Wire::with(&Double::default(), |http| http.session_idle(Duration::from_secs(60)));
    let session = wire.initialize(LEGACY).await;
    let mut stream = get(&wire, &session).await;
    for _ in 0..20 {
        assert_eq!(stream.next().await.unwrap(), ":\n\n", "a sign of life at intervals");
    }
    assert!(lives(&wire, &session).await);
    drop(stream);
    tokio::time::sleep(Duration::from_secs(200)).await;
    assert!(!lives(&wire, &session).await);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_makes_room_for_another_ends_as_if_it_were_deleted() {
    let wire = Wire::with(&Double::default(), |http| http.max_sessions(2));
    let (first, second) = (wire.initialize(LEGACY).await, wire.initialize(LEGACY).await);
    tokio::time::advance(Duration::from_secs(1)).await;
    let _stream = get(&wire, &first).await;
    let third = wire.initialize(LEGACY).await;
    assert!(lives(&wire, &first).await && lives(&wire, &third).await);
    assert!(!lives(&wire, &second).await);
    let _other = get(&wire, &third).await;
    let refused = wire.call("initialize", json!({ "legacy": true, "protocolVersion": LEGACY })).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE, "nobody is idle");
    assert_eq!((refused.header("retry-after").is_some(), refused.header("mcp-session-id")), (true, None));
}

#[tokio::test]
async fn the_events_of_a_session_go_with_it() {
    let store = Arc::new(MemoryEventStore::new());
    let wire = Wire::with(&Double::default(), |http| http.event_store(Arc::clone(&store)));
    let session = wire.initialize(LEGACY).await;
    let mut general = get(&wire, &session).await;
    say(&wire, &session, 1).await;
    general.event().await.unwrap();
    call(&wire, &session, "tell", 3).await.events().await;
    assert_ne!(store.kept_bytes(), 0);
    delete(&wire, &session).await;
    assert_eq!(general.next().await, None);
    drop(general);
    tokio::task::yield_now().await;
    assert_eq!(store.kept_bytes(), 0);
}
