use std::future::IntoFuture;

use toolwright_core::{
    Raw,
    joint::BoxFuture,
    model::{
        CreateMessageParams, CreateMessageResult, IntoNumber, Method, ModelPreferences, SamplingContent,
        SamplingMessage, Tool,
    },
};

use crate::{Context, HandlerError, component::Requirement};

/// How long an answer may be unless the question says so.
const MAX_TOKENS: u64 = 1024;

impl Context {
    /// Asks the client's model ("Sampling", deprecated since 2026-07-28: call a model of your own instead). Await it.
    ///
    /// # Errors
    /// When the client cannot be asked, or refuses.
    ///
    /// # Example
    /// ```
    /// use toolwright_server::{Context, HandlerError};
    ///
    /// async fn summarize(context: &Context, text: &str) -> Result<String, HandlerError> {
    ///     let answer = context.sample(format!("Summarize: {text}")).max_tokens(200).await?;
    ///     Ok(answer.text())
    /// }
    /// # let _ = summarize;
    /// ```
    pub fn sample(&self, prompt: impl Into<String>) -> AskSample {
        self.sample_messages([SamplingMessage::user(prompt)])
    }

    /// [`sample`](Self::sample) with a whole conversation.
    ///
    /// # Errors
    /// When the client cannot be asked, or refuses.
    pub fn sample_messages(&self, messages: impl IntoIterator<Item = SamplingMessage>) -> AskSample {
        AskSample { context: self.clone(), key: None, params: CreateMessageParams::new(messages, MAX_TOKENS) }
    }
}

/// A question to the client's model; await it.
#[derive(Debug)]
#[must_use = "a question is asked when it is awaited"]
pub struct AskSample {
    context: Context,
    key: Option<String>,
    params: CreateMessageParams,
}

impl AskSample {
    /// Names the question, so that its answer is found again even if its text changes.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Longest answer in tokens.
    pub fn max_tokens(mut self, tokens: u64) -> Self {
        self.params.max_tokens = tokens;
        self
    }

    /// What the model should be like.
    pub fn system(mut self, prompt: impl Into<String>) -> Self {
        self.params = self.params.system_prompt(prompt);
        self
    }

    /// How much chance there is in the answer.
    pub fn temperature(mut self, temperature: impl IntoNumber) -> Self {
        self.params = self.params.temperature(temperature);
        self
    }

    /// Which model is preferred.
    pub fn preferences(mut self, preferences: ModelPreferences) -> Self {
        self.params = self.params.model_preferences(preferences);
        self
    }

    /// Tools that the model may ask for. The client must have declared `sampling.tools`.
    pub fn tools(mut self, tools: impl IntoIterator<Item = Tool>) -> Self {
        self.params.tools = Some(tools.into_iter().collect());
        self
    }

    async fn ask(self) -> Result<Sampled, HandlerError> {
        crate::deprecated::warn_once(crate::deprecated::Feature::Sampling);
        let stateless = self.context.era().is_stateless();
        let requirement =
            if self.params.tools.is_some() { Requirement::SamplingTools } else { Requirement::Sampling };
        let params = Raw::serialize(&self.params)?;
        let answer = self
            .context
            .ask(self.key, requirement, Method::CreateMessage, params)
            .await
            .map_err(|error| error.into_handler_error(stateless))?;
        Ok(Sampled(answer))
    }
}

impl IntoFuture for AskSample {
    type Output = Result<Sampled, HandlerError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.ask())
    }
}

/// What the client's model answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampled(CreateMessageResult);

impl Sampled {
    /// All text of the answer.
    pub fn text(&self) -> String {
        let texts: Vec<_> = self.0.content.as_slice().iter().filter_map(SamplingContent::as_text).collect();
        texts.join("\n")
    }

    /// The whole answer: content, model, why it stopped.
    pub fn result(&self) -> &CreateMessageResult {
        &self.0
    }
}
