use serde_json::Value;
use toolwright_core::{
    Raw,
    model::{
        ClientCapabilities, CreateMessageParams, CreateMessageResult, IncludeContext, Method, OneOrMany,
        Role, SamplingCapability, SamplingContent, SamplingMessage, ToolChoiceMode, ToolUseContent,
    },
};

use super::{
    Sampled,
    answer::{self, Answer},
    sampled::{text, uses},
    toolbox::{Toolbox, failed},
};
use crate::{Context, HandlerError, component::Requirement, journal::digest, question::QuestionError};

/// What a conversation came to.
pub(super) enum Ended {
    Said(Box<Sampled>),
    Data(Value),
}

/// A conversation with a model, until it has an answer.
pub(super) struct Conversation<'a> {
    pub(super) context: Context,
    pub(super) key: Option<String>,
    pub(super) params: CreateMessageParams,
    pub(super) toolbox: Toolbox,
    /// What the answer has to look like.
    pub(super) answer: Option<&'a Answer>,
}

impl Conversation<'_> {
    pub(super) async fn run(mut self, turns: u32) -> Result<Ended, HandlerError> {
        let by_tool = self.prepare()?;
        let mut second_chance = true;
        for turn in 1..=turns {
            if turn == turns && turn > 1 {
                self.settle_for_an_answer(by_tool);
            }
            let result = self.ask().await?;
            if let Some(answer) = self.answer {
                let given = match (by_tool, uses(&result).find(|used| used.name == answer::NAME)) {
                    (true, Some(used)) => Some(answer.of_tool(used)),
                    (true, None) if uses(&result).next().is_some() => None,
                    _ => Some(answer.of_text(&text(&result))),
                };
                match given {
                    Some(Ok(value)) => return Ok(Ended::Data(value)),
                    Some(Err(problem)) if second_chance && turn < turns => {
                        second_chance = false;
                        self.correct(&result, &problem, by_tool);
                        continue;
                    }
                    Some(Err(problem)) => {
                        return Err(format!(
                            "the model gave no answer of the form that was asked for: {problem}"
                        )
                        .into());
                    }
                    None => {}
                }
            }
            if !self.use_tools(&result).await? {
                return Ok(Ended::Said(Box::new(Sampled::new(self.params.messages, result))));
            }
            // That a tool must be used was said once, or there would be no end.
            if self.params.tool_choice.as_ref().and_then(|choice| choice.mode)
                == Some(ToolChoiceMode::Required)
            {
                self.params.tool_choice = Some(ToolChoiceMode::Auto.into());
            }
        }
        Err(HandlerError::from(format!("the model used tools in each of {turns} turns and gave no answer"))
            .hint("`.turns(..)` lets it go on for longer"))
    }

    /// Completes the parameters; `true` when the answer is given by a tool.
    fn prepare(&mut self) -> Result<bool, HandlerError> {
        let by_tool = self.answer.is_some() && (!self.toolbox.is_empty() || self.can_use_tools());
        if let (Some(answer), true) = (self.answer, by_tool) {
            if self.toolbox.is_empty() {
                self.params.tool_choice = Some(ToolChoiceMode::Required.into());
            }
            self.toolbox.add_answer(answer.tool())?;
        } else if let Some(answer) = self.answer {
            self.params.messages.push(SamplingMessage::user(answer.instructions()));
        }
        if !self.toolbox.is_empty() {
            self.params.tools = Some(self.toolbox.definitions().to_vec());
        }
        Ok(by_tool)
    }

    /// Whether whoever answers lets its model use tools.
    fn can_use_tools(&self) -> bool {
        let (context, sampling) = (&self.context, self.context.client_lacks(Requirement::Sampling));
        context.client_lacks(Requirement::SamplingTools).is_none()
            || sampling.is_some() && context.engine().sampling_fallback.is_some()
    }

    /// The last turn is for the answer ("Sampling", "Tool Loop Limits").
    fn settle_for_an_answer(&mut self, by_tool: bool) {
        if self.params.tools.is_some() {
            let mode = if by_tool { ToolChoiceMode::Required } else { ToolChoiceMode::None };
            self.params.tool_choice = Some(mode.into());
        }
    }

    /// Shows the model what is wrong with its answer.
    fn correct(&mut self, result: &CreateMessageResult, problem: &str, by_tool: bool) {
        self.remember(result);
        let results: Vec<_> = uses(result)
            .map(|used| {
                let text = if used.name == answer::NAME {
                    format!("{problem}; call it again")
                } else {
                    "not run".into()
                };
                SamplingContent::ToolResult(failed(used, text))
            })
            .collect();
        let message = if !results.is_empty() {
            SamplingMessage::new(Role::User, results)
        } else if by_tool {
            SamplingMessage::user(format!("Give the answer by calling `{}`.", answer::NAME))
        } else {
            SamplingMessage::user(format!("That does not fit: {problem}. Answer with JSON only."))
        };
        if by_tool {
            self.params.tool_choice = Some(ToolChoiceMode::Required.into());
        }
        self.params.messages.push(message);
    }

    fn remember(&mut self, result: &CreateMessageResult) {
        let mut message = SamplingMessage::new(result.role, result.content.clone());
        message.meta.clone_from(&result.meta);
        self.params.messages.push(message);
    }

    /// Runs what the model wants run, and writes down what came of it; `false` when there is nothing to run here.
    async fn use_tools(&mut self, result: &CreateMessageResult) -> Result<bool, HandlerError> {
        let used: Vec<&ToolUseContent> = uses(result).collect();
        if used.is_empty() {
            return Ok(false);
        }
        if self.toolbox.is_empty() {
            return Err(HandlerError::public(QuestionError::Invalid(
                "its model uses tools that it was not given".into(),
            )));
        }
        if used.iter().any(|used| self.toolbox.is_for_the_handler(used)) {
            return Ok(false);
        }
        let mut results = Vec::with_capacity(used.len());
        for used in used {
            results.push(SamplingContent::ToolResult(self.toolbox.run(&self.context, used).await?));
        }
        self.remember(result);
        self.params.messages.push(SamplingMessage::new(Role::User, OneOrMany::Many(results)));
        Ok(true)
    }

    /// One turn of the model.
    async fn ask(&self) -> Result<CreateMessageResult, HandlerError> {
        let context = &self.context;
        let requirement =
            if self.params.tools.is_some() { Requirement::SamplingTools } else { Requirement::Sampling };
        let mut params = self.params.clone();
        if let (Some(_), Some(fallback)) =
            (context.client_lacks(requirement), context.engine().sampling_fallback.clone())
        {
            // There are no servers whose context it could add.
            params.include_context = None;
            let key = self.key.clone().unwrap_or_else(|| {
                let asked = serde_json::to_string(&params).unwrap_or_default();
                format!("{}-{:016x}", Method::CreateMessage.as_str(), digest(&asked))
            });
            let asking = context.clone();
            let ask = |_: Context| async move { fallback.create_message(params, &asking).await };
            return context.remember(key, ask).await;
        }
        let stateless = context.era().is_stateless();
        let refused = |error: QuestionError| error.into_handler_error(stateless);
        self.check_context().map_err(refused)?;
        context.era().shape_sampling(&mut params).map_err(HandlerError::public)?;
        let params = Raw::serialize(&params)?;
        context.ask(self.key.clone(), requirement, Method::CreateMessage, params).await.map_err(refused)
    }

    /// Context of servers is for clients that declared it; before 2025-11-25, all do it or not, as they like.
    fn check_context(&self) -> Result<(), QuestionError> {
        let wanted = self.params.include_context.is_some_and(|wanted| wanted != IncludeContext::None);
        if !wanted || !self.context.era().samples_with_tools() {
            return Ok(());
        }
        let required = ClientCapabilities::new().sampling(SamplingCapability::new().context());
        match self.context.client_capabilities().and_then(|declared| declared.missing(&required)) {
            Some(missing) => Err(QuestionError::Unsupported(Box::new(missing))),
            None => Ok(()),
        }
    }
}
