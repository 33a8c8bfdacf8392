use serde_json::{Map, Value};
use toolwright_core::{Raw, headers::param_name};

use super::bindings::{Binding, Bindings, Branch, Node};
use crate::arguments::check::Path;

/// The keyword of JSON Schema that names a header.
const KEYWORD: &str = "x-mcp-header";

/// Keywords whose values are no schemas, whatever stands in them.
const DATA: [&str; 5] = ["const", "default", "enum", "example", "examples"];

impl Bindings {
    /// The bindings of an input schema; none, if no property has one.
    ///
    /// # Errors
    /// Everything that is wrong with them, one text each.
    pub(crate) fn compile(schema: &Raw) -> Result<Option<Self>, Vec<String>> {
        // Most schemas have none, which their text tells fastest.
        if !schema.as_str().contains(KEYWORD) {
            return Ok(None);
        }
        let mut compiler = Compiler::default();
        let root = match schema.read::<Value>() {
            Ok(Value::Object(schema)) => compiler.object(&schema, &Path::Root),
            // A schema that is no object has its own problem.
            _ => Node::default(),
        };
        let Compiler { all, problems } = compiler;
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok((!all.is_empty()).then_some(Self { root, all }))
    }
}

#[derive(Default)]
struct Compiler {
    all: Vec<Binding>,
    problems: Vec<String>,
}

impl Compiler {
    /// A schema that only steps through `properties` lead to.
    fn object(&mut self, schema: &Map<String, Value>, path: &Path<'_>) -> Node {
        if schema.contains_key(KEYWORD) && matches!(path, Path::Root) {
            self.problem(path, "the arguments as a whole have no header; give one to a property");
        }
        let mut node = Node::default();
        for (keyword, value) in schema {
            match value {
                Value::Object(properties) if keyword == "properties" => {
                    for (name, property) in properties {
                        if let Some(branch) = self.property(property, &path.member(name)) {
                            node.0.push((name.clone(), branch));
                        }
                    }
                }
                value => self.elsewhere(keyword, value, path),
            }
        }
        node
    }

    fn property(&mut self, schema: &Value, path: &Path<'_>) -> Option<Branch> {
        let schema = schema.as_object()?;
        let Some(header) = schema.get(KEYWORD) else {
            let node = self.object(schema, path);
            return (!node.0.is_empty()).then_some(Branch::Node(node));
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
        self.all.push(Binding { header, shown: shown.clone(), steps: steps(path) });
        Some(Branch::Argument(self.all.len() - 1))
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
        self.problems.push(format!("its input schema: `{KEYWORD}` at `{path}`: {text}"));
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

fn steps(path: &Path<'_>) -> Vec<String> {
    match path {
        Path::Member(parent, name) => {
            let mut steps = steps(parent);
            steps.push((*name).to_owned());
            steps
        }
        Path::Root | Path::Item(..) => Vec::new(),
    }
}
