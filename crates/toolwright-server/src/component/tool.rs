use std::{fmt, future::ready, sync::Arc};

use serde_json::json;
use toolwright_core::{
    Raw,
    era::Era,
    joint::BoxFuture,
    model::{self, CallToolResult, ToolAnnotations},
};

use super::{Checks, Common, ComponentKey, Kind, common::common_setters};
use crate::{Context, HandlerError, arguments::Arguments, handler::Handler};

type Call =
    dyn Fn(Context, Arguments) -> BoxFuture<'static, Result<CallToolResult, HandlerError>> + Send + Sync;

/// Stands between a caller and a handler that disagree about the arguments.
pub(crate) trait MapArguments: Send + Sync + 'static {
    /// What the handler gets of what a caller sent.
    fn arguments(&self, sent: &Arguments) -> Result<Arguments, HandlerError>;

    /// An error of the handler in terms of what the caller sent.
    fn explain(&self, error: HandlerError, sent: &Arguments) -> HandlerError;
}

/// A tool: a definition that models see, and the handler behind it.
///
/// Most tools are made by `#[tool]`; this is the same without a macro.
///
/// # Example
/// ```
/// use toolwright_server::{Context, HandlerError, Tool};
///
/// let ping = Tool::new("ping").description("Says pong.").handler(|_: Context| async { "pong" });
/// assert_eq!(ping.key().to_string(), "tool `ping`");
/// ```
#[derive(Clone)]
pub struct Tool {
    common: Common,
    input_schema: Raw,
    output_schema: Option<Raw>,
    wraps: bool,
    checks: Checks,
    annotations: Option<ToolAnnotations>,
    call: Option<Arc<Call>>,
}

common_setters!(Tool);

impl Tool {
    /// A tool without a handler; give it one with [`handler`](Self::handler).
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            common: Common { name: name.into(), ..Common::default() },
            input_schema: Raw::from(
                json!({ "type": "object", "properties": {}, "additionalProperties": false }),
            ),
            output_schema: None,
            wraps: false,
            checks: Checks::default(),
            annotations: None,
            call: None,
        }
    }

    /// Runs `handler`, whose parameters give the input schema and whose return type gives the output schema.
    pub fn handler<M, H: Handler<M>>(self, handler: H) -> Self {
        handler.attach(self)
    }

    /// A JSON Schema for the arguments, passed on verbatim. Replaces a derived one.
    pub fn input_schema(mut self, schema: impl Into<Raw>) -> Self {
        self.input_schema = schema.into();
        self.checks.input_by_hand(true);
        self
    }

    /// A schema that comes from the types of the handler, which hold arguments to it.
    pub(crate) fn derived_input_schema(mut self, schema: Raw) -> Self {
        self.input_schema = schema;
        self.checks.input_by_hand(false);
        self
    }

    /// A schema that comes from the return type of the handler, which holds results to it.
    pub(crate) fn derived_output_schema(mut self, schema: Option<Raw>) -> Self {
        self = self.output_schema(schema);
        self.checks.output_by_hand(false);
        self
    }

    /// Whether the schema for arguments was written by hand.
    pub(crate) fn has_own_input_schema(&self) -> bool {
        self.checks.is_input_by_hand()
    }

    /// A JSON Schema for structured results, passed on verbatim. Replaces a derived one.
    pub fn output_schema(mut self, schema: impl Into<Option<Raw>>) -> Self {
        self.output_schema = schema.into();
        self.wraps = self.output_schema.as_ref().is_some_and(Era::wraps);
        self.checks.output_by_hand(true);
        self
    }

    /// Hints about what the tool does.
    pub fn annotations(mut self, annotations: ToolAnnotations) -> Self {
        self.annotations = Some(annotations);
        self
    }

    /// The lowest layer: `call` gets the context and the raw arguments and answers with a complete result.
    pub fn raw_handler<F, R>(mut self, call: F) -> Self
    where
        F: Fn(Context, Arguments) -> R + Send + Sync + 'static,
        R: Future<Output = Result<CallToolResult, HandlerError>> + Send + 'static,
    {
        self.call = Some(Arc::new(move |context, arguments| Box::pin(call(context, arguments))));
        self
    }

    /// Its identity.
    pub fn key(&self) -> ComponentKey {
        let mut key = ComponentKey::new(Kind::Tool, &self.common.name);
        key.version.clone_from(&self.common.version);
        key
    }

    /// The JSON Schema for the arguments.
    pub fn schema(&self) -> &Raw {
        &self.input_schema
    }

    /// The JSON Schema for structured results, if it has one.
    pub fn result_schema(&self) -> Option<&Raw> {
        self.output_schema.as_ref()
    }

    /// Its hints.
    pub fn hints(&self) -> Option<&ToolAnnotations> {
        self.annotations.as_ref()
    }

    /// The definition as clients see it, before an era shapes it.
    pub fn definition(&self) -> model::Tool {
        let common = &self.common;
        let mut tool = model::Tool::new(&common.name, self.input_schema.clone());
        tool.title.clone_from(&common.title);
        tool.description.clone_from(&common.description);
        tool.output_schema.clone_from(&self.output_schema);
        tool.annotations.clone_from(&self.annotations);
        tool.icons = (!common.icons.is_empty()).then(|| common.icons.clone());
        tool.meta = common.wire_meta();
        tool
    }

    /// Whether results are wrapped for revisions that know only objects.
    pub(crate) fn wraps(&self) -> bool {
        self.wraps
    }

    /// Holds arguments, results and the schemas themselves to what was written by hand.
    pub(crate) fn checks(&self) -> &Checks {
        &self.checks
    }

    pub(crate) fn has_handler(&self) -> bool {
        self.call.is_some()
    }

    /// Shows `schema` to callers, and maps their arguments before the handler gets them.
    pub(crate) fn map_arguments(mut self, schema: Raw, map: impl MapArguments) -> Self {
        self.input_schema = schema;
        self.checks.forget_input();
        let map = Arc::new(map);
        self.call = self.call.take().map(|call| -> Arc<Call> {
            Arc::new(move |context, sent| match map.arguments(&sent) {
                Ok(mapped) => {
                    let (result, map) = (call(context, mapped), Arc::clone(&map));
                    Box::pin(async move { result.await.map_err(|error| map.explain(error, &sent)) })
                }
                Err(error) => Box::pin(ready(Err(error))),
            })
        });
        self
    }

    pub(crate) fn call(
        &self,
        context: Context,
        arguments: Arguments,
    ) -> Option<BoxFuture<'static, Result<CallToolResult, HandlerError>>> {
        self.call.as_ref().map(|call| call(context, arguments))
    }
}

impl fmt::Debug for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tool")
            .field("name", &self.common.name)
            .field("version", &self.common.version)
            .finish_non_exhaustive()
    }
}
