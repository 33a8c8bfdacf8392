use toolwright::{
    core::model::{Choice, ElicitValue, PrimitiveSchema, StringFormat},
    prelude::{
        json,
        serde_json::{self, Number, Value},
    },
};

use crate::show;

/// One field of a form.
pub(crate) struct Field<'a> {
    name: &'a str,
    schema: &'a PrimitiveSchema,
    required: bool,
    /// Title, description and default are at the same place in all schemas.
    raw: Value,
}

impl<'a> Field<'a> {
    pub(crate) fn new(name: &'a str, schema: &'a PrimitiveSchema, required: bool) -> Self {
        Self { name, schema, required, raw: json!(schema) }
    }

    /// What the person reads.
    pub(crate) fn describe(&self) -> String {
        let text = |member: &str| self.raw[member].as_str();
        let mut line = text("title").unwrap_or(self.name).to_owned();
        if let Some(description) = text("description") {
            line += &format!(" ({description})");
        }
        match self.schema {
            PrimitiveSchema::Boolean(_) => line += ", yes or no",
            PrimitiveSchema::Number(number) if number.is_integer() => line += ", a whole number",
            PrimitiveSchema::Number(_) => line += ", a number",
            PrimitiveSchema::String(string) => {
                if let Some(format) = &string.format {
                    line += &format!(", {}", show::name(json!(format)));
                }
                if let Some(pattern) = &string.pattern {
                    line += &format!(", of the pattern {pattern}");
                }
            }
            _ => {
                line += if self.is_multiple() { ", any of these, parted by commas:" } else { ", one of" };
                for (index, (value, title)) in self.choices().iter().enumerate() {
                    line += &format!("\n    {}. {title}", index + 1);
                    if value != title {
                        line += &format!(" ({value})");
                    }
                }
            }
        }
        match (&self.raw["default"], self.required) {
            (Value::Null, true) => line,
            (Value::Null, false) => line + " [none]",
            (Value::String(text), _) => format!("{line} [{text}]"),
            (default, _) => format!("{line} [{default}]"),
        }
    }

    /// Reads an answer. An empty one is the default, or no value.
    pub(crate) fn read(&self, answer: &str) -> Result<Option<ElicitValue>, String> {
        if answer.trim().is_empty() {
            return match &self.raw["default"] {
                Value::Null if self.required => Err("This must be filled in.".to_owned()),
                Value::Null => Ok(None),
                default => serde_json::from_value(default.clone())
                    .map(Some)
                    .map_err(|_| "The server's default is no value; please give one.".to_owned()),
            };
        }
        self.value(answer).map(Some)
    }

    fn value(&self, answer: &str) -> Result<ElicitValue, String> {
        match self.schema {
            PrimitiveSchema::Boolean(_) => match answer.trim() {
                "y" | "yes" | "true" => Ok(true.into()),
                "n" | "no" | "false" => Ok(false.into()),
                _ => Err("Please answer yes or no.".to_owned()),
            },
            PrimitiveSchema::Number(schema) => {
                let number = read_number(answer.trim(), schema.is_integer())?;
                let value = number.as_f64().unwrap_or_default();
                let beyond = |limit: &Option<Number>, outside: fn(f64, f64) -> bool| {
                    limit
                        .as_ref()
                        .filter(|limit| limit.as_f64().is_some_and(|limit| outside(value, limit)))
                        .cloned()
                };
                if let Some(least) = beyond(&schema.minimum, |value, limit| value < limit) {
                    return Err(format!("At least {least}, please."));
                }
                if let Some(most) = beyond(&schema.maximum, |value, limit| value > limit) {
                    return Err(format!("At most {most}, please."));
                }
                Ok(ElicitValue::Number(number))
            }
            PrimitiveSchema::String(schema) => {
                let length = answer.chars().count() as u64;
                if schema.min_length.is_some_and(|least| length < least) {
                    return Err(format!(
                        "At least {} characters, please.",
                        schema.min_length.unwrap_or_default()
                    ));
                }
                if schema.max_length.is_some_and(|most| length > most) {
                    return Err(format!(
                        "At most {} characters, please.",
                        schema.max_length.unwrap_or_default()
                    ));
                }
                match &schema.format {
                    Some(StringFormat::Email) if !answer.contains('@') => {
                        Err("That is no e-mail address.".to_owned())
                    }
                    Some(StringFormat::Uri) if !answer.contains(':') => Err("That is no URI.".to_owned()),
                    _ => Ok(answer.into()),
                }
            }
            _ if self.is_multiple() => {
                let chosen =
                    answer.split(',').map(|choice| self.choose(choice)).collect::<Result<Vec<_>, _>>()?;
                let count = chosen.len() as u64;
                let limit = |member: &str| self.raw[member].as_u64();
                match (limit("minItems"), limit("maxItems")) {
                    (Some(least), _) if count < least => Err(format!("At least {least} of them, please.")),
                    (_, Some(most)) if count > most => Err(format!("At most {most} of them, please.")),
                    _ => Ok(ElicitValue::Strings(chosen)),
                }
            }
            _ => self.choose(answer).map(Into::into),
        }
    }

    /// By number, by value or by title.
    fn choose(&self, answer: &str) -> Result<String, String> {
        let answer = answer.trim();
        let choices = self.choices();
        let by_name = choices.iter().find(|(value, title)| value == answer || title == answer);
        let by_number = || choices.get(answer.parse::<usize>().ok()?.checked_sub(1)?);
        by_name
            .or_else(by_number)
            .map(|(value, _)| value.clone())
            .ok_or_else(|| format!("`{answer}` is none of the choices."))
    }

    fn is_multiple(&self) -> bool {
        matches!(self.schema, PrimitiveSchema::MultiSelect(_) | PrimitiveSchema::TitledMultiSelect(_))
    }

    /// Values and titles.
    fn choices(&self) -> Vec<(String, String)> {
        let plain = |values: &[String]| values.iter().map(|value| (value.clone(), value.clone())).collect();
        match self.schema {
            PrimitiveSchema::SingleSelect(select) => plain(&select.r#enum),
            PrimitiveSchema::MultiSelect(select) => plain(select.choices()),
            PrimitiveSchema::TitledSingleSelect(select) => titled(&select.one_of),
            PrimitiveSchema::TitledMultiSelect(select) => titled(select.choices()),
            PrimitiveSchema::LegacyEnum(select) => {
                let titles = select.enum_names.as_deref().unwrap_or(&select.r#enum);
                select.r#enum.iter().cloned().zip(titles.iter().cloned()).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn titled(choices: &[Choice]) -> Vec<(String, String)> {
    choices.iter().map(|choice| (choice.r#const.clone(), choice.title.clone())).collect()
}

fn read_number(text: &str, integer: bool) -> Result<Number, String> {
    let problem = || format!("That is no {}number.", if integer { "whole " } else { "" });
    if let Ok(number) = text.parse::<i64>() {
        return Ok(number.into());
    }
    let number = text.parse::<f64>().ok().filter(|_| !integer).and_then(Number::from_f64);
    number.ok_or_else(problem)
}
