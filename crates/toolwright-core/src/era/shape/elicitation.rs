use serde_json::{Map, Value, json};

use crate::{Raw, era::Era, model::ElicitUrlParams};

/// Why a form cannot be asked for in a revision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormError {
    /// A field asks for several choices, which came with 2025-11-25.
    #[error("field `{0}` asks for several choices, which this client's revision cannot do")]
    SeveralChoices(String),
    /// The schema is no object with properties.
    #[error("the schema of a form is an object with `properties`")]
    NoObject,
}

impl Era {
    /// The parameters of `elicitation/create` in form mode ("Elicitation"). Where a revision knows less, titled choices become
    /// `enumNames`, defaults stay on booleans only, and the mode is left out.
    ///
    /// # Errors
    /// When the revision has no words for what is asked.
    pub fn elicit_form(self, message: &str, schema: &Raw) -> Result<Raw, FormError> {
        if self.elicits_richly() {
            return Ok(Raw::from(json!({ "mode": "form", "message": message, "requestedSchema": schema })));
        }
        let mut schema: Value = schema.read().map_err(|_| FormError::NoObject)?;
        let fields =
            schema.get_mut("properties").and_then(Value::as_object_mut).ok_or(FormError::NoObject)?;
        for (name, field) in fields {
            if let Some(field) = field.as_object_mut() {
                simplify(name, field)?;
            }
        }
        if let Some(schema) = schema.as_object_mut() {
            schema.shift_remove("$schema");
        }
        Ok(Raw::from(json!({ "message": message, "requestedSchema": schema })))
    }

    /// The parameters of `elicitation/create` in URL mode ("Elicitation"), with the name `id` where elicitations have one.
    pub fn elicit_url(self, message: &str, url: &str, id: &str) -> ElicitUrlParams {
        let params = ElicitUrlParams::new(message, url);
        if self.names_elicitations() { params.elicitation_id(id) } else { params }
    }
}

fn simplify(name: &str, field: &mut Map<String, Value>) -> Result<(), FormError> {
    match field.get("type").and_then(Value::as_str) {
        Some("array") => return Err(FormError::SeveralChoices(name.to_owned())),
        Some("boolean") => {}
        _ => drop(field.shift_remove("default")),
    }
    if let Some(Value::Array(choices)) = field.shift_remove("oneOf") {
        let (values, titles): (Vec<_>, Vec<_>) = choices
            .into_iter()
            .map(|mut choice| {
                let value = choice.get_mut("const").map(Value::take).unwrap_or_default();
                let title = choice.get_mut("title").map(Value::take).unwrap_or_else(|| value.clone());
                (value, title)
            })
            .unzip();
        field.insert("enum".into(), values.into());
        field.insert("enumNames".into(), titles.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::era::Revision;

    #[test]
    fn older_clients_get_a_form_in_their_words() {
        let schema = Raw::from(json!({ "type": "object", "properties": {
            "row": { "type": "string", "oneOf": [{ "const": "a", "title": "Row A" }], "default": "a" },
            "aisle": { "type": "boolean", "default": true },
        }}));
        let old = Revision::V2025_06_18.era().elicit_form("Which?", &schema).unwrap();
        assert_eq!(
            old,
            Raw::from(json!({ "message": "Which?", "requestedSchema": { "type": "object", "properties": {
                "row": { "type": "string", "enum": ["a"], "enumNames": ["Row A"] },
                "aisle": { "type": "boolean", "default": true },
            }}}))
        );
        let several = Raw::from(json!({ "type": "object", "properties": { "rows": { "type": "array" } } }));
        assert_eq!(
            Revision::V2025_06_18.era().elicit_form("Which?", &several),
            Err(FormError::SeveralChoices("rows".into()))
        );
        assert!(Revision::V2026_07_28.era().elicit_form("Which?", &several).is_ok());
    }
}
