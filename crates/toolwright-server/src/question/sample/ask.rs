use std::future::IntoFuture;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toolwright_core::{
    joint::BoxFuture,
    model::{
        CreateMessageParams, IncludeContext, IntoNumber, JsonObject, ModelPreferences, OneOrMany, Role,
        SamplingContent, SamplingMessage, ToolChoiceMode,
    },
};

use super::{
    SampleTool, Sampled,
    answer::Answer,
    converse::{Conversation, Ended},
    toolbox::Toolbox,
};
use crate::{Context, HandlerError};

/// How long an answer may be unless the question says so.
const MAX_TOKENS: u64 = 1024;
/// How often the model may speak unless the question says so.
const TURNS: u32 = 8;

impl Context {
    /// Asks the client's model ("Sampling", deprecated since 2026-07-28: call a model of your own instead, or give the server a
    /// [fallback](crate::ServerBuilder::sampling_fallback), which answers for clients that cannot). Await it.
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
        AskSample {
            context: self.clone(),
            key: None,
            params: CreateMessageParams::new(messages, MAX_TOKENS),
            tools: Vec::new(),
            turns: TURNS,
        }
    }
}

/// A question to a model; await it for what it says, or call [`data`](Self::data) for a value of a type.
#[derive(Debug)]
#[must_use = "a question is asked when it is awaited"]
pub struct AskSample {
    context: Context,
    key: Option<String>,
    params: CreateMessageParams,
    tools: Vec<SampleTool>,
    turns: u32,
}

impl AskSample {
    /// Names the question, so that its answer is found again even if its text changes.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Longest answer in tokens. Default 1,024.
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

    /// Texts at which the model stops.
    pub fn stop_sequences(mut self, stops: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.params = self.params.stop_sequences(stops);
        self
    }

    /// Members for the provider of the model, which the client may pass on.
    pub fn metadata(mut self, metadata: JsonObject) -> Self {
        self.params.metadata = Some(metadata);
        self
    }

    /// What the client adds from its servers. From 2025-11-25 on, it must have declared `sampling.context` for all but `none`.
    pub fn include_context(mut self, context: IncludeContext) -> Self {
        self.params.include_context = Some(context);
        self
    }

    /// Adds a picture, a sound or more text to the last message, or a message of the user's where the model spoke last.
    ///
    /// # Example
    /// ```
    /// use toolwright_server::{Context, HandlerError, respond::Image};
    ///
    /// async fn describe(context: &Context, photo: &[u8]) -> Result<String, HandlerError> {
    ///     Ok(context.sample("What is this?").attach(Image::new(photo, "image/jpeg")).await?.text())
    /// }
    /// # let _ = describe;
    /// ```
    pub fn attach(mut self, content: impl Into<SamplingContent>) -> Self {
        let content = content.into();
        match self.params.messages.last_mut() {
            Some(last) if last.role == Role::User => {
                let mut blocks = last.content.as_slice().to_vec();
                blocks.push(content);
                last.content = OneOrMany::Many(blocks);
            }
            _ => self.params.messages.push(SamplingMessage::new(Role::User, content)),
        }
        self
    }

    /// Tools for the model: names of the server's own, which run as the same caller; tools with a handler, `tools![add]`, which no
    /// client has to know of; or definitions without one, whose use is handed back in [`Sampled::uses`]. The client must have
    /// declared `sampling.tools`.
    ///
    /// The model is asked again with what its tools answered until it asks for none. Tools run one after the other, and each once:
    /// if the handler runs again for a stateless client, it gets the answers that they gave. A tool that fails tells the model so.
    ///
    /// # Example
    /// ```
    /// use toolwright_server::{Context, HandlerError};
    ///
    /// async fn plan(context: &Context, city: &str) -> Result<String, HandlerError> {
    ///     let question = format!("What should one wear in {city} tomorrow?");
    ///     Ok(context.sample(question).tools(["forecast"]).await?.text())
    /// }
    /// # let _ = plan;
    /// ```
    pub fn tools(mut self, tools: impl IntoIterator<Item = impl Into<SampleTool>>) -> Self {
        self.tools.extend(tools.into_iter().map(Into::into));
        self
    }

    /// Whether the model may, must or must not use tools. That it must is for its first turn only.
    pub fn tool_choice(mut self, mode: ToolChoiceMode) -> Self {
        self.params = self.params.tool_choice(mode.into());
        self
    }

    /// How often the model may speak before it has an answer. Default 8. In the last turn it is told to use no more tools.
    pub fn turns(mut self, turns: u32) -> Self {
        self.turns = turns.max(1);
        self
    }

    /// The answer as a `T`. The model gives it by a tool `final_answer` with the schema of `T`, if the client can do that, and writes
    /// JSON otherwise. An answer that does not fit is shown to it with what is wrong, once.
    ///
    /// # Errors
    /// When the client cannot be asked, refuses, or its model gives no such answer.
    ///
    /// # Example
    /// ```
    /// use schemars::JsonSchema;
    /// use serde::Deserialize;
    /// use toolwright_server::{Context, HandlerError};
    ///
    /// #[derive(Deserialize, JsonSchema)]
    /// struct Review {
    ///     /// From 1 to 5.
    ///     stars: u8,
    ///     reason: String,
    /// }
    ///
    /// async fn rate(context: &Context, text: &str) -> Result<u8, HandlerError> {
    ///     let review: Review = context.sample(format!("Rate this: {text}")).data().await?;
    ///     Ok(review.stars)
    /// }
    /// # let _ = rate;
    /// ```
    pub async fn data<T: DeserializeOwned + JsonSchema>(self) -> Result<T, HandlerError> {
        let answer = Answer::new::<T>();
        match self.converse(Some(&answer)).await? {
            Ended::Data(value) => Ok(serde_json::from_value(value)?),
            Ended::Said(_) => Err("the model's answer got lost".into()),
        }
    }

    async fn converse(self, answer: Option<&Answer>) -> Result<Ended, HandlerError> {
        crate::deprecated::warn_once(crate::deprecated::Feature::Sampling);
        super::check::messages(&self.params.messages)?;
        let toolbox = Toolbox::find(&self.context, self.tools).await?;
        let conversation =
            Conversation { context: self.context, key: self.key, params: self.params, toolbox, answer };
        conversation.run(self.turns).await
    }
}

impl IntoFuture for AskSample {
    type Output = Result<Sampled, HandlerError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            match self.converse(None).await? {
                Ended::Said(sampled) => Ok(*sampled),
                Ended::Data(_) => Err("the model answered what nobody asked for".into()),
            }
        })
    }
}
