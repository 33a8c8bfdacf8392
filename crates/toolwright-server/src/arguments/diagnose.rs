//! What a client is told when its arguments do not fit.
use serde_json::Value;

use super::{
    check::{check, shown},
    locate::path_at,
    words,
};

/// Mistakes that one answer lists.
const LISTED: usize = 5;

/// Explains why `arguments` do not fit: each mistake with its JSON path, what was expected and what came.
///
/// `fallback` is the error of the attempt to read them, used when the schema says nothing against them.
///
/// # Example
/// ```
/// use toolwright_server::arguments::diagnose::diagnose;
///
/// let schema = serde_json::json!({
///     "type": "object",
///     "properties": { "seats": { "type": "integer", "minimum": 1, "maximum": 8 } },
///     "required": ["seats"],
/// });
/// assert_eq!(
///     diagnose(&schema, br#"{ "seats": 9 }"#, "out of range"),
///     "invalid arguments: $.seats: expected an integer from 1 to 8, got 9",
/// );
/// ```
pub fn diagnose(schema: &Value, arguments: &[u8], fallback: &str) -> String {
    let Ok(value) = serde_json::from_slice::<Value>(arguments) else {
        return format!("invalid arguments: {}", words::plain(fallback));
    };
    let mut mistakes: Vec<String> =
        check(schema, &value).iter().map(|mistake| format!("{}: {}", mistake.path, mistake.text)).collect();
    if !value.is_object() {
        mistakes = vec![format!("$: expected an object with the arguments by name, got {}", shown(&value))];
    }
    match mistakes.as_slice() {
        [] => format!("invalid arguments: {}", unexplained(arguments, fallback)),
        [only] => format!("invalid arguments: {only}"),
        _ => {
            let mut text = "invalid arguments:".to_owned();
            for mistake in mistakes.iter().take(LISTED) {
                text.push_str("\n- ");
                text.push_str(mistake);
            }
            if mistakes.len() > LISTED {
                text.push_str(&format!("\n- and {} more", mistakes.len() - LISTED));
            }
            text
        }
    }
}

/// The error of reading, with the path of the value at the position that it names.
fn unexplained(arguments: &[u8], fallback: &str) -> String {
    let text = words::plain(fallback);
    let path = words::position(fallback).and_then(|(_, (line, column))| path_at(arguments, line, column));
    match path {
        Some(path) => format!("{path}: {text}"),
        None => text,
    }
}
