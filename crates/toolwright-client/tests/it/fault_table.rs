//! Every fault in every place over both kinds of transports: no call hangs, each error says what happened, and the client works once
//! the server does.
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use toolwright_client::{Client, ClientError};
use toolwright_core::{era::Revision, joint::LinkError, model::SubscriptionFilter};

use crate::fake::{Call, Fake, LEGACY, MODERN, Reaction, text};

type Fault = fn(&Call) -> Reaction;

/// A fault, and the kind of the error that it must become.
const FAULTS: &[(&str, Fault, &str)] = &[
    ("silence", |_| Reaction::Silence, "timeout"),
    ("end of the connection", |_| Reaction::Close, "closed"),
    (
        "death of the process",
        |_| Reaction::Fail(LinkError::Died { status: Some(9), stderr: String::new() }),
        "link",
    ),
    ("failure of the transport", |_| Reaction::Fail(LinkError::Io(std::io::Error::other("reset"))), "link"),
    ("forgotten session", |_| Reaction::Fail(LinkError::SessionGone), "link"),
    (
        "answer that the transport cannot read",
        |_| Reaction::Fail(LinkError::Malformed("?".into())),
        "protocol",
    ),
    ("answer that is too large", |_| Reaction::Fail(LinkError::TooLarge { limit: 1 }), "too large"),
    ("no authorization", |_| Reaction::Fail(LinkError::Unauthorized("no token".into())), "unauthorized"),
    ("401", |_| Reaction::Status(401, None), "refused"),
    ("403", |_| Reaction::Status(403, Some("{}".to_owned())), "refused"),
    ("404", |_| Reaction::Status(404, None), "refused"),
    ("413", |_| Reaction::Status(413, Some("<html>".to_owned())), "refused"),
    ("500", |_| Reaction::Status(500, Some(String::new())), "refused"),
    ("503", |_| Reaction::Status(503, None), "refused"),
    ("acceptance without an answer", |_| Reaction::Status(202, None), "protocol"),
    ("nothing", |_| Reaction::Bytes(String::new()), "protocol"),
    (
        "half an answer",
        |call| Reaction::Bytes(format!(r#"{{"jsonrpc":"2.0","id":{},"res"#, call.id)),
        "protocol",
    ),
    (
        "two answers",
        |call| {
            let one = json!({ "jsonrpc": "2.0", "id": call.id, "result": {} });
            Reaction::Bytes(format!("{one}{one}"))
        },
        "protocol",
    ),
    ("something else", |_| Reaction::Bytes("\u{0}\u{fffd}<html>".to_owned()), "protocol"),
    (
        "another id",
        |_| Reaction::Bytes(json!({ "jsonrpc": "2.0", "id": -1, "result": {} }).to_string()),
        "protocol",
    ),
    (
        "an id of another type",
        |call| {
            Reaction::Bytes(json!({ "jsonrpc": "2.0", "id": call.id.to_string(), "result": {} }).to_string())
        },
        "protocol",
    ),
    (
        "a notification",
        |_| Reaction::Bytes(json!({ "jsonrpc": "2.0", "method": "notifications/message" }).to_string()),
        "protocol",
    ),
    (
        "a request",
        |call| Reaction::Bytes(json!({ "jsonrpc": "2.0", "id": call.id, "method": "ping" }).to_string()),
        "protocol",
    ),
    ("an empty batch", |_| Reaction::Bytes("[]".to_owned()), "protocol"),
    (
        "a batch without the answer",
        |_| Reaction::Bytes(json!([{ "jsonrpc": "2.0", "method": "notifications/message" }]).to_string()),
        "protocol",
    ),
    ("a result that is no object", |_| Reaction::Result(json!("yes")), "protocol"),
    (
        "an error that is no object",
        |call| Reaction::Bytes(json!({ "jsonrpc": "2.0", "id": call.id, "error": 7 }).to_string()),
        "protocol",
    ),
    (
        "result and error",
        |call| {
            let error = json!({ "code": 1, "message": "m" });
            Reaction::Bytes(
                json!({ "jsonrpc": "2.0", "id": call.id, "result": {}, "error": error }).to_string(),
            )
        },
        "protocol",
    ),
    ("endless depth", |_| Reaction::Bytes("[".repeat(1 << 20)), "protocol"),
    ("a huge text", |_| Reaction::Bytes("x".repeat(8 << 20)), "protocol"),
    ("an error", |_| Reaction::Error(-32603, "broken", Value::Null), "rpc"),
];

fn kind(error: &ClientError) -> &'static str {
    match error {
        ClientError::Timeout { .. } => "timeout",
        ClientError::Closed => "closed",
        ClientError::Link(_) => "link",
        ClientError::TooLarge { .. } => "too large",
        ClientError::Unauthorized(_) => "unauthorized",
        ClientError::Refused { .. } => "refused",
        ClientError::Protocol(_) => "protocol",
        ClientError::Rpc(_) => "rpc",
        _ => "other",
    }
}

struct Case {
    fake: Fake,
    faulty: Arc<AtomicBool>,
}

impl Case {
    /// A server that has `fault` wherever it answers, while it is on. `stream` says which kind of transport it is behind.
    fn new(revision: Revision, stream: bool, fault: Fault) -> Self {
        let faulty = Arc::new(AtomicBool::new(false));
        let on = faulty.clone();
        let script = move |call: Call| match call.method.as_str() {
            _ if on.load(Ordering::SeqCst) => fault(&call),
            "tools/list" => Reaction::Result(json!({ "resultType": "complete", "tools": [] })),
            "resources/subscribe" | "ping" => Reaction::Result(json!({})),
            "subscriptions/listen" => {
                let meta = json!({ "io.modelcontextprotocol/subscriptionId": call.id });
                let acknowledged = json!({ "notifications": {}, "_meta": meta });
                call.notify("notifications/subscriptions/acknowledged", acknowledged);
                Reaction::Silence
            }
            _ => text("ok"),
        };
        let fake = if stream { Fake::new(revision, script) } else { Fake::watchful(revision, script) };
        Self { fake, faulty }
    }

    fn set_faulty(&self, faulty: bool) {
        self.faulty.store(faulty, Ordering::SeqCst);
    }
}

/// The kind of the error, which must come within the time that the client may take.
async fn failure<T>(what: impl Future<Output = Result<T, ClientError>>) -> &'static str {
    match tokio::time::timeout(Duration::from_secs(700), what).await {
        Ok(Ok(_)) => "success",
        Ok(Err(error)) => kind(&error),
        Err(_) => "hangs",
    }
}

#[tokio::test(start_paused = true)]
async fn no_request_hangs_and_the_next_one_works() {
    let watching = || SubscriptionFilter::new().resource_subscriptions(["a://b"]);
    for &(name, fault, expected) in FAULTS {
        for (revision, stream) in [(MODERN, true), (MODERN, false), (LEGACY, true), (LEGACY, false)] {
            let case = Case::new(revision, stream, fault);
            let client = case.fake.connect().await;
            let place = format!("{name}, {revision}, stream: {stream}");
            case.set_faulty(true);
            assert_eq!(failure(client.call("x", ()).into_future()).await, expected, "call: {place}");
            assert_eq!(failure(client.tools()).await, expected, "list: {place}");
            assert_eq!(failure(client.listen(watching())).await, expected, "listen: {place}");
            case.set_faulty(false);
            assert_eq!(client.call("x", ()).await.unwrap().text(), "ok", "{place}");
            client.tools().await.unwrap();
            client.listen(watching()).await.unwrap();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_connection_hangs_in_its_making() {
    for &(name, fault, expected) in FAULTS {
        for stream in [true, false] {
            // Both the question and the handshake that follows it have the fault.
            let case = Case::new(Revision::V2025_06_18, stream, fault);
            case.set_faulty(true);
            let fake = case.fake.clone().scripted_handshake();
            let outcome = failure(fake.connect_with(Client::builder())).await;
            assert_eq!(outcome, expected, "{name}, stream: {stream}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_target_that_never_connects_is_given_up() {
    struct Never;

    impl toolwright_core::joint::Connect for Never {
        async fn connect(
            &self,
            _attach: toolwright_core::joint::Attach,
        ) -> Result<Arc<dyn toolwright_core::joint::Link>, toolwright_core::joint::ConnectError> {
            std::future::pending().await
        }
    }

    let error = Client::connect(Never).await.unwrap_err();
    assert_eq!(error.to_string(), "cannot connect to the server: it takes longer than 60s");
}
