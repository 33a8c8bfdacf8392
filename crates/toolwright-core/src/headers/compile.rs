use std::fmt;

use serde_json::{Map, Value};

use super::{ParamBinding, ParamBindings, ParamBranch, ParamNode, param_name};
use crate::Raw;

/// The keyword of JSON Schema that names a header.
const KEYWORD: &str = "x-mcp-header";

/// Keywords whose values are no schemas, whatever stands in them.
const DATA: [&str; 5] = ["const", "default", "enum", "example", "examples"];

/// Most characters of a property's name that an error repeats.
const SHOWN: usize = 100;

pub(super) fn compile(schema: &Raw) -> Result<Option<ParamBindings>, Vec<String>> {
    // Most schemas have none, which their text tells fastest; in it the name could also be written with escapes.
    if !schema.as_str().contains(KEYWORD) && !schema.as_str().contains('\\') {
        return Ok(None);
    }
    let mut compiler = Compiler::default();
    let root = match schema.read::<Value>() {
        Ok(Value::Object(schema)) => compiler.object(&schema, &Path::Root),
        // A schema that is no object has its own problem.
        _ => ParamNode::default(),
    };
    let Compiler { all, problems } = compiler;
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok((!all.is_empty()).then_some(ParamBindings { root, all }))
}

#[derive(Default)]
struct Compiler {
    all: Vec<ParamBinding>,
    problems: Vec<String>,
}

impl Compiler {
    /// A schema that only steps through `properties` lead to.
    fn object(&mut self, schema: &Map<String, Value>, path: &Path<'_>) -> ParamNode {
        if schema.contains_key(KEYWORD) && matches!(path, Path::Root) {
            self.problem(path, "the arguments as a whole have no header; give one to a property");
        }
        let mut node = ParamNode::default();
        for (keyword, value) in schema {
            match value {
                Value::Object(properties) if keyword == "properties" => {
                    for (name, property) in properties {
                        if let Some(branch) = self.property(property, &Path::Member(path, name)) {
                            node.0.push((name.clone(), branch));
                        }
                    }
                }
                value => self.elsewhere(keyword, value, path),
            }
        }
        node
    }

    fn property(&mut self, schema: &Value, path: &Path<'_>) -> Option<ParamBranch> {
        let schema = schema.as_object()?;
        let Some(header) = schema.get(KEYWORD) else {
            let node = self.object(schema, path);
            return (!node.0.is_empty()).then_some(ParamBranch::Node(node));
        };
        let Value::String(shown) = header else {
            self.problem(path, "the name of a header is a string");
            return None;
        };
        let header = match param_name(shown) {
            Ok(header) => header,
            Err(error) => {
                self.problem(path, &error.to_string());
                return None;
            }
        };
        if !matches!(schema.get("type").and_then(Value::as_str), Some("string" | "integer" | "boolean")) {
            self.problem(
                path,
                "headers mirror properties of `\"type\": \"string\"`, `\"integer\"` or `\"boolean\"` only",
            );
            return None;
        }
        if let Some(other) = self.all.iter().find(|other| other.header == header) {
            let text = format!(
                "`{}` has the header `{}` already; the names of headers differ by more than the case of letters",
                other.steps.join("."),
                other.shown
            );
            self.problem(path, &text);
            return None;
        }
        for (keyword, value) in schema {
            self.elsewhere(keyword, value, path);
        }
        self.all.push(ParamBinding { header, shown: shown.clone(), steps: steps(path) });
        Some(ParamBranch::Argument(self.all.len() - 1))
    }

    /// Any other keyword: no header must be named below it, for nothing there is always in the same place.
    fn elsewhere(&mut self, keyword: &str, value: &Value, path: &Path<'_>) {
        if keyword == KEYWORD || DATA.contains(&keyword) {
            return;
        }
        if let Some(header) = hidden(keyword, value) {
            self.problem(
                path,
                &format!(
                    "the header {header} stands below `{keyword}`; only properties, and properties of \
                          properties, can have one"
                ),
            );
        }
    }

    fn problem(&mut self, path: &Path<'_>, text: &str) {
        self.problems.push(format!("`{KEYWORD}` at `{path}`: {text}"));
    }
}

/// A header named anywhere below a keyword.
fn hidden(keyword: &str, value: &Value) -> Option<String> {
    // These map names to schemas, and a name may be any word.
    let names = matches!(
        keyword,
        "$defs" | "definitions" | "dependencies" | "dependentSchemas" | "patternProperties" | "properties"
    );
    match value {
        Value::Object(members) if names => members.values().find_map(|schema| hidden("", schema)),
        Value::Object(schema) => match schema.get(KEYWORD) {
            Some(header) => Some(header.to_string()),
            None => schema
                .iter()
                .filter(|(keyword, _)| !DATA.contains(&keyword.as_str()))
                .find_map(|(keyword, value)| hidden(keyword, value)),
        },
        Value::Array(items) => items.iter().find_map(|item| hidden("", item)),
        _ => None,
    }
}

/// The way to a property.
enum Path<'a> {
    Root,
    Member(&'a Path<'a>, &'a str),
}

fn steps(path: &Path<'_>) -> Vec<String> {
    match path {
        Path::Member(parent, name) => {
            let mut steps = steps(parent);
            steps.push((*name).to_owned());
            steps
        }
        Path::Root => Vec::new(),
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Member(parent, name) = self else { return f.write_str("$") };
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$');
        let (name, more) = match name.char_indices().nth(SHOWN) {
            Some((end, _)) => (&name[..end], "…"),
            None => (*name, ""),
        };
        if !name.is_empty() && more.is_empty() && name.chars().all(plain) {
            write!(f, "{parent}.{name}")
        } else {
            write!(f, "{parent}[{}]", Value::from(format!("{name}{more}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use serde_json::{Value, json};

    use super::*;

    fn problems(properties: &Value) -> String {
        let schema = Raw::from(&json!({ "type": "object", "properties": properties }));
        compile(&schema).err().unwrap_or_default().join("\n")
    }

    #[test]
    fn a_header_names_a_simple_property_once() {
        let named = |header: Value| json!({ "a": { "type": "string", "x-mcp-header": header } });
        assert_eq!(problems(&named(json!("Region"))), "");
        for header in [json!(""), json!("My Region"), json!("a:b"), json!("Straße"), json!("a\tb"), json!(7)]
        {
            assert!(problems(&named(header.clone())).starts_with("`x-mcp-header` at `$.a`: "), "{header}");
        }
        for kind in ["object", "array", "null", "number"] {
            assert!(
                problems(&json!({ "a": { "type": kind, "x-mcp-header": "A" } })).contains("only"),
                "{kind}"
            );
        }
        let twice = json!({
            "a": { "type": "string", "x-mcp-header": "Region" }, "b": { "type": "string", "x-mcp-header": "REGION" },
        });
        assert!(problems(&twice).contains("`a` has the header `Region` already"));
    }

    #[test]
    fn a_header_stands_where_only_properties_lead() {
        let inner = json!({ "type": "string", "x-mcp-header": "A" });
        assert_eq!(problems(&json!({ "o": { "type": "object", "properties": { "a b": inner } } })), "");
        for keyword in ["items", "not", "if", "additionalProperties"] {
            let problem = problems(&json!({ "o": { keyword: inner } }));
            assert!(problem.contains(&format!("stands below `{keyword}`")), "{problem}");
        }
        assert_eq!(problems(&json!({ "o": { "default": { "x-mcp-header": 7 } } })), "", "that is a value");
    }

    #[test]
    fn a_name_with_escapes_is_the_same_name() {
        let schema = r#"{"type":"object","properties":{"a":{"type":"string","x\u002dmcp-header":"A"}}}"#;
        assert!(compile(&Raw::parse(schema).unwrap()).unwrap().is_some());
    }

    #[test]
    fn what_has_no_value_has_no_header() {
        let schema = Raw::from(&json!({ "type": "object", "properties": {
            "text": { "type": "string", "x-mcp-header": "Text" },
            "whole": { "type": "integer", "x-mcp-header": "Whole" },
            "flag": { "type": "boolean", "x-mcp-header": "Flag" },
            "deep": { "type": "object", "properties": { "text": { "type": "string", "x-mcp-header": "Deep" } } },
            "other": { "type": "string" },
        } }));
        let bindings = compile(&schema).unwrap().unwrap();
        let mirrored = |arguments: Value| {
            let mut headers = HeaderMap::new();
            bindings.mirror(&arguments, &mut headers);
            headers
                .iter()
                .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            mirrored(
                json!({ "text": "", "whole": 42, "flag": false, "deep": { "text": "ü" }, "other": "x" })
            ),
            [
                "mcp-param-text: ",
                "mcp-param-whole: 42",
                "mcp-param-flag: false",
                "mcp-param-deep: =?base64?w7w=?="
            ]
        );
        assert!(mirrored(json!({ "text": null, "whole": 1.5, "flag": [], "deep": 7 })).is_empty());
        assert!(mirrored(json!(null)).is_empty());
    }
}
