use serde_json::{Value, json};

use crate::Raw;

/// The mark by which clients know that `result` is not the author's member; the Python framework's clients look for it, too.
const MARK: &str = "x-fastmcp-wrap-result";

/// Whether this output schema allows anything but objects.
pub(super) fn is_needed(schema: &Raw) -> bool {
    schema.read::<Value>().is_ok_and(|schema| schema.get("type") != Some(&json!("object")))
}

/// The schema of an object whose `result` is of this schema. Local definitions move up, since references start at the root.
pub(super) fn schema(schema: &Raw) -> Raw {
    let Ok(mut inner) = schema.read::<Value>() else { return schema.clone() };
    let hoisted: Vec<(&str, Value)> = ["$schema", "$defs", "definitions"]
        .into_iter()
        .filter_map(|key| Some((key, inner.as_object_mut()?.shift_remove(key)?)))
        .collect();
    let mut outer =
        json!({ "type": "object", "properties": { "result": inner }, "required": ["result"], (MARK): true });
    if let Some(outer) = outer.as_object_mut() {
        outer.extend(hoisted.into_iter().map(|(key, value)| (key.to_owned(), value)));
    }
    Raw::from(outer)
}

/// The value as the member `result` of an object.
pub(super) fn value(value: &Raw) -> Raw {
    let text = format!("{{\"result\":{}}}", value.as_str());
    Raw::parse(&text).expect("a JSON value in an object is JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_object_is_wrapped_with_its_definitions() {
        let list = Raw::from(
            json!({ "type": "array", "items": { "$ref": "#/$defs/Node" }, "$defs": { "Node": {} } }),
        );
        assert!(is_needed(&list));
        assert!(!is_needed(&Raw::from(json!({ "type": "object" }))));
        assert_eq!(
            schema(&list),
            Raw::from(json!({
                "type": "object",
                "properties": { "result": { "type": "array", "items": { "$ref": "#/$defs/Node" } } },
                "required": ["result"],
                "x-fastmcp-wrap-result": true,
                "$defs": { "Node": {} },
            }))
        );
        assert_eq!(value(&Raw::from(json!([1]))).as_str(), r#"{"result":[1]}"#);
    }
}
