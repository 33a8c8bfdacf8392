use std::fmt;

use http::HeaderMap;
use serde_json::{Value, value::RawValue};
use toolwright_core::{
    headers::{ParamBinding, ParamBindings, ParamBranch, ParamNode, ParamValue},
    jsonrpc::RpcError,
};

use super::compare::mirrors;
use crate::call::each_member;

/// Compares the headers of a request with the arguments that they mirror, the JSON text of an object. What has no value must have
/// no header; headers that the tool does not know are nobody's business ("Custom Headers from Tool Parameters").
pub(crate) fn arguments(
    bindings: &ParamBindings,
    headers: &HeaderMap,
    arguments: &str,
) -> Result<(), RpcError> {
    let mut check = Check { bindings, headers, agreeing: 0 };
    check.object(bindings.root(), arguments)?;
    let sent = bindings.all().iter().filter(|binding| headers.contains_key(&binding.header)).count();
    if sent == check.agreeing { Ok(()) } else { Err(check.odd(arguments)) }
}

struct Check<'a> {
    bindings: &'a ParamBindings,
    headers: &'a HeaderMap,
    /// How many values agree with their headers.
    agreeing: usize,
}

impl Check<'_> {
    fn object(&mut self, node: &ParamNode, json: &str) -> Result<(), RpcError> {
        let mut outcome = Ok(());
        each_member(json, |name, value| {
            if outcome.is_ok() {
                outcome = match node.get(name) {
                    Some(ParamBranch::Node(node)) if value.get().starts_with('{') => {
                        self.object(node, value.get())
                    }
                    Some(ParamBranch::Argument(at)) => self.argument(*at, value),
                    Some(_) | None => Ok(()),
                };
            }
        });
        outcome
    }

    fn argument(&mut self, at: usize, value: &RawValue) -> Result<(), RpcError> {
        // Values of other types have no header. That they do not fit the schema, the tool will say.
        let Some(value) = ParamValue::read(value.get()) else { return Ok(()) };
        let binding = &self.bindings.all()[at];
        self.agreeing += 1;
        mirrors(self.headers, &binding.header, &Shown(binding), Some(&value))
    }

    /// What a header has that the arguments do not, or the other way round.
    #[cold]
    fn odd(&self, arguments: &str) -> RpcError {
        let body: Value = serde_json::from_str(arguments).unwrap_or_default();
        for binding in self.bindings.all() {
            let value = binding.steps.iter().try_fold(&body, |value, step| value.get(step));
            let value = value.and_then(ParamValue::of);
            if let Err(error) = mirrors(self.headers, &binding.header, &Shown(binding), value.as_ref()) {
                return error;
            }
        }
        RpcError::header_mismatch("an argument that a header mirrors is given more than once")
    }
}

struct Shown<'a>(&'a ParamBinding);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mcp-Param-{}", self.0.shown)
    }
}
