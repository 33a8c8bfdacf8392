use std::collections::{BTreeSet, HashSet};

use toolwright_core::jsonrpc::{ErrorCode, Id};

#[test]
fn integers_may_be_written_as_floats() {
    for (text, number) in [
        ("0", 0),
        ("-0.0", 0),
        ("1.0", 1),
        ("1e0", 1),
        ("12.5e1", 125),
        ("-7E+0", -7),
        ("9007199254740992.0", 9_007_199_254_740_992),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
    ] {
        assert_eq!(serde_json::from_str::<Id>(text).unwrap(), Id::Integer(number), "{text}");
    }
}

#[test]
fn nothing_else_is_an_id() {
    for text in [
        "1.5",
        "1e-1",
        "null",
        "true",
        "{}",
        "[]",
        "[1]",
        "9223372036854775808",
        "1e19",
        "1e999",
        "-1e300",
        "",
    ] {
        assert!(serde_json::from_str::<Id>(text).is_err(), "{text}");
    }
}

#[test]
fn the_json_type_makes_a_difference_and_survives() {
    let ids = [Id::from(1), Id::from("1"), Id::from("1.0"), Id::from("")];
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 4);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 4);
    assert_eq!(serde_json::to_string(&ids).unwrap(), r#"[1,"1","1.0",""]"#);
    assert_eq!(ids[0].to_string(), ids[1].to_string());
}

#[test]
fn error_codes_are_read_like_ids() {
    assert_eq!(serde_json::from_str::<ErrorCode>("-32601.0").unwrap(), ErrorCode::METHOD_NOT_FOUND);
    assert!(serde_json::from_str::<ErrorCode>("-32601.5").is_err());
    assert!(serde_json::from_str::<ErrorCode>(r#""-32601""#).is_err());
}
