//! Messages of `serde`, made fit for people who have never seen the Rust types behind a tool.
use std::borrow::Cow;

use super::check::cut;

/// A message of `serde` without the names of Rust types and without a position in some text.
pub(crate) fn plain(message: &str) -> String {
    let message = message.trim();
    let message = position(message).map_or(message, |(message, _)| message);
    if message.starts_with("data did not match any variant of untagged enum") {
        return "fits none of the allowed forms".to_owned();
    }
    let (subject, rest) = match message.split_once(' ') {
        Some(("missing", rest)) if rest.starts_with("field ") => ("missing member", &rest["field".len()..]),
        Some(("unknown", rest)) if rest.starts_with("field ") => ("unknown member", &rest["field".len()..]),
        Some(("duplicate", rest)) if rest.starts_with("field ") => {
            ("duplicate member", &rest["field".len()..])
        }
        Some(("unknown", rest)) if rest.starts_with("variant ") => {
            ("unknown choice", &rest["variant".len()..])
        }
        _ => ("", message),
    };
    let found = ["invalid type: ", "invalid value: "].iter().find_map(|start| rest.strip_prefix(start));
    match (found, rest.rsplit_once(", expected ")) {
        (Some(found), Some((_, wanted))) => {
            let got = &found[..found.len() - wanted.len() - ", expected ".len()];
            format!("expected {}, got {}", wanted_in_words(wanted), got_in_words(got))
        }
        (None, Some((start, wanted))) if !wanted.contains('`') => {
            format!("{subject}{}, expected {}", cut(start), wanted_in_words(wanted))
        }
        _ => format!("{subject}{rest}"),
    }
}

/// Splits " at line 1 column 2" off.
pub(crate) fn position(message: &str) -> Option<(&str, (usize, usize))> {
    let (text, place) = message.rsplit_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    Some((text, (line.parse().ok()?, column.parse().ok()?)))
}

/// What was found, as JSON where it is a value: `string "x"` is `"x"`.
fn got_in_words(got: &str) -> Cow<'_, str> {
    let quoted = ["integer `", "floating point `", "boolean `", "character `"]
        .iter()
        .find_map(|kind| got.strip_prefix(kind)?.strip_suffix('`'));
    if let Some(value) = quoted.or_else(|| got.strip_prefix("string ")) {
        return cut(value);
    }
    Cow::Borrowed(match got {
        "map" | "newtype struct" | "struct variant" => "an object",
        "sequence" | "byte array" | "tuple variant" => "an array",
        "unit value" | "Option value" | "null" | "unit variant" => "null",
        other => return cut(other),
    })
}

/// What was wanted, in words: `u8` is "an integer from 0 to 255".
pub(crate) fn wanted_in_words(wanted: &str) -> Cow<'_, str> {
    let words = match wanted {
        "i8" => "an integer from -128 to 127",
        "i16" => "an integer from -32768 to 32767",
        "i32" => "an integer from -2147483648 to 2147483647",
        "i64" | "isize" => "an integer of at most 64 bits",
        "i128" => "an integer",
        "u8" => "an integer from 0 to 255",
        "u16" => "an integer from 0 to 65535",
        "u32" => "an integer from 0 to 4294967295",
        "u64" | "usize" => "an integer from 0 to 18446744073709551615",
        "u128" => "an integer of at least 0",
        "f32" | "f64" => "a number",
        "a boolean" | "bool" => "true or false",
        "a borrowed string" | "string" => "a string",
        "a character" | "char" => "a single character",
        "a map" | "map" => "an object",
        "a sequence" | "sequence" | "an array" => "an array",
        "unit" | "null" => "null",
        "option" => "a value or null",
        "variant identifier" | "field identifier" => "a name",
        _ => "",
    };
    if !words.is_empty() {
        return Cow::Borrowed(words);
    }
    if let Some(nonzero) = wanted.strip_prefix("a nonzero ") {
        return Cow::Owned(format!("{} that is not 0", wanted_in_words(nonzero)));
    }
    let count = |text: &str| text.rsplit_once(" with ").map(|(_, count)| count.to_owned());
    let items = |text: &str| match count(text) {
        Some(count) => format!("an array of {}", count.replace("element", "item")),
        None => "an array".to_owned(),
    };
    for (start, words) in [
        ("tuple struct ", Some("array")),
        ("tuple variant ", Some("array")),
        ("a tuple of size ", Some("tuple")),
        ("an array of length ", Some("tuple")),
        ("internally tagged enum ", Some("tagged")),
        ("adjacently tagged enum ", Some("tagged")),
        ("struct variant ", None),
        ("struct ", None),
        ("newtype struct ", Some("value")),
        ("newtype variant ", Some("value")),
        ("unit struct ", Some("null")),
        ("unit variant ", Some("null")),
        ("enum ", Some("choice")),
        ("variant of enum ", Some("choice")),
    ] {
        let Some(rest) = wanted.strip_prefix(start) else { continue };
        return Cow::Owned(match words {
            None => "an object".to_owned(),
            Some("array") => items(wanted),
            Some("tuple") => format!("an array of {rest} items"),
            Some("tagged") => "an object of one of the known kinds".to_owned(),
            Some("choice") => "one of the known choices".to_owned(),
            Some("null") => "null".to_owned(),
            Some(_) => "a value".to_owned(),
        });
    }
    cut(wanted)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn messages_lose_rust_types_and_positions() {
        for (message, words) in [
            (
                r#"invalid type: string "x", expected u8 at line 1 column 9"#,
                r#"expected an integer from 0 to 255, got "x""#,
            ),
            ("invalid value: integer `300`, expected u8", "expected an integer from 0 to 255, got 300"),
            (
                "invalid type: floating point `1.5`, expected i64",
                "expected an integer of at most 64 bits, got 1.5",
            ),
            ("invalid type: sequence, expected struct Guest", "expected an object, got an array"),
            ("invalid type: map, expected a sequence", "expected an array, got an object"),
            (
                "invalid length 1, expected a tuple of size 2",
                "invalid length 1, expected an array of 2 items",
            ),
            (
                "invalid length 3, expected tuple struct Pair with 2 elements",
                "invalid length 3, expected an array of 2 items",
            ),
            ("missing field `age` at line 3 column 1", "missing member `age`"),
            ("unknown variant `x`, expected `a` or `b`", "unknown choice `x`, expected `a` or `b`"),
            ("data did not match any variant of untagged enum Shape", "fits none of the allowed forms"),
            (
                "invalid value: integer `0`, expected a nonzero u8",
                "expected an integer from 0 to 255 that is not 0, got 0",
            ),
            (
                r#"invalid type: string "a, expected u8", expected i8"#,
                r#"expected an integer from -128 to 127, got "a, expected u8""#,
            ),
            ("must be even", "must be even"),
        ] {
            assert_eq!(plain(message), words, "{message}");
        }
    }
}
