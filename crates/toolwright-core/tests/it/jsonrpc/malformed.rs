use toolwright_core::jsonrpc::{
    ErrorCode, Fault, Id, Incoming, Limits, Malformed, RpcError, decode, decode_within,
};

#[track_caller]
fn malformed(body: &[u8]) -> Malformed {
    match decode(body) {
        Incoming::Single(Err(malformed)) => malformed,
        other => panic!("{} should be malformed, not {other:?}", String::from_utf8_lossy(body)),
    }
}

#[test]
fn text_that_is_no_json_is_a_parse_error_without_an_id() {
    let table: &[(&[u8], &str)] = &[
        (b"", "the body is empty; expected a JSON text"),
        (b" \r\n\t", "the body is empty; expected a JSON text"),
        (b"\xEF\xBB\xBF", "the body is empty; expected a JSON text"),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xFF\"}", "not UTF-8: bad byte at offset 34"),
        (b"\xFF\xFE{\0}\0", "not UTF-8: bad byte at offset 0"),
        (b"hello", "not JSON: expected value at line 1 column 1"),
        (b"\xEF\xBB\xBF\xEF\xBB\xBF{}", "not JSON: expected value at line 1 column 1"),
        (b"\"open", "the JSON text ends too early: EOF while parsing a string at line 1 column 5"),
        (b"12 13", "not JSON: trailing characters at line 1 column 4"),
        (b"{'id':1}", "not JSON: key must be a string at line 1 column 2"),
        (b"{\"id\":1,}", "not JSON: trailing comma at line 1 column 9"),
        (b"{\"id\":01}", "not JSON: invalid number at line 1 column 8"),
        (b"{\"id\":1} {}", "not JSON: trailing characters at line 1 column 10"),
        (
            br#"{"jsonrpc":"2.0","id":7,"method":"x","par"#,
            "the JSON text ends too early: EOF while parsing a string at line 1 column 41",
        ),
        (
            br#"{"jsonrpc":"2.0","id":7,"method":"x","params":{"a":[1,"#,
            "the JSON text ends too early: EOF while parsing a value at line 1 column 54",
        ),
        (
            br#"[{"jsonrpc":"2.0","method":"sum","id":"1"},{"jsonrpc":"2.0","method""#,
            "the JSON text ends too early: EOF while parsing an object at line 1 column 68",
        ),
        (b"[1,]", "not JSON: trailing comma at line 1 column 4"),
    ];
    for &(body, message) in table {
        let malformed = malformed(body);
        assert_eq!(
            (malformed.fault, &malformed.id),
            (Fault::Parse, &None),
            "{}",
            String::from_utf8_lossy(body)
        );
        assert_eq!(malformed.message, message);
    }
}

#[test]
fn json_that_is_no_message_is_invalid_and_keeps_its_id() {
    const VERSION: &str = "`jsonrpc` must be \"2.0\"";
    const NO_VERSION: &str = "`jsonrpc` is missing; it must be \"2.0\"";
    const ID: &str = "`id` must be a string or an integer of at most 64 bits";
    const METHOD: &str = "`method` must be a string";
    const PARAMS: &str = "`params` must be an object, or be left out";
    const ERROR: &str = "`error` must be an object with an integer `code` and a string `message`";
    const BOTH: &str = "a response has `result` or `error`, not both";
    const MIXED: &str = "a message with a `method` has neither `result` nor `error`";
    let one = || Some(Id::from(1));
    let table: &[(&str, Option<Id>, &str)] = &[
        ("1", None, "a message must be a JSON object"),
        ("null", None, "a message must be a JSON object"),
        (r#""text""#, None, "a message must be a JSON object"),
        ("{}", None, NO_VERSION),
        (r#"{"id":1,"method":"x"}"#, one(), NO_VERSION),
        (r#"{"jsonrpc":2.0,"id":1,"method":"x"}"#, one(), VERSION),
        (r#"{"jsonrpc":"1.0","id":"a","method":"x"}"#, Some("a".into()), VERSION),
        (r#"{"jsonrpc":null,"id":1,"method":"x"}"#, one(), VERSION),
        (r#"{"jsonrpc":"2.0","id":null,"method":"x"}"#, None, ID),
        (r#"{"jsonrpc":"2.0","id":true,"method":"x"}"#, None, ID),
        (r#"{"jsonrpc":"2.0","id":1.5,"method":"x"}"#, None, ID),
        (r#"{"jsonrpc":"2.0","id":1e999,"method":"x"}"#, None, ID),
        (r#"{"jsonrpc":"2.0","id":18446744073709551616,"method":"x"}"#, None, ID),
        (r#"{"jsonrpc":"2.0","id":[1],"method":"x"}"#, None, ID),
        (r#"{"jsonrpc":"2.0","id":{"a":[]},"method":"x"}"#, None, ID),
        (r#"{"jsonrpc":"2.0","id":"\ud800","method":"x"}"#, None, ID),
        (r#"{"jsonrpc":"2.0","id":1}"#, one(), "a message has a `method`, a `result` or an `error`"),
        (r#"{"jsonrpc":"2.0","id":1,"method":null}"#, one(), METHOD),
        (r#"{"jsonrpc":"2.0","id":1,"method":["x"]}"#, one(), METHOD),
        (r#"{"jsonrpc":"2.0","id":1,"method":"\ud800"}"#, one(), METHOD),
        (r#"{"jsonrpc":"2.0","id":1,"method":"x","params":[1]}"#, one(), PARAMS),
        (r#"{"jsonrpc":"2.0","id":1,"method":"x","params":null}"#, one(), PARAMS),
        (r#"{"jsonrpc":"2.0","method":"x","params":"p"}"#, None, PARAMS),
        (r#"{"jsonrpc":"2.0","id":1,"method":"x","result":{}}"#, one(), MIXED),
        (r#"{"jsonrpc":"2.0","id":1,"method":"x","error":null}"#, one(), MIXED),
        (r#"{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":""}}"#, one(), BOTH),
        (r#"{"jsonrpc":"2.0","id":1,"result":null,"error":null}"#, one(), BOTH),
        (r#"{"jsonrpc":"2.0","result":{}}"#, None, "a response with a `result` needs an `id`"),
        (r#"{"jsonrpc":"2.0","id":null,"result":{}}"#, None, ID),
        (r#"{"jsonrpc":"2.0","id":1,"error":null}"#, one(), ERROR),
        (r#"{"jsonrpc":"2.0","id":1,"error":"no"}"#, one(), ERROR),
        (r#"{"jsonrpc":"2.0","id":1,"error":{"message":"no"}}"#, one(), ERROR),
        (r#"{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"no"}}"#, one(), ERROR),
        (r#"{"jsonrpc":"2.0","id":1,"error":{"code":1}}"#, one(), ERROR),
        (r#"{"jsonrpc":"2.0","id":true,"error":{"code":1,"message":""}}"#, None, ID),
        ("[]", None, "a batch has at least one message"),
    ];
    for (body, id, message) in table {
        let malformed = malformed(body.as_bytes());
        assert_eq!((malformed.fault, &malformed.id), (Fault::Invalid, id), "{body}");
        assert_eq!(malformed.message, *message, "{body}");
    }
}

#[test]
fn what_was_meant_as_a_response_says_so() {
    assert!(malformed(br#"{"jsonrpc":"2.0","id":1,"result":{},"error":{}}"#).response);
    assert!(malformed(br#"{"id":1,"error":{}}"#).response);
    assert!(!malformed(br#"{"jsonrpc":"2.0","id":1,"method":1,"result":{}}"#).response);
    assert!(!malformed(br#"{"jsonrpc":"2.0","id":1}"#).response);
}

#[test]
fn a_fault_becomes_the_error_of_its_kind() {
    assert_eq!(RpcError::from(&malformed(b"{")).code, ErrorCode::PARSE_ERROR);
    let invalid = malformed(b"{}");
    assert_eq!(RpcError::from(&invalid).code, ErrorCode::INVALID_REQUEST);
    assert_eq!(RpcError::from(&invalid).message, invalid.to_string());
}

#[test]
fn nesting_has_a_limit() {
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth - 2), "]".repeat(depth - 2));
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"x","params":{{"a":{open}{close}}}}}"#)
    };
    assert!(matches!(decode(nested(128).as_bytes()), Incoming::Single(Ok(_))));
    let over = malformed(nested(129).as_bytes());
    assert_eq!((over.fault, over.id), (Fault::Invalid, Some(1.into())));
    assert_eq!(over.message, "the message nests deeper than 128 levels");
    let body = nested(5);
    let Incoming::Single(refused) = decode_within(body.as_bytes(), Limits::DEFAULT.depth(4)) else {
        panic!("no batch");
    };
    assert_eq!(refused.unwrap_err().message, "the message nests deeper than 4 levels");
}

#[test]
fn hostile_nesting_costs_no_stack() {
    let deep = 2_000_000;
    assert_eq!(malformed("[".repeat(deep).as_bytes()).fault, Fault::Parse);
    assert_eq!(malformed("{\"a\":".repeat(deep).as_bytes()).fault, Fault::Parse);
    let closed = format!(r#"{{"id":1,"x":{}{}}}"#, "[".repeat(deep), "]".repeat(deep));
    assert_eq!(malformed(closed.as_bytes()).id, Some(1.into()));
    let batch = format!("{}{}", "[".repeat(deep), "]".repeat(deep));
    let Incoming::Batch(items) = decode(batch.as_bytes()) else { panic!("a batch of one array") };
    assert_eq!(items[0].as_ref().unwrap_err().fault, Fault::Invalid);
}

#[test]
fn a_batch_has_a_limit() {
    let limits = Limits::DEFAULT.batch(2);
    assert!(matches!(decode_within(b"[1,2]", limits), Incoming::Batch(items) if items.len() == 2));
    let Incoming::Single(Err(malformed)) = decode_within(b"[1,2,3]", limits) else { panic!("one refusal") };
    assert_eq!(
        (malformed.fault, &*malformed.message),
        (Fault::Invalid, "the batch has more than 2 messages")
    );
}
