use schemars::Schema;
use serde::Serialize;
use serde_json::Value;

/// What the definition of an argument says besides its type.
#[derive(Clone, Debug)]
pub struct Field {
    pub(crate) name: &'static str,
    pub(crate) title: Option<&'static str>,
    pub(crate) description: Option<&'static str>,
    pattern: Option<&'static str>,
    format: Option<&'static str>,
    header: Option<&'static str>,
    example: Option<Value>,
}

impl Field {
    /// A field of this name; the name of a parameter that has none is empty.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            title: None,
            description: None,
            pattern: None,
            format: None,
            header: None,
            example: None,
        }
    }

    /// Title for people.
    pub fn title(mut self, title: &'static str) -> Self {
        self.title = Some(title);
        self
    }

    /// Description for the model.
    pub fn description(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }

    /// Regular expression that strings match.
    pub fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    /// Format of a string.
    pub fn format(mut self, format: &'static str) -> Self {
        self.format = Some(format);
        self
    }

    /// Part of the HTTP header's name that mirrors the argument ("Custom Headers from Tool Parameters").
    pub fn header(mut self, header: &'static str) -> Self {
        self.header = Some(header);
        self
    }

    /// A value as an example.
    pub fn example(mut self, example: impl Serialize) -> Self {
        self.example = serde_json::to_value(example).ok();
        self
    }

    /// Writes all of it into the schema of its type, where it goes before what the type says.
    pub(super) fn describe(&self, schema: &mut Schema) {
        let keywords = [
            ("title", self.title),
            ("description", self.description),
            ("pattern", self.pattern),
            ("format", self.format),
            ("x-mcp-header", self.header),
        ];
        let object = schema.ensure_object();
        for (keyword, text) in keywords {
            if let Some(text) = text {
                object.insert(keyword.to_owned(), Value::from(text));
            }
        }
        if let Some(example) = &self.example {
            object.insert("examples".to_owned(), Value::Array(vec![example.clone()]));
        }
    }
}
