//! What a schema expects and what was found instead, in words.
use std::{borrow::Cow, io};

use serde_json::Value;

use super::{Checker, allowed, union};

/// Characters of a value that are shown.
const SHOWN: usize = 100;

/// Choices that are listed.
const LISTED: usize = 12;

/// `text`, cut at 100 characters.
pub(crate) fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// A value as JSON, cut at 100 characters.
pub(crate) fn shown(value: &Value) -> String {
    /// Keeps what is enough for the characters shown, and stops the writing then.
    struct Start(Vec<u8>);

    impl io::Write for Start {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0.len() > SHOWN * 4 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.0.extend(&bytes[..bytes.len().min(SHOWN * 4 + 1)]);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut start = Start(Vec::new());
    // An error only says that there is more than is shown.
    let _ = serde_json::to_writer(&mut start, value);
    cut(&String::from_utf8_lossy(&start.0)).into_owned()
}

/// What `schema` expects: "an integer from 1 to 8".
pub(crate) fn expected(checker: &Checker<'_>, schema: &Value) -> String {
    let mut choices = Choices::default();
    choices.collect(checker, schema, 0);
    let mut texts = choices.others;
    if let Some(tag) = choices.tag {
        texts.push(format!("an object whose `{tag}` is {}", one_of(&choices.tags)));
    }
    if !choices.wrappers.is_empty() {
        texts.push(format!("an object with {}", or(&choices.wrappers)));
    }
    if !choices.values.is_empty() {
        texts.insert(0, one_of(&choices.values));
    }
    match texts.as_slice() {
        [] => "a value".to_owned(),
        texts => or(texts),
    }
}

/// What a schema allows, sorted for a sentence.
#[derive(Default)]
struct Choices {
    /// Values that are spelled out.
    values: Vec<String>,
    /// Types in words.
    others: Vec<String>,
    /// Members of which an object has exactly one.
    wrappers: Vec<String>,
    /// The member that tells objects apart, and its values.
    tag: Option<String>,
    tags: Vec<String>,
}

impl Choices {
    fn collect(&mut self, checker: &Checker<'_>, schema: &Value, depth: u8) {
        let schema = checker.resolve(schema);
        if let Some(allowed) = allowed(schema) {
            self.values.extend(allowed.map(shown));
            return;
        }
        match union::branches(schema) {
            Some(branches) if depth < 4 && schema.get("properties").is_none() => {
                let branches: Vec<_> = branches.iter().map(|branch| checker.resolve(branch)).collect();
                let tag = union::tag(&branches).filter(|_| self.tag.is_none());
                for branch in branches {
                    match tag.and_then(|tag| union::tag_value(branch, tag)) {
                        Some(value) => self.tags.push(shown(value)),
                        None => self.collect(checker, branch, depth + 1),
                    }
                }
                self.tag = self.tag.take().or(tag.map(str::to_owned));
                self.tags.dedup();
            }
            _ => match schema.get("type") {
                Some(Value::String(kind)) => self.kind(checker, schema, kind),
                Some(Value::Array(kinds)) => {
                    kinds.iter().filter_map(Value::as_str).for_each(|kind| self.kind(checker, schema, kind));
                }
                _ => {}
            },
        }
    }

    fn kind(&mut self, checker: &Checker<'_>, schema: &Value, kind: &str) {
        match union::only_member(schema).filter(|_| kind == "object") {
            Some(name) => self.wrappers.push(format!("`{}`", cut(name))),
            None => {
                let text = kind_in_words(checker, schema, kind);
                if !self.others.contains(&text) {
                    self.others.push(text);
                }
            }
        }
    }
}

fn kind_in_words(checker: &Checker<'_>, schema: &Value, kind: &str) -> String {
    match kind {
        "null" => "null".to_owned(),
        "boolean" => "true or false".to_owned(),
        "integer" => format!("an integer{}", range(schema)),
        "number" => format!("a number{}", range(schema)),
        "string" => string_in_words(schema),
        "array" => array_in_words(checker, schema),
        "object" => "an object".to_owned(),
        other => format!("a value of type {other}"),
    }
}

fn string_in_words(schema: &Value) -> String {
    let (least, most) = (limit(schema, "minLength"), limit(schema, "maxLength"));
    let mut text = match (least, most) {
        (Some(1), Some(1)) => "a single character".to_owned(),
        _ => format!("a string{}", counted(least, most, "character")),
    };
    if let Some(format) = schema.get("format").and_then(Value::as_str) {
        text = format!("{text} of format {format}");
    }
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        text = format!("{text} that matches {}", cut(pattern));
    }
    text
}

fn array_in_words(checker: &Checker<'_>, schema: &Value) -> String {
    let items = schema.get("items").map(|items| checker.resolve(items));
    let many = match items.and_then(|items| items.get("type")).and_then(Value::as_str) {
        Some("string") => "an array of strings",
        Some("integer") => "an array of integers",
        Some("number") => "an array of numbers",
        Some("boolean") => "an array of booleans",
        Some("object") => "an array of objects",
        Some("array") => "an array of arrays",
        _ => "an array",
    };
    let count = counted(limit(schema, "minItems"), limit(schema, "maxItems"), "item");
    if many == "an array" {
        format!("{many}{count}")
    } else {
        format!("{many}{}", count.replacen(" of ", " with ", 1))
    }
}

fn limit(schema: &Value, keyword: &str) -> Option<u64> {
    schema.get(keyword).and_then(Value::as_u64)
}

/// " of 2 to 5 items".
fn counted(least: Option<u64>, most: Option<u64>, unit: &str) -> String {
    match (least.filter(|least| *least > 0), most) {
        (None, None) => String::new(),
        (Some(least), None) => format!(" of at least {}", plural(least, unit)),
        (None, Some(most)) => format!(" of at most {}", plural(most, unit)),
        (Some(least), Some(most)) if least == most => format!(" of {}", plural(most, unit)),
        (Some(least), Some(most)) => format!(" of {least} to {}", plural(most, unit)),
    }
}

pub(super) fn plural(count: u64, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// " from 1 to 8".
fn range(schema: &Value) -> String {
    let mut parts = Vec::new();
    match (schema.get("minimum"), schema.get("maximum")) {
        (Some(least), Some(most)) => parts.push(format!("from {least} to {most}")),
        (Some(least), None) => parts.push(format!("of at least {least}")),
        (None, Some(most)) => parts.push(format!("of at most {most}")),
        (None, None) => {}
    }
    for (keyword, words) in [
        ("exclusiveMinimum", "greater than"),
        ("exclusiveMaximum", "less than"),
        ("multipleOf", "a multiple of"),
    ] {
        parts.extend(schema.get(keyword).map(|limit| format!("{words} {limit}")));
    }
    if parts.is_empty() { String::new() } else { format!(" {}", parts.join(" and ")) }
}

/// `one of "a", "b" or "c"`.
pub(super) fn one_of(choices: &[String]) -> String {
    match choices {
        [only] => only.clone(),
        _ if choices.len() <= LISTED => format!("one of {}", or(choices)),
        _ => format!("one of {} or {} others", choices[..LISTED].join(", "), choices.len() - LISTED),
    }
}

fn or(texts: &[String]) -> String {
    match texts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The names that an object knows.
pub(super) fn members(names: &[&str]) -> String {
    if names.is_empty() {
        return "nothing is known here".to_owned();
    }
    let mut listed: Vec<_> = names.iter().take(LISTED * 2).map(|name| format!("`{}`", cut(name))).collect();
    if names.len() > listed.len() {
        listed.push(format!("{} more", names.len() - listed.len()));
    }
    format!("known: {}", listed.join(", "))
}

/// " (the first paragraph of the description)".
pub(super) fn about(checker: &Checker<'_>, schema: &Value) -> String {
    let description = schema
        .get("description")
        .or_else(|| checker.resolve(schema).get("description"))
        .and_then(Value::as_str);
    match description.and_then(|text| text.split("\n\n").next()) {
        Some(text) if !text.trim().is_empty() => {
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            format!(" ({})", cut(line.trim_end_matches('.')))
        }
        _ => String::new(),
    }
}

/// ", did you mean `seats`?", if a name is close.
pub(super) fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let plain = |name: &str| -> Vec<char> {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(64).collect()
    };
    let wanted = plain(name);
    let limit = (wanted.len() / 3).clamp(1, 3);
    let far = |known: &str| {
        let known = plain(known);
        let begins =
            known.len().min(wanted.len()) >= 3 && (known.starts_with(&wanted) || wanted.starts_with(&known));
        if begins { 1 } else { distance(&wanted, &known) }
    };
    match known.map(|known| (far(known), known)).min_by_key(|(distance, _)| *distance) {
        Some((distance, known)) if distance <= limit && distance < wanted.len() => {
            format!(", did you mean `{}`?", cut(known))
        }
        _ => String::new(),
    }
}

/// Insertions, deletions, replacements and swaps of neighbours between two names.
fn distance(one: &[char], two: &[char]) -> usize {
    let mut rows = vec![(0..=two.len()).collect::<Vec<usize>>()];
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=two.len() {
            let mut best = (rows[i - 1][j] + 1)
                .min(row[j - 1] + 1)
                .min(rows[i - 1][j - 1] + usize::from(one[i - 1] != two[j - 1]));
            if i > 1 && j > 1 && one[i - 1] == two[j - 2] && one[i - 2] == two[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[one.len()][two.len()]
}
