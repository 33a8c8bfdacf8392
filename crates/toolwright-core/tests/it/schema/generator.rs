use serde_json::{Map, Number, Value, json};

use super::document::Document;

/// Makes instances of the definitions of a schema, always the same ones.
///
/// It knows the keywords that the official schemas use and panics at any other type. Members beyond the named ones appear only
/// where they carry meaning (see [`is_free`]): elsewhere the protocol lets a reader ignore them.
pub(crate) struct Generator<'a> {
    document: &'a Document,
    random: Random,
    optional: Optional,
    /// The definition asked for.
    root: String,
}

#[derive(Clone, Copy)]
enum Optional {
    All,
    None,
    Some,
}

/// Where in the schema the generator is.
#[derive(Clone, Copy)]
struct Place<'a> {
    definition: &'a str,
    property: &'a str,
    depth: u32,
}

/// Definitions whose members beyond the named ones are kept by their type, when they stand for themselves.
const OPEN: &[&str] = &["Result", "GetTaskPayloadResult"];

/// Objects of capabilities that older schemas leave without named members; later ones name some, and we read those only.
const CLOSED: &[(&str, &str)] = &[("ClientCapabilities", "sampling"), ("ClientCapabilities", "elicitation")];

fn is_free(root: &str, place: Place<'_>, schema: &Value) -> bool {
    let named = schema.get("properties").is_some();
    let meta =
        place.property == "_meta" || place.definition.ends_with("MetaObject") && place.property.is_empty();
    let open = place.property.is_empty() && OPEN.contains(&root);
    let json_schema = matches!(place.property, "inputSchema" | "outputSchema");
    let allowed = schema.get("additionalProperties").is_some();
    meta || allowed
        && (open || json_schema || !named)
        && !CLOSED.contains(&(place.definition, place.property))
}

impl<'a> Generator<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        Self { document, random: Random(0x5EED), optional: Optional::Some, root: String::new() }
    }

    /// The instance number `index`: the first one has all optional members, the second none, the others some.
    pub(crate) fn instance(&mut self, name: &str, index: usize) -> Value {
        self.root = name.to_owned();
        self.optional = match index {
            0 => Optional::All,
            1 => Optional::None,
            _ => Optional::Some,
        };
        self.value(self.document.definition(name), Place { definition: name, property: "", depth: 0 })
    }

    fn value(&mut self, schema: &Value, place: Place<'_>) -> Value {
        let place = Place { depth: place.depth + 1, ..place };
        if let Some(reference) = schema["$ref"].as_str() {
            let name = self.document.target(reference);
            return self.value(
                self.document.definition(name),
                Place { definition: name, property: "", depth: place.depth },
            );
        }
        if let Some(parts) = schema["allOf"].as_array() {
            return self.all_of(parts, place);
        }
        if let Some(alternatives) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
            // The scalar alternative stands last where a definition contains itself.
            let last = alternatives.len() - 1;
            let index = if place.depth > 12 { last } else { self.random.below(last + 1) };
            return self.value(&alternatives[index], place);
        }
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        if let Some(values) = schema["enum"].as_array() {
            return values[self.random.below(values.len())].clone();
        }
        match &schema["type"] {
            Value::Null if schema.get("properties").is_some() => self.object(schema, place),
            Value::Null => self.any(place.depth),
            Value::Array(types) => {
                let index = self.random.below(types.len());
                match types[index].as_str().unwrap() {
                    "integer" if types.contains(&json!("string")) => self.signed().into(),
                    name => self.typed(name, schema, place),
                }
            }
            name => self.typed(name.as_str().unwrap(), schema, place),
        }
    }

    fn typed(&mut self, name: &str, schema: &Value, place: Place<'_>) -> Value {
        match name {
            "object" => self.object(schema, place),
            "array" => {
                let least = schema["minItems"].as_u64().unwrap_or(0) as usize;
                let length = least + self.random.below(3);
                (0..length).map(|_| self.value(&schema["items"], place)).collect()
            }
            "string" => self.string(schema["format"].as_str()).into(),
            // A size, a limit or a time to live below zero means nothing, so the types are unsigned.
            "integer" if place.property != "code" => {
                (self.random.next() >> (11 + self.random.below(50))).into()
            }
            "integer" => self.signed().into(),
            "number" => self.number(schema).into(),
            "boolean" => self.random.coin().into(),
            "null" => Value::Null,
            other => panic!("unknown type {other} in {}", place.definition),
        }
    }

    fn object(&mut self, schema: &Value, place: Place<'_>) -> Value {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let mut object = Map::new();
        for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
            let wanted = required.contains(&json!(property))
                || match self.optional {
                    Optional::All => place.depth < 10,
                    Optional::None => false,
                    Optional::Some => place.depth < 10 && self.random.coin(),
                };
            if wanted {
                object.insert(property.clone(), self.value(schema, Place { property, ..place }));
            }
        }
        if is_free(&self.root, place, schema) {
            for _ in 0..self.random.below(3) {
                let name = format!("com.example/x{}", self.random.below(1000));
                let value = match &schema["additionalProperties"] {
                    Value::Object(schema) => {
                        self.value(&schema.clone().into(), Place { property: "*", ..place })
                    }
                    _ => self.any(place.depth),
                };
                object.insert(name, value);
            }
        }
        object.into()
    }

    fn all_of(&mut self, parts: &[Value], place: Place<'_>) -> Value {
        let mut all = Map::new();
        for part in parts {
            // What a part leaves open, another part names: only named members are wanted.
            let mut part = match part["$ref"].as_str() {
                Some(reference) => self.document.definition(self.document.target(reference)).clone(),
                None => part.clone(),
            };
            part.as_object_mut().unwrap().remove("additionalProperties");
            let Value::Object(members) = self.value(&part, place) else { panic!("a part that is no object") };
            all.extend(members);
        }
        all.into()
    }

    fn any(&mut self, depth: u32) -> Value {
        match self.random.below(if depth > 8 { 5 } else { 7 }) {
            0 => Value::Null,
            1 => self.random.coin().into(),
            2 => self.signed().into(),
            3 => self.number(&Value::Null).into(),
            4 => self.string(None).into(),
            5 => (0..self.random.below(3)).map(|_| self.any(depth + 3)).collect(),
            _ => {
                let members = self.random.below(3);
                (0..members)
                    .map(|index| (format!("k{index}"), self.any(depth + 3)))
                    .collect::<Map<_, _>>()
                    .into()
            }
        }
    }

    fn signed(&mut self) -> i64 {
        let magnitude = (self.random.next() >> (11 + self.random.below(50))) as i64;
        if self.random.coin() { magnitude } else { -magnitude }
    }

    /// A number whose binary form is exact, with and without fraction.
    fn number(&mut self, schema: &Value) -> Number {
        if let (Some(_), Some(_)) = (schema["minimum"].as_f64(), schema["maximum"].as_f64()) {
            let eighths = self.random.below(9);
            return match eighths {
                0 => 0.into(),
                8 => 1.into(),
                _ => Number::from_f64(eighths as f64 / 8.0).unwrap(),
            };
        }
        let integer = self.signed() >> 13;
        if self.random.coin() { integer.into() } else { Number::from_f64(integer as f64 / 8.0).unwrap() }
    }

    fn string(&mut self, format: Option<&str>) -> String {
        const TEXTS: &[&str] = &[
            "",
            "a",
            "two words",
            "Grüße",
            "\"quoted\" \\ back",
            "line\nbreak\ttab",
            "日本語",
            "\u{0}\u{1f}",
            "💡",
        ];
        let number = self.random.below(1000);
        match format {
            None => format!("{}{number}", TEXTS[self.random.below(TEXTS.len())]),
            Some("byte") => ["", "AA==", "AAE=", "AAEC"][self.random.below(4)].to_owned(),
            Some("uri") => format!("https://example.com/{number}"),
            Some("uri-template") => format!("note://{{id}}/{number}"),
            Some(other) => panic!("unknown format {other}"),
        }
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn coin(&mut self) -> bool {
        self.next() & 1 == 0
    }
}
