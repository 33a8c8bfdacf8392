use std::borrow::Cow;

use proptest::prelude::*;
use serde_json::{Value, value::RawValue};
use toolwright_core::{
    Raw,
    jsonrpc::{
        Id, Incoming, Message, RpcError, decode,
        encode::{self, AbsentId},
    },
};

fn id() -> impl Strategy<Value = Id> {
    prop_oneof![any::<i64>().prop_map(Id::from), any::<String>().prop_map(Id::from)]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn object() -> impl Strategy<Value = Value> {
    prop::collection::vec((any::<String>(), json()), 0..4).prop_map(|members| members.into_iter().collect())
}

fn error() -> impl Strategy<Value = RpcError> {
    (any::<i64>(), any::<String>(), prop::option::of(json())).prop_map(|(code, message, data)| {
        let error = RpcError::new(code, message);
        match data {
            Some(data) => error.data(data),
            None => error,
        }
    })
}

/// Bytes that look like a message until something is cut, doubled or overwritten.
fn nearly_a_message() -> impl Strategy<Value = Vec<u8>> {
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3), 0..6);
    (id(), any::<String>(), object(), edits).prop_map(|(id, method, params, edits)| {
        let mut bytes = encode::request(&id, &method, &params).expect("JSON").to_vec();
        for (index, byte, kind) in edits {
            let at = index.index(bytes.len().max(1));
            match kind {
                0 => bytes.truncate(at),
                1 => bytes.insert(at.min(bytes.len()), byte),
                _ => bytes.get_mut(at).into_iter().for_each(|old| *old = byte),
            }
        }
        bytes
    })
}

proptest! {
    #[test]
    fn a_request_comes_back(id in id(), method: String, params in object()) {
        let body = encode::request(&id, &method, &params).unwrap();
        let text = params.to_string();
        let params: &RawValue = serde_json::from_str(&text).unwrap();
        let message = Message::Request { id, method: Cow::Owned(method), params: Some(params) };
        prop_assert_eq!(decode(&body), Incoming::Single(Ok(message)));
    }

    #[test]
    fn a_notification_comes_back(method: String) {
        let body = encode::notification(&method, &()).unwrap();
        let message = Message::Notification { method: Cow::Owned(method), params: None };
        prop_assert_eq!(decode(&body), Incoming::Single(Ok(message)));
    }

    #[test]
    fn a_result_comes_back(id in id(), result in json()) {
        let result = Raw::from(result);
        let body = encode::result(&id, result.as_str().as_bytes());
        let result: &RawValue = result.read().unwrap();
        prop_assert_eq!(
            decode(&body),
            Incoming::Single(Ok(Message::Response { id: Some(id), outcome: Ok(result) }))
        );
    }

    #[test]
    fn an_error_comes_back(id in prop::option::of(id()), error in error(), null: bool) {
        let absent = if null { AbsentId::Null } else { AbsentId::Omitted };
        let body = encode::error(id.as_ref(), absent, &error);
        prop_assert_eq!(decode(&body), Incoming::Single(Ok(Message::Response { id, outcome: Err(error) })));
    }

    #[test]
    fn a_batch_comes_back_in_order(methods in prop::collection::vec(any::<String>(), 1..5)) {
        let body = encode::batch(methods.iter().map(|method| encode::notification(method, &()).unwrap())).unwrap();
        let messages = methods
            .into_iter()
            .map(|method| Ok(Message::Notification { method: Cow::Owned(method), params: None }))
            .collect();
        prop_assert_eq!(decode(&body), Incoming::Batch(messages));
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        decode(&bytes);
    }

    #[test]
    fn no_damaged_message_panics(bytes in nearly_a_message()) {
        decode(&bytes);
    }

    #[test]
    fn what_decodes_is_json(bytes in nearly_a_message()) {
        if let Incoming::Single(Ok(_)) = decode(&bytes) {
            prop_assert!(serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).is_ok());
        }
    }
}
