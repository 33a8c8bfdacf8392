use serde_json::{Map, Value, json};
use toolwright_core::model::PromptArgument;

use super::{
    Arguments, Variables, coerce::coerce, diagnose::diagnose, param::Role, params::Params, read::read, schema,
};
use crate::extract::Needs;

/// What a handler takes: its parameters, and the schema of the arguments among them.
pub(crate) struct Input<P> {
    pub(crate) params: P,
    pub(crate) schema: Value,
    /// Names of extractors, whose values from a client are ignored.
    extractors: Vec<&'static str>,
}

impl<P: Params> Input<P> {
    pub(crate) fn new(params: P) -> Self {
        let mut generator = schema::generator();
        let (mut properties, mut required) = (Map::new(), Vec::new());
        let (mut whole, mut extractors) = (None, Vec::new());
        params.describe(&mut generator, &mut |described| match described.role {
            Role::Whole => whole = described.schema,
            Role::Extractor => extractors.push(described.field.name),
            Role::Argument => {
                let name = described.field.name;
                properties.insert(
                    name.to_owned(),
                    described.schema.map_or(Value::Bool(true), schemars::Schema::to_value),
                );
                if described.required {
                    required.push(name);
                }
            }
        });
        let root = whole.unwrap_or_else(|| {
            let mut root = json!({ "type": "object", "properties": properties });
            if !required.is_empty() {
                root["required"] = required.into();
            }
            root["additionalProperties"] = false.into();
            schemars::Schema::try_from(root).unwrap_or_default()
        });
        let mut schema = schema::finish(root, &generator);
        // A type that takes anything still takes an object of arguments.
        match &mut schema {
            Value::Bool(true) => schema = json!({ "type": "object" }),
            Value::Object(object) if object.is_empty() => {
                object.insert("type".to_owned(), "object".into());
            }
            _ => {}
        }
        Self { params, schema, extractors }
    }

    /// The state that extractors need.
    pub(crate) fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        self.params.needs(&mut needs);
        needs
    }

    /// Reads the arguments of a tool.
    ///
    /// # Errors
    /// Text for the client: each mistake with its path, what was expected and what came.
    pub(crate) fn read(&self, arguments: &Arguments) -> Result<P::Slots, String> {
        read(&self.params, arguments.as_bytes())
            .or_else(|error| self.second_chance(arguments.as_bytes(), &error))
    }

    #[cold]
    fn second_chance(&self, json: &[u8], error: &serde_json::Error) -> Result<P::Slots, String> {
        let json = &*self.without_extractors(json);
        let Some(repaired) = coerce(&self.schema, json) else {
            return Err(diagnose(&self.schema, json, &error.to_string()));
        };
        read(&self.params, &repaired).map_err(|error| diagnose(&self.schema, &repaired, &error.to_string()))
    }

    /// The arguments without what the schema does not know of.
    fn without_extractors<'a>(&self, json: &'a [u8]) -> std::borrow::Cow<'a, [u8]> {
        if let Ok(Value::Object(mut object)) = serde_json::from_slice(json) {
            let before = object.len();
            object.retain(|name, _| !self.extractors.contains(&name.as_str()));
            if object.len() != before {
                return Value::Object(object).to_string().into_bytes().into();
            }
        }
        json.into()
    }

    /// Reads the arguments of a prompt or the variables of a template.
    ///
    /// # Errors
    /// Text for the client.
    pub(crate) fn read_text(&self, variables: &Variables) -> Result<P::Slots, String> {
        if P::WHOLE {
            return self.read_text_whole(variables);
        }
        let mut slots = P::empty();
        let mut mistakes = Vec::new();
        for (name, text) in variables.iter() {
            match self.params.index(name) {
                Some(index) => {
                    if let Err(error) = self.params.read_text(index, text, &mut slots) {
                        mistakes.push(format!("{name}: {error}"));
                    }
                }
                None => mistakes.push(format!("{name}: unknown, the arguments are {}", self.names())),
            }
        }
        if mistakes.is_empty() {
            match self.params.complete::<serde_json::Error>(&mut slots) {
                Ok(()) => return Ok(slots),
                Err(error) => mistakes.push(error.to_string()),
            }
        }
        Err(format!("invalid arguments: {}", mistakes.join("; ")))
    }

    fn read_text_whole(&self, variables: &Variables) -> Result<P::Slots, String> {
        let object: Map<String, Value> =
            variables.iter().map(|(name, text)| (name.to_owned(), text.into())).collect();
        let json = Value::Object(object).to_string();
        read(&self.params, json.as_bytes()).or_else(|error| self.second_chance(json.as_bytes(), &error))
    }

    /// Reads what a completion is asked for: the first argument is what was typed, others are looked up among those that were
    /// chosen. Nothing, if one of them was not chosen yet or does not fit: then there is nothing to suggest.
    pub(crate) fn read_typed(&self, typed: String, chosen: &Variables) -> Option<P::Slots> {
        let mut names = self.properties().map(|(name, _)| name.as_str());
        let first = names.next().map(|name| (name.to_owned(), typed));
        let others = names.filter_map(|name| chosen.get(name).map(|text| (name.to_owned(), text.to_owned())));
        let variables = Variables::new(first.into_iter().chain(others));
        self.read_text(&variables).ok()
    }

    fn names(&self) -> String {
        let names: Vec<_> = self.properties().map(|(name, _)| format!("`{name}`")).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    }

    fn properties(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.schema.get("properties").and_then(Value::as_object).into_iter().flatten()
    }

    /// The arguments as a prompt lists them.
    pub(crate) fn prompt_arguments(&self) -> Vec<PromptArgument> {
        let required = self.schema.get("required").and_then(Value::as_array);
        self.properties()
            .map(|(name, schema)| {
                let mut argument = PromptArgument::new(name)
                    .required(required.is_some_and(|required| required.iter().any(|known| known == name)));
                if let Some(title) = schema.get("title").and_then(Value::as_str) {
                    argument = argument.title(title);
                }
                if let Some(description) = schema.get("description").and_then(Value::as_str) {
                    argument = argument.description(description);
                }
                argument
            })
            .collect()
    }
}
