use bytes::Bytes;
use serde_json::{Value, json};

use super::*;

const MODERN: Revision = Revision::V2026_07_28;

fn back(body: &Value) -> Probe {
    Probe::Back(Incoming::new(Some(Bytes::from(body.to_string()))))
}

fn with_status(status: u16, body: Option<Value>) -> Probe {
    let body = body.map(|body| Bytes::from(body.to_string()));
    Probe::Back(Incoming::new(body).status(StatusCode::from_u16(status).unwrap()))
}

fn discovered(versions: &[&str]) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "result": {
        "resultType": "complete", "supportedVersions": versions, "capabilities": {}, "ttlMs": 0, "cacheScope": "public",
    } })
}

fn error(code: i64, data: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": code, "message": "no", "data": data } })
}

fn unsupported(versions: &[&str]) -> Value {
    error(-32022, &json!({ "supported": versions, "requested": "2026-07-28" }))
}

fn verdict(probe: Probe, choice: EraChoice) -> String {
    match judge(probe, 1, choice) {
        Verdict::Stateless(revision, _) => format!("stateless {revision}"),
        Verdict::Again(revision) => format!("again {revision}"),
        Verdict::Handshake { fresh: true } => "handshake, fresh".to_owned(),
        Verdict::Handshake { fresh: false } => "handshake".to_owned(),
        Verdict::Fail(error) => format!("fail: {error}"),
    }
}

#[test]
fn what_the_server_says_itself_decides() {
    let table = [
        (discovered(&["2026-07-28"]), "stateless 2026-07-28"),
        (discovered(&["2025-11-25", "2026-07-28", "2031-01-01"]), "stateless 2026-07-28"),
        (discovered(&["2025-11-25"]), "handshake"),
        (json!({ "jsonrpc": "2.0", "id": 1, "result": {} }), "handshake"),
        (json!({ "jsonrpc": "2.0", "id": 1, "result": [] }), "handshake"),
        (
            json!({ "jsonrpc": "2.0", "id": 1, "result": {
                "resultType": "odd", "supportedVersions": ["2026-07-28"], "capabilities": {},
            } }),
            "handshake",
        ),
        (error(-32601, &Value::Null), "handshake"),
        (error(-32602, &Value::Null), "handshake"),
        (error(-32000, &Value::Null), "handshake"),
        (error(0, &Value::Null), "handshake"),
        (unsupported(&["2025-11-25", "2025-06-18"]), "handshake"),
        (error(-32022, &json!({ "hint": "?" })), "handshake"),
        (error(-32022, &Value::Null), "handshake"),
        (json!("what"), "handshake"),
        (json!({ "jsonrpc": "2.0", "id": 9, "result": {} }), "handshake"),
    ];
    for (body, expected) in table {
        assert_eq!(verdict(back(&body), EraChoice::Auto), expected, "{body}");
    }
}

#[test]
fn errors_that_only_newer_servers_know_end_the_search() {
    for (body, expected) in [
        (error(-32020, &Value::Null), "fail: no (-32020)"),
        (error(-32021, &json!({ "requiredCapabilities": {} })), "fail: no (-32021)"),
        (
            unsupported(&["2031-01-01"]),
            "fail: no common protocol revision: this client accepts any, the server has 2031-01-01",
        ),
    ] {
        assert_eq!(verdict(back(&body), EraChoice::Auto), expected, "{body}");
        assert_eq!(verdict(with_status(400, Some(body.clone())), EraChoice::Auto), expected, "{body}");
    }
}

#[test]
fn statuses_of_older_servers_lead_to_the_handshake_and_others_to_no_verdict() {
    for status in [400, 404, 405, 406, 415, 200, 202] {
        assert_eq!(verdict(with_status(status, None), EraChoice::Auto), "handshake", "{status}");
        let body = Some(json!({ "error": "bad request" }));
        assert_eq!(verdict(with_status(status, body), EraChoice::Auto), "handshake", "{status}");
        let body = Some(error(-32601, &Value::Null));
        assert_eq!(verdict(with_status(status, body), EraChoice::Auto), "handshake", "{status}");
    }
    for status in [401, 403, 407, 408, 429, 500, 502, 503] {
        let verdict = verdict(with_status(status, Some(discovered(&["2026-07-28"]))), EraChoice::Auto);
        assert!(verdict.starts_with("fail: the server refused the request with HTTP status"), "{verdict}");
    }
}

#[test]
fn silence_and_sudden_death_mean_an_older_server_on_a_stream_only() {
    let silence = |stream| verdict(Probe::Silence { after: Duration::from_secs(5), stream }, EraChoice::Auto);
    assert_eq!(silence(true), "handshake");
    assert_eq!(silence(false), "fail: no answer to `server/discover` within 5s");
    let lost = |error, stream| verdict(Probe::Lost { error, stream }, EraChoice::Auto);
    assert_eq!(lost(LinkError::Closed, true), "handshake, fresh");
    assert_eq!(lost(LinkError::Died { status: Some(1), stderr: String::new() }, true), "handshake, fresh");
    assert_eq!(lost(LinkError::Closed, false), "fail: the connection is closed");
    let broken = LinkError::Io(std::io::Error::other("no route"));
    assert_eq!(lost(broken, true), "fail: the transport failed: no route");
}

#[test]
fn a_client_that_wants_no_handshake_says_what_it_found_instead() {
    assert_eq!(
        verdict(back(&discovered(&["2025-11-25"])), EraChoice::Modern),
        "fail: no common protocol revision: this client accepts any without a handshake, the server has 2025-11-25"
    );
    assert_eq!(
        verdict(back(&discovered(&["2026-07-28"])), EraChoice::Exactly(MODERN)),
        "stateless 2026-07-28"
    );
}

#[test]
fn a_version_that_both_know_is_tried_next_even_if_it_was_the_one_refused() {
    let verdict = verdict(with_status(400, Some(unsupported(&["2026-07-28"]))), EraChoice::Auto);
    assert_eq!(verdict, "again 2026-07-28");
}
