use std::sync::{Arc, OnceLock};

use super::Tool;
use crate::arguments::Arguments;
use toolwright_core::{Raw, headers::ParamBindings, model::CallToolResult};

/// What is known of the schemas of a tool: whether somebody wrote them by hand, so that no type of ours holds values to them.
///
/// The feature `validation` compiles those schemas once and holds values to them; without it they are passed on and trusted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Checks {
    input_by_hand: bool,
    output_by_hand: bool,
    /// Compiled when the server is built, and shared by clones.
    bindings: Arc<OnceLock<Result<Option<ParamBindings>, Vec<String>>>>,
    #[cfg(feature = "validation")]
    compiled: crate::validation::Compiled,
}

impl Checks {
    pub(super) fn input_by_hand(&mut self, by_hand: bool) {
        self.input_by_hand = by_hand;
        self.forget_input();
    }

    pub(super) fn output_by_hand(&mut self, by_hand: bool) {
        self.output_by_hand = by_hand;
        #[cfg(feature = "validation")]
        self.compiled.forget_output();
    }

    pub(super) fn is_input_by_hand(&self) -> bool {
        self.input_by_hand
    }

    /// The schema for arguments is another one now.
    pub(super) fn forget_input(&mut self) {
        self.bindings = Arc::default();
        #[cfg(feature = "validation")]
        self.compiled.forget_input();
    }

    /// The arguments that HTTP headers mirror, by the schema for them.
    pub(crate) fn bindings(&self, schema: &Raw) -> Result<Option<&ParamBindings>, &[String]> {
        let compiled = self.bindings.get_or_init(|| {
            let named = |problem: String| format!("its input schema: {problem}");
            ParamBindings::compile(schema).map_err(|problems| problems.into_iter().map(named).collect())
        });
        compiled.as_ref().map(Option::as_ref).map_err(Vec::as_slice)
    }
}

#[cfg(feature = "validation")]
impl Checks {
    /// Why the schemas cannot be held to.
    pub(crate) fn problems(&self, tool: &Tool) -> Vec<String> {
        let input = self.compiled.input(tool.schema(), self.wants_input(tool));
        let output = tool.result_schema().map(|schema| self.compiled.output(schema, self.output_by_hand));
        let named = |what, error: &String| format!("its {what} schema cannot be used: {error}");
        [
            input.err().map(|error| named("input", error)),
            output.and_then(Result::err).map(|error| named("output", error)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// What the caller has to mend in the arguments.
    pub(crate) fn input(&self, tool: &Tool, arguments: &Arguments) -> Result<(), String> {
        match self.compiled.input(tool.schema(), self.wants_input(tool)) {
            Ok(Some(validator)) => validator.check(arguments.as_bytes()),
            _ => Ok(()),
        }
    }

    /// What the tool's author has to mend in the result.
    pub(crate) fn output(&self, tool: &Tool, result: &CallToolResult) -> Result<(), String> {
        let Some(schema) = tool.result_schema().filter(|_| result.is_error != Some(true)) else {
            return Ok(());
        };
        match self.compiled.output(schema, self.output_by_hand) {
            Ok(Some(validator)) => match &result.structured_content {
                Some(value) => validator.check(value.as_str().as_bytes()),
                None => Err("the result has no structured content".into()),
            },
            _ => Ok(()),
        }
    }

    /// Patterns are the one thing that derived schemas promise and types do not keep.
    fn wants_input(&self, tool: &Tool) -> bool {
        self.input_by_hand || tool.schema().as_str().contains("\"pattern\"")
    }
}

#[cfg(not(feature = "validation"))]
impl Checks {
    pub(crate) fn problems(&self, _: &Tool) -> Vec<String> {
        Vec::new()
    }

    pub(crate) fn input(&self, _: &Tool, _: &Arguments) -> Result<(), String> {
        Ok(())
    }

    pub(crate) fn output(&self, _: &Tool, _: &CallToolResult) -> Result<(), String> {
        let _ = self.output_by_hand;
        Ok(())
    }
}
