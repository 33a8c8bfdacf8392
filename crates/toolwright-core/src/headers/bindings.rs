use http::{HeaderMap, HeaderName};
use serde_json::Value;

use super::ParamValue;
use crate::Raw;

/// The arguments of a tool that headers mirror ("Streamable HTTP", "Custom Headers from Tool Parameters"), compiled from its input
/// schema.
///
/// # Example
/// ```
/// use http::HeaderMap;
/// use serde_json::json;
/// use toolwright_core::{Raw, headers::ParamBindings};
///
/// let schema = Raw::from(&json!({ "type": "object", "properties": {
///     "region": { "type": "string", "x-mcp-header": "Region" },
///     "query": { "type": "string" },
/// } }));
/// let bindings = ParamBindings::compile(&schema)?.expect("one property has a header");
///
/// let mut headers = HeaderMap::new();
/// bindings.mirror(&json!({ "region": "eu-west", "query": "select 1" }), &mut headers);
/// assert_eq!(headers["mcp-param-region"], "eu-west");
/// assert_eq!(headers.len(), 1);
/// # Ok::<(), Vec<String>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ParamBindings {
    pub(super) root: ParamNode,
    pub(super) all: Vec<ParamBinding>,
}

/// One argument and its header.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ParamBinding {
    /// The name of the header.
    pub header: HeaderName,
    /// The last part of that name, as the schema writes it.
    pub shown: String,
    /// The way to the argument, property by property.
    pub steps: Vec<String>,
}

/// Properties of one object with headers, or with such properties inside.
#[derive(Clone, Debug, Default)]
pub struct ParamNode(pub(super) Vec<(String, ParamBranch)>);

/// What a property leads to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ParamBranch {
    /// An object.
    Node(ParamNode),
    /// The argument of the binding with this place in [`ParamBindings::all`].
    Argument(usize),
}

impl ParamBindings {
    /// The bindings of an input schema; none, if no property has one.
    ///
    /// # Errors
    /// Everything that is wrong with them, one text each. A tool with such a schema must not be offered over HTTP.
    pub fn compile(schema: &Raw) -> Result<Option<Self>, Vec<String>> {
        super::compile::compile(schema)
    }

    /// All of them.
    pub fn all(&self) -> &[ParamBinding] {
        &self.all
    }

    /// What stands at the root of the arguments.
    pub fn root(&self) -> &ParamNode {
        &self.root
    }

    /// Adds the headers that mirror `arguments`. What has no value has no header, nor has a value that does not fit its schema.
    pub fn mirror(&self, arguments: &Value, headers: &mut HeaderMap) {
        for ParamBinding { header, steps, .. } in &self.all {
            let value = steps.iter().try_fold(arguments, |value, step| value.get(step));
            if let Some(value) = value.and_then(ParamValue::of) {
                headers.insert(header.clone(), value.header());
            }
        }
    }
}

impl ParamNode {
    /// What `property` leads to, if there is a header.
    pub fn get(&self, property: &str) -> Option<&ParamBranch> {
        self.0.iter().find(|(name, _)| name == property).map(|(_, branch)| branch)
    }
}
