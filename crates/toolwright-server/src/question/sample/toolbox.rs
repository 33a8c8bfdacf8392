use std::{fmt::Write as _, sync::Arc};

use toolwright_core::{
    Raw,
    jsonrpc::ErrorCode,
    model::{self, CallToolResult, ContentBlock, ToolResultContent, ToolUseContent},
};

use crate::{Context, HandlerError, Tool, provider::Caller};

/// A tool that a model may use while it answers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SampleTool {
    /// A tool of the server, by name. It runs as the caller of the handler, and only if they may use it.
    Own(String),
    /// A tool with a handler. Rules of access are not asked: the handler gives it.
    Given(Box<Tool>),
    /// A definition. The handler runs it itself.
    Defined(Box<model::Tool>),
}

impl From<&str> for SampleTool {
    fn from(name: &str) -> Self {
        Self::Own(name.to_owned())
    }
}

impl From<String> for SampleTool {
    fn from(name: String) -> Self {
        Self::Own(name)
    }
}

impl From<Tool> for SampleTool {
    fn from(tool: Tool) -> Self {
        Self::Given(Box::new(tool))
    }
}

impl From<model::Tool> for SampleTool {
    fn from(tool: model::Tool) -> Self {
        Self::Defined(Box::new(tool))
    }
}

/// The tools of one conversation.
#[derive(Debug)]
pub(super) struct Toolbox {
    definitions: Vec<model::Tool>,
    runs: Vec<Runs>,
}

#[derive(Debug)]
enum Runs {
    Own,
    Given(Arc<Tool>),
    Nowhere,
}

impl Toolbox {
    /// Looks up the server's own tools as this caller sees them.
    pub(super) async fn find(context: &Context, tools: Vec<SampleTool>) -> Result<Self, HandlerError> {
        let mut toolbox = Self { definitions: Vec::new(), runs: Vec::new() };
        for tool in tools {
            let (definition, runs) = match tool {
                SampleTool::Own(name) => {
                    let snapshot = context.engine().snapshot();
                    let found = snapshot.tool(&name, None, &Caller::new(context)).await;
                    let Ok(tool) = found else {
                        return Err(format!(
                            "`sample` was to use the tool `{name}`, which this caller does not have"
                        )
                        .into());
                    };
                    (brief(&tool.definition()), Runs::Own)
                }
                SampleTool::Given(tool) => (brief(&tool.definition()), Runs::Given(Arc::from(tool))),
                SampleTool::Defined(definition) => (*definition, Runs::Nowhere),
            };
            toolbox.add(definition, runs)?;
        }
        Ok(toolbox)
    }

    fn add(&mut self, definition: model::Tool, runs: Runs) -> Result<(), HandlerError> {
        if self.definitions.iter().any(|other| other.name == definition.name) {
            return Err(format!("`sample` was given two tools of the name `{}`", definition.name).into());
        }
        self.definitions.push(definition);
        self.runs.push(runs);
        Ok(())
    }

    /// Adds the tool by which the model gives its answer.
    pub(super) fn add_answer(&mut self, definition: model::Tool) -> Result<(), HandlerError> {
        self.add(definition, Runs::Nowhere)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.definitions.is_empty()
    }

    pub(super) fn definitions(&self) -> &[model::Tool] {
        &self.definitions
    }

    /// Whether this is a tool that the handler runs itself.
    pub(super) fn is_for_the_handler(&self, used: &ToolUseContent) -> bool {
        matches!(self.runs_of(&used.name), Some(Runs::Nowhere))
    }

    fn runs_of(&self, name: &str) -> Option<&Runs> {
        let at = self.definitions.iter().position(|tool| tool.name == name)?;
        self.runs.get(at)
    }

    /// Runs a tool as the model wants it. What goes wrong is for the model to read, unless the client has to hear of it.
    pub(super) async fn run(
        &self,
        context: &Context,
        used: &ToolUseContent,
    ) -> Result<ToolResultContent, HandlerError> {
        let Some(runs) = self.runs_of(&used.name) else { return Ok(failed(used, self.unknown(&used.name))) };
        let arguments = Raw::serialize(&used.input)?;
        let call = |context: Context| async move {
            let called = match runs {
                Runs::Given(tool) => context.call_given(Arc::clone(tool), arguments).await,
                Runs::Own | Runs::Nowhere => context.call_tool(&used.name, arguments).await,
            };
            match called {
                Ok(result) => Ok(answered(used, result)),
                Err(error) if is_for_the_client(&error) => Err(error),
                Err(error) => Ok(failed(used, error.to_string())),
            }
        };
        context.remember(format!("tool-{}", used.id), call).await
    }

    fn unknown(&self, name: &str) -> String {
        let mut text = format!("there is no tool `{name}`; the tools are");
        for (at, tool) in self.definitions.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(text, "{comma} `{}`", tool.name).expect("a string takes all text");
        }
        text
    }
}

/// What a model needs to know of a tool.
fn brief(tool: &model::Tool) -> model::Tool {
    let mut brief = model::Tool::new(tool.name.as_str(), tool.input_schema.clone());
    brief.description.clone_from(&tool.description);
    brief
}

/// What the client has to be able to do, or to open first, it must be told; the call is over, too.
fn is_for_the_client(error: &HandlerError) -> bool {
    let code = error.as_rpc().map(|rpc| rpc.code);
    matches!(code, Some(ErrorCode::MISSING_CLIENT_CAPABILITY | ErrorCode::URL_ELICITATION_REQUIRED))
        || error.chain().any(|error| error.is::<toolwright_core::joint::Closed>())
}

fn answered(used: &ToolUseContent, result: CallToolResult) -> ToolResultContent {
    let mut content = ToolResultContent::new(used.id.as_str(), result.content);
    // The text says the same, and a model would pay for both.
    if content.content.is_empty() {
        content.structured_content = result.structured_content.as_ref().and_then(|raw| raw.read().ok());
    }
    content.is_error = result.is_error;
    content
}

pub(super) fn failed(used: &ToolUseContent, text: String) -> ToolResultContent {
    ToolResultContent::new(used.id.as_str(), [ContentBlock::text(text)]).is_error(true)
}
