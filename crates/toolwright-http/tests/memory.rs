//! What sessions cost, counted in bytes of the allocator. A binary of its own, since it brings the counting one.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails the test")]

use std::{sync::Arc, time::Duration};

use allocation_counter::measure;
use axum::body::Body as RequestBody;
use http::{Method, Request, StatusCode};
use tokio::runtime::{Builder, Runtime};
use toolwright_http::{HttpService, MemoryEventStore, ServeHttp};
use toolwright_server::{Server, Tool};
use tower_service::Service as _;

const SESSIONS: usize = 10_000;
const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",
    "capabilities":{"roots":{"listChanged":true},"sampling":{},"elicitation":{}},"clientInfo":{"name":"client","version":"1.2.3"}}}"#;
const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;

struct Site {
    runtime: Runtime,
    service: HttpService,
    store: Arc<MemoryEventStore>,
}

impl Site {
    fn new() -> Self {
        let store = Arc::new(MemoryEventStore::new());
        let server = Server::builder("memory").tool(Tool::new("add").handler(async || 3)).build().unwrap();
        let service = server.http().max_sessions(2 * SESSIONS).event_store(Arc::clone(&store)).service();
        let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        Self { runtime, service, store }
    }

    fn send(
        &self,
        method: Method,
        session: Option<&str>,
        body: &'static str,
    ) -> (StatusCode, Option<String>) {
        let mut request = Request::new(RequestBody::from(body));
        *request.method_mut() = method;
        let headers = request.headers_mut();
        headers.insert("host", "localhost".parse().unwrap());
        headers.insert("content-type", "application/json".parse().unwrap());
        headers.insert("accept", "application/json, text/event-stream".parse().unwrap());
        if let Some(session) = session {
            headers.insert("mcp-session-id", session.parse().unwrap());
        }
        self.runtime.block_on(async {
            let response = self.service.clone().call(request).await.unwrap();
            let session = response.headers().get("mcp-session-id");
            (response.status(), session.map(|session| session.to_str().unwrap().to_owned()))
        })
    }

    fn open(&self) -> String {
        let (status, session) = self.send(Method::POST, None, INITIALIZE);
        assert_eq!(status, StatusCode::OK);
        let session = session.unwrap();
        assert_eq!(self.send(Method::POST, Some(&session), INITIALIZED).0, StatusCode::ACCEPTED);
        session
    }

    fn open_all(&self) -> Vec<String> {
        (0..SESSIONS).map(|_| self.open()).collect()
    }

    /// Deletes one half, lets the other expire, and asks for them all in every way.
    fn end_all(&self, sessions: Vec<String>) {
        // Streams that are opened and abandoned are no activity.
        for session in sessions.iter().step_by(10) {
            assert_eq!(self.send(Method::GET, Some(session), "").0, StatusCode::OK);
        }
        for session in &sessions[..sessions.len() / 2] {
            assert_eq!(self.send(Method::DELETE, Some(session), "").0, StatusCode::NO_CONTENT);
        }
        self.runtime.block_on(async { tokio::time::sleep(Duration::from_secs(2 * 3600)).await });
        for session in &sessions {
            for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::DELETE] {
                let status = self.send(method.clone(), Some(session), "").0;
                assert!(status.is_client_error(), "{method} of a session that ended: {status}");
            }
        }
    }
}

/// Bytes that are left allocated by `work`.
fn left(work: impl FnOnce()) -> i64 {
    measure(work).bytes_current
}

#[test]
fn an_idle_session_takes_at_most_a_kibibyte_and_gives_it_back() {
    let site = Site::new();
    // What the first session makes for all.
    site.end_all(vec![site.open(), site.open()]);
    let mut sessions = Vec::new();
    let names = i64::try_from(SESSIONS * (size_of::<String>() + 32)).unwrap();
    let open = left(|| sessions = site.open_all()) - names;
    let each = open / i64::try_from(SESSIONS).unwrap();
    assert!(each <= 1024, "an idle session takes {each} bytes");
    let after_once = open + names + left(|| site.end_all(sessions));
    let after_twice = after_once
        + left(|| {
            let sessions = site.open_all();
            site.end_all(sessions);
        });
    assert_eq!(site.store.kept_bytes(), 0);
    assert!(after_once <= open / 100, "{after_once} bytes are left of {open}");
    assert!(
        after_twice <= after_once + after_once / 10 + 1024,
        "{after_twice} bytes are left, not {after_once}"
    );
}
