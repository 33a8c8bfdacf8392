use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use toolwright_core::{
    Raw,
    model::{Tool, ToolUseContent},
};

use crate::arguments::{check::check, schema};

/// The tool by which a model gives an answer of a type.
pub(super) const NAME: &str = "final_answer";
/// The member that holds an answer that is no object, since the arguments of tools are objects.
const WRAP: &str = "result";

/// What an answer of a type looks like.
pub(super) struct Answer {
    schema: Value,
    wraps: bool,
    read: fn(&Value) -> Result<(), serde_json::Error>,
}

impl Answer {
    pub(super) fn new<T: DeserializeOwned + JsonSchema>() -> Self {
        let mut generator = schema::generator();
        let root = generator.subschema_for::<T>();
        let schema = schema::finish(root, &generator);
        let wraps = schema.get("type").is_none_or(|kind| kind != "object");
        let read = |value: &Value| serde_json::from_value::<T>(value.clone()).map(drop);
        Self { schema, wraps, read }
    }

    pub(super) fn tool(&self) -> Tool {
        Tool::new(NAME, Raw::from(&self.input_schema())).description(
            "Gives the final answer. Call it once, when you have the answer, instead of writing it.",
        )
    }

    fn input_schema(&self) -> Value {
        if !self.wraps {
            return self.schema.clone();
        }
        let mut inner = self.schema.clone();
        let definitions = inner.as_object_mut().and_then(|inner| inner.shift_remove("$defs"));
        let mut outer = json!({
            "type": "object", "properties": { WRAP: inner }, "required": [WRAP], "additionalProperties": false,
        });
        if let (Some(definitions), Some(outer)) = (definitions, outer.as_object_mut()) {
            outer.insert("$defs".into(), definitions);
        }
        outer
    }

    /// Asks for the answer in text, for clients whose models use no tools.
    pub(super) fn instructions(&self) -> String {
        format!("Answer with JSON only, no other text, that fits this JSON Schema: {}", self.schema)
    }

    /// The answer in what the tool was called with, or what is wrong with it.
    pub(super) fn of_tool(&self, used: &ToolUseContent) -> Result<Value, String> {
        let input = serde_json::to_value(&used.input).map_err(|error| error.to_string())?;
        match input {
            Value::Object(mut members) if self.wraps => match members.shift_remove(WRAP) {
                Some(value) => self.checked(value),
                None => Err(format!("`{WRAP}` is missing")),
            },
            input => self.checked(input),
        }
    }

    /// The answer in a text, which may stand in a block of code, or what is wrong with it.
    pub(super) fn of_text(&self, text: &str) -> Result<Value, String> {
        let value =
            serde_json::from_str(unfenced(text)).map_err(|error| format!("this is no JSON: {error}"))?;
        self.checked(value)
    }

    fn checked(&self, value: Value) -> Result<Value, String> {
        if let Some(mistake) = check(&self.schema, &value).first() {
            return Err(format!("`{}`: {}", mistake.path, mistake.text));
        }
        match (self.read)(&value) {
            Ok(()) => Ok(value),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// What stands between the first two fences of Markdown, or the text if there are none.
fn unfenced(text: &str) -> &str {
    let text = text.trim();
    let Some((_, rest)) = text.split_once("```") else { return text };
    let body = rest.split_once("```").map_or(rest, |(body, _)| body);
    // The name of the language stands on the line of the fence.
    match body.split_once('\n') {
        Some((first, lines)) if first.trim().chars().all(char::is_alphanumeric) => lines.trim(),
        _ => body.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize, JsonSchema)]
    struct Review {
        #[schemars(range(min = 1, max = 5))]
        stars: u8,
    }

    fn used(input: Value) -> ToolUseContent {
        ToolUseContent::new("1", NAME, serde_json::from_value(input).unwrap())
    }

    #[test]
    fn an_object_is_the_tools_arguments_and_other_values_are_wrapped() {
        let review = Answer::new::<Review>();
        assert_eq!(review.input_schema()["properties"]["stars"]["maximum"], 5);
        assert_eq!(review.of_tool(&used(json!({ "stars": 3 }))), Ok(json!({ "stars": 3 })));
        let many = Answer::new::<Vec<u8>>();
        assert_eq!(many.input_schema()["properties"]["result"]["type"], "array");
        assert_eq!(many.of_tool(&used(json!({ "result": [1] }))), Ok(json!([1])));
        assert_eq!(many.of_tool(&used(json!({}))), Err("`result` is missing".into()));
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let review = Answer::new::<Review>();
        let error = review.of_tool(&used(json!({ "stars": 9 }))).unwrap_err();
        assert!(error.starts_with("`$.stars`: "), "{error}");
        assert!(review.of_text("three stars").unwrap_err().starts_with("this is no JSON"));
    }

    #[test]
    fn json_is_found_in_a_block_of_code() {
        let review = Answer::new::<Review>();
        for text in [
            r#" {"stars": 3} "#,
            "```json\n{\"stars\": 3}\n```",
            "Here it is:\n```\n{\"stars\": 3}\n```\nAnything else?",
            "```{\"stars\": 3}```",
            "```json\n{\"stars\": 3}",
        ] {
            assert_eq!(review.of_text(text), Ok(json!({ "stars": 3 })), "{text}");
        }
    }
}
