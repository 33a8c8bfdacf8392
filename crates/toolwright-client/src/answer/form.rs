use serde_json::{Number, Value};
use toolwright_core::{
    Raw,
    model::{ElicitAction, ElicitResult, ElicitValue, PrimitiveSchema, RequestedSchema},
};

/// Makes an accepted form complete: fields that the handler left out take the defaults of the schema ("Elicitation").
///
/// # Errors
/// What the server would refuse: a value that does not fit its field, or a field that is missing.
pub(super) fn complete(schema: &Raw, answer: &mut ElicitResult) -> Result<(), String> {
    if answer.action != ElicitAction::Accept {
        // ("Elicitation": content belongs to accepted forms only.)
        answer.content = None;
        return Ok(());
    }
    // A form that this client cannot read is the handler's business alone.
    let Ok(schema) = schema.read::<RequestedSchema>() else { return Ok(()) };
    let content = answer.content.get_or_insert_default();
    for (name, field) in schema.properties.iter() {
        if !content.contains_key(name)
            && let Some(default) = default(field)
        {
            content.insert(name.to_owned(), default);
        }
    }
    for (name, value) in &*content {
        // A field that the form does not have is the server's to judge: schemas allow them unless they say otherwise.
        let Some(field) = schema.properties.get(name) else { continue };
        check(field, value).map_err(|expected| format!("`{name}` must be {expected}"))?;
    }
    match schema.required.iter().flatten().find(|name| !content.contains_key(*name)) {
        Some(missing) => Err(format!("`{missing}` is missing")),
        None => Ok(()),
    }
}

fn default(field: &PrimitiveSchema) -> Option<ElicitValue> {
    match field {
        PrimitiveSchema::String(field) => field.default_value.clone().map(ElicitValue::String),
        PrimitiveSchema::Number(field) => field.default_value.clone().map(ElicitValue::Number),
        PrimitiveSchema::Boolean(field) => field.default_value.map(ElicitValue::Boolean),
        PrimitiveSchema::SingleSelect(field) => field.default_value.clone().map(ElicitValue::String),
        PrimitiveSchema::TitledSingleSelect(field) => field.default_value.clone().map(ElicitValue::String),
        PrimitiveSchema::LegacyEnum(field) => field.default_value.clone().map(ElicitValue::String),
        PrimitiveSchema::MultiSelect(field) => field.default_value.clone().map(ElicitValue::Strings),
        PrimitiveSchema::TitledMultiSelect(field) => field.default_value.clone().map(ElicitValue::Strings),
        _ => None,
    }
}

/// Whether a value fits, or else what would.
fn check(field: &PrimitiveSchema, value: &ElicitValue) -> Result<(), String> {
    match (field, value) {
        (PrimitiveSchema::String(field), ElicitValue::String(text)) => {
            // Patterns and formats are the server's to judge: no two implementations agree on them.
            within("characters", text.chars().count(), field.min_length, field.max_length)
        }
        (PrimitiveSchema::Number(field), ElicitValue::Number(number)) => {
            if field.is_integer() && number.as_f64().is_none_or(|number| number.fract() != 0.0) {
                return Err(format!("an integer, not {number}"));
            }
            let beyond = |bound: &Option<Number>, wrong: fn(f64, f64) -> bool| {
                let (bound, number) = (bound.as_ref()?.as_f64()?, number.as_f64()?);
                wrong(number, bound).then_some(bound)
            };
            if let Some(bound) = beyond(&field.minimum, |number, bound| number < bound) {
                return Err(format!("at least {bound}, not {number}"));
            }
            if let Some(bound) = beyond(&field.maximum, |number, bound| number > bound) {
                return Err(format!("at most {bound}, not {number}"));
            }
            Ok(())
        }
        (PrimitiveSchema::Boolean(_), ElicitValue::Boolean(_)) => Ok(()),
        (PrimitiveSchema::SingleSelect(field), ElicitValue::String(text)) => one_of(&field.r#enum, text),
        (PrimitiveSchema::LegacyEnum(field), ElicitValue::String(text)) => one_of(&field.r#enum, text),
        (PrimitiveSchema::TitledSingleSelect(field), ElicitValue::String(text)) => {
            one_of(field.one_of.iter().map(|choice| &choice.r#const), text)
        }
        (PrimitiveSchema::MultiSelect(field), ElicitValue::Strings(texts)) => {
            within("choices", texts.len(), field.min_items, field.max_items)?;
            texts.iter().try_for_each(|text| one_of(field.choices(), text))
        }
        (PrimitiveSchema::TitledMultiSelect(field), ElicitValue::Strings(texts)) => {
            within("choices", texts.len(), field.min_items, field.max_items)?;
            let choices = || field.choices().iter().map(|choice| &choice.r#const);
            texts.iter().try_for_each(|text| one_of(choices(), text))
        }
        (field, value) => {
            let expected = match field {
                PrimitiveSchema::Number(field) if field.is_integer() => "an integer",
                PrimitiveSchema::Number(_) => "a number",
                PrimitiveSchema::Boolean(_) => "a boolean",
                PrimitiveSchema::MultiSelect(_) | PrimitiveSchema::TitledMultiSelect(_) => {
                    "a list of strings"
                }
                _ => "a string",
            };
            Err(format!("{expected}, not {}", Value::from(value.clone())))
        }
    }
}

fn within(what: &str, count: usize, least: Option<u64>, most: Option<u64>) -> Result<(), String> {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    match (least, most) {
        (Some(least), _) if count < least => Err(format!("at least {least} {what}, not {count}")),
        (_, Some(most)) if count > most => Err(format!("at most {most} {what}, not {count}")),
        _ => Ok(()),
    }
}

fn one_of<'a>(choices: impl IntoIterator<Item = &'a String>, text: &str) -> Result<(), String> {
    let choices: Vec<_> = choices.into_iter().map(String::as_str).collect();
    if choices.contains(&text) { Ok(()) } else { Err(format!("one of {choices:?}, not {text:?}")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn completed(schema: Value, content: Value) -> Result<Value, String> {
        let mut answer = ElicitResult::accept(std::iter::empty::<(String, ElicitValue)>());
        answer.content = serde_json::from_value(content).unwrap();
        complete(&Raw::from(&schema), &mut answer)?;
        Ok(serde_json::to_value(answer.content).unwrap())
    }

    #[test]
    fn what_is_left_out_takes_its_default() {
        let schema = json!({
            "type": "object", "required": ["name", "age"],
            "properties": {
                "name": { "type": "string", "default": "John Doe" },
                "age": { "type": "integer", "default": 30 },
                "score": { "type": "number", "default": 95.5 },
                "status": { "type": "string", "enum": ["active", "idle"], "default": "active" },
                "verified": { "type": "boolean", "default": true },
                "tags": { "type": "array", "items": { "type": "string", "enum": ["a", "b"] }, "default": ["a"] },
                "note": { "type": "string" },
            },
        });
        assert_eq!(
            completed(schema.clone(), json!(null)).unwrap(),
            json!({ "name": "John Doe", "age": 30, "score": 95.5, "status": "active", "verified": true, "tags": ["a"] })
        );
        assert_eq!(completed(schema, json!({ "name": "Ada", "age": 7 })).unwrap()["name"], "Ada");
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (field, value, expected) in [
            (
                json!({ "type": "string", "minLength": 2 }),
                json!("x"),
                "`f` must be at least 2 characters, not 1",
            ),
            (
                json!({ "type": "string", "maxLength": 1 }),
                json!("üü"),
                "`f` must be at most 1 characters, not 2",
            ),
            (json!({ "type": "string" }), json!(5), "`f` must be a string, not 5"),
            (json!({ "type": "integer" }), json!(1.5), "`f` must be an integer, not 1.5"),
            (json!({ "type": "integer" }), json!("1"), "`f` must be an integer, not \"1\""),
            (json!({ "type": "number", "minimum": 0 }), json!(-0.5), "`f` must be at least 0, not -0.5"),
            (json!({ "type": "number", "maximum": 1 }), json!(2), "`f` must be at most 1, not 2"),
            (json!({ "type": "boolean" }), json!("yes"), "`f` must be a boolean, not \"yes\""),
            (
                json!({ "type": "string", "oneOf": [{ "const": "a", "title": "A" }] }),
                json!("b"),
                "`f` must be one of [\"a\"], not \"b\"",
            ),
            (
                json!({ "type": "array", "items": { "type": "string", "enum": ["a"] }, "minItems": 1 }),
                json!([]),
                "`f` must be at least 1 choices, not 0",
            ),
            (
                json!({ "type": "array", "items": { "anyOf": [{ "const": "a", "title": "A" }] } }),
                json!(["a", "b"]),
                "`f` must be one of [\"a\"], not \"b\"",
            ),
        ] {
            let schema = json!({ "type": "object", "properties": { "f": field } });
            assert_eq!(completed(schema, json!({ "f": value })).unwrap_err(), expected);
        }
        let schema =
            json!({ "type": "object", "properties": { "f": { "type": "string" } }, "required": ["f"] });
        assert_eq!(completed(schema.clone(), json!({})).unwrap_err(), "`f` is missing");
        assert_eq!(
            completed(schema, json!({ "f": "x", "g": true })).unwrap(),
            json!({ "f": "x", "g": true })
        );
    }

    #[test]
    fn only_accepted_forms_have_content() {
        let schema = json!({ "type": "object", "properties": { "f": { "type": "string", "default": "x" } } });
        let mut answer = ElicitResult::decline().content([("f", "y")]);
        complete(&Raw::from(&schema), &mut answer).unwrap();
        assert_eq!(answer, ElicitResult::decline());
    }

    #[test]
    fn a_form_of_another_kind_is_passed_on_as_it_is_answered() {
        let schema = json!({ "type": "object", "properties": { "f": { "type": "object" } } });
        assert_eq!(completed(schema, json!({ "f": "x" })).unwrap(), json!({ "f": "x" }));
    }
}
