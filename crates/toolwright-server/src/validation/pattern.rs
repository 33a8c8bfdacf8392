use jsonschema::PatternOptions;
use serde_json::{Map, Value, json};

/// Takes the patterns out of `schema` that are right but need backtracking, such as look-ahead, and returns them.
pub(super) fn leave_out_backtracking(schema: &mut Value) -> Vec<String> {
    let mut left_out = Vec::new();
    visit(schema, &mut left_out);
    left_out
}

fn visit(schema: &mut Value, left_out: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            keyword(object, left_out);
            for (keyword, value) in object.iter_mut() {
                if !matches!(keyword.as_str(), "const" | "enum" | "default" | "examples") {
                    visit(value, left_out);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, left_out)),
        _ => {}
    }
}

fn keyword(object: &mut Map<String, Value>, left_out: &mut Vec<String>) {
    if let Some(Value::String(pattern)) = object.get("pattern")
        && needs_backtracking(pattern)
    {
        left_out.push(pattern.clone());
        object.shift_remove("pattern");
    }
    let Some(Value::Object(patterns)) = object.get_mut("patternProperties") else { return };
    let before = patterns.len();
    patterns.retain(|pattern, _| {
        let keep = !needs_backtracking(pattern);
        if !keep {
            left_out.push(pattern.clone());
        }
        keep
    });
    // The members that it described would now count as additional ones.
    if patterns.len() < before {
        object.shift_remove("additionalProperties");
        object.shift_remove("unevaluatedProperties");
    }
}

fn needs_backtracking(pattern: &str) -> bool {
    let schema = json!({ "pattern": pattern });
    let linear = jsonschema::options().with_pattern_options(PatternOptions::regex()).build(&schema);
    linear.is_err() && jsonschema::options().build(&schema).is_ok()
}
