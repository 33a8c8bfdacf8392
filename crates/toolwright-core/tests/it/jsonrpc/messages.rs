use std::borrow::Cow;

use serde_json::json;
use toolwright_core::{
    Raw,
    jsonrpc::{
        ErrorCode, Id, Incoming, Message, RpcError, decode,
        encode::{self, AbsentId, ResultWriter},
    },
};

#[track_caller]
fn message(body: &str) -> Message<'_> {
    match decode(body.as_bytes()) {
        Incoming::Single(Ok(message)) => message,
        other => panic!("{body} should be a message, not {other:?}"),
    }
}

#[test]
fn a_request_borrows_from_its_body() {
    let body =
        "\u{feff} {\"params\": {\"a\": [1]}, \"method\":\"tools/call\", \"id\":1.0, \"jsonrpc\":\"2.0\"}\r\n";
    let Message::Request { id, method, params } = message(body) else { panic!("a request") };
    assert_eq!(id, Id::from(1));
    assert!(matches!(method, Cow::Borrowed("tools/call")));
    let params = params.unwrap().get();
    assert_eq!(params, r#"{"a": [1]}"#);
    assert!(body.as_bytes().as_ptr_range().contains(&params.as_ptr()));
}

#[test]
fn escapes_are_read_in_members_and_method() {
    let message = message(r#"{"json\u0072pc":"2\u002e0","i\u0064":"\"","method":"tools\/call"}"#);
    assert_eq!(
        message,
        Message::Request { id: "\"".into(), method: Cow::Borrowed("tools/call"), params: None }
    );
}

#[test]
fn a_message_without_id_is_a_notification() {
    let message = message(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
    assert_eq!(
        message,
        Message::Notification { method: Cow::Borrowed("notifications/initialized"), params: None }
    );
}

#[test]
fn unknown_members_are_ignored_and_the_last_duplicate_counts() {
    let message = message(
        r#"{"id":false,"jsonrpc":"1.0","method":7,"x":{"id":3},"method":"b","id":"last","jsonrpc":"2.0"}"#,
    );
    assert_eq!(message, Message::Request { id: "last".into(), method: Cow::Borrowed("b"), params: None });
}

#[test]
fn errors_may_come_without_an_id() {
    for body in [
        r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"bad","data":null}}"#,
        r#"{"jsonrpc":"2.0","error":{"code":-32700.0,"message":"bad","data":null,"more":1}}"#,
    ] {
        let Message::Response { id: None, outcome: Err(error) } = message(body) else { panic!("an error") };
        assert_eq!(error, RpcError::parse_error("bad").data(Raw::parse("null").unwrap()));
    }
}

#[test]
fn a_batch_judges_each_item_alone() {
    let body = br#"[{"jsonrpc":"2.0","id":1,"method":"ping"}, 7, {"jsonrpc":"2.0","id":2,"method":1}]"#;
    let Incoming::Batch(items) = decode(body) else { panic!("a batch") };
    assert_eq!(items.len(), 3);
    assert!(items[0].is_ok());
    assert_eq!(items[1].as_ref().unwrap_err().id, None);
    assert_eq!(items[2].as_ref().unwrap_err().id, Some(2.into()));
}

#[test]
fn encoded_bytes() {
    let error = RpcError::invalid_params("bad").data(json!({ "a": 1 }));
    assert_eq!(
        encode::error(Some(&"x\"".into()), AbsentId::Null, &error),
        r#"{"jsonrpc":"2.0","id":"x\"","error":{"code":-32602,"message":"bad","data":{"a":1}}}"#
    );
    assert_eq!(
        encode::error(None, AbsentId::Null, &RpcError::invalid_request("no")),
        r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no"}}"#
    );
    assert_eq!(
        encode::request(&i64::MIN.into(), "m\"", &json!({})).unwrap(),
        r#"{"jsonrpc":"2.0","id":-9223372036854775808,"method":"m\"","params":{}}"#
    );
    assert_eq!(encode::notification("n", &()).unwrap(), r#"{"jsonrpc":"2.0","method":"n"}"#);
    assert_eq!(encode::batch([]), None);
    assert_eq!(encode::batch(["1".into(), "2".into()]).unwrap(), "[1,2]");
}

#[test]
fn a_result_is_written_into_the_buffer_that_is_sent() {
    for id in [Id::from(i64::MIN), Id::from(0), Id::from("text"), Id::from("quoted \" text")] {
        let mut writer = ResultWriter::reserve(&id, 2);
        writer.buffer().extend_from_slice(b"{}");
        assert_eq!(writer.close(), encode::result(&id, b"{}"));
    }
}

#[test]
fn parameters_that_cannot_be_written_are_an_error() {
    let keyed_by_list = std::collections::BTreeMap::from([(vec![1], 1)]);
    assert!(encode::request(&1.into(), "x", &keyed_by_list).is_err());
}

#[test]
fn constructors_fill_the_data_the_specification_asks_for() {
    let data = |error: RpcError| error.data.unwrap();
    let version = RpcError::unsupported_protocol_version("2031-01-01", &["2026-07-28"]);
    assert_eq!(version.code, ErrorCode::UNSUPPORTED_PROTOCOL_VERSION);
    assert_eq!(data(version), Raw::from(json!({ "supported": ["2026-07-28"], "requested": "2031-01-01" })));
    let missing = RpcError::missing_client_capability(&json!({ "sampling": {} }).into());
    assert_eq!(data(missing), Raw::from(json!({ "requiredCapabilities": { "sampling": {} } })));
    assert_eq!(data(RpcError::resource_not_found_legacy("a:b")), Raw::from(json!({ "uri": "a:b" })));
    let url = RpcError::url_elicitation_required("visit", &json!([{ "url": "https://a.example" }]).into());
    assert_eq!(data(url), Raw::from(json!({ "elicitations": [{ "url": "https://a.example" }] })));
}
