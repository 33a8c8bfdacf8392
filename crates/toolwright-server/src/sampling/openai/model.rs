use std::{fmt, sync::OnceLock, time::Duration};

use reqwest::{
    Client, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
    redirect::Policy,
};
use toolwright_core::model::{CreateMessageParams, CreateMessageResult};

use super::{request, response};
use crate::{Context, HandlerError, sampling::SamplingFallback};

/// Models think for long.
const TIMEOUT: Duration = Duration::from_secs(120);
/// Longest answer in bytes.
const LONGEST: usize = 8 * 1024 * 1024;

/// A model that is asked with `POST {base}/chat/completions`: of OpenAI, or of a server that speaks the same, such as vLLM, Ollama
/// or llama.cpp.
///
/// Text, pictures, sound (WAV and MP3), tools, and everything else of a question but `metadata` are passed on. Tools without text in
/// their result give the model their structured result.
///
/// # Example
/// ```
/// use toolwright_server::{Server, sampling::OpenAi};
///
/// let model = OpenAi::new("http://127.0.0.1:11434/v1", "llama3.2").key("secret");
/// assert!(!format!("{model:?}").contains("secret"));
/// let server = Server::builder("demo").sampling_fallback(model).build();
/// assert!(server.is_ok());
/// ```
pub struct OpenAi {
    base: String,
    key: Option<String>,
    model: String,
    others: Vec<String>,
    timeout: Duration,
    newer_limit: bool,
    client: OnceLock<Client>,
}

impl OpenAi {
    /// The model `model` behind `base`, for example `https://api.openai.com/v1`.
    pub fn new(base: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            base: base.into(),
            key: None,
            model: model.into(),
            others: Vec::new(),
            timeout: TIMEOUT,
            newer_limit: false,
            client: OnceLock::new(),
        }
    }

    /// The key that is sent as a bearer token. A secret.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// More models, which are taken when a hint of a question is a part of their name. The first hint that fits one counts.
    pub fn or_models(mut self, models: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.others.extend(models.into_iter().map(Into::into));
        self
    }

    /// How long one answer may take. Default two minutes.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Says the longest answer as `max_completion_tokens`, which newer models of OpenAI want, instead of `max_tokens`, which everyone
    /// else knows.
    pub fn max_completion_tokens(mut self) -> Self {
        self.newer_limit = true;
        self
    }

    fn pick(&self, params: &CreateMessageParams) -> &str {
        let preferences = params.model_preferences.as_ref();
        let hints = preferences.and_then(|preferences| preferences.hints.as_deref()).unwrap_or_default();
        let models = || std::iter::once(&self.model).chain(&self.others);
        hints
            .iter()
            .filter_map(|hint| hint.name.as_deref())
            .find_map(|hint| models().find(|model| model.contains(hint)))
            .unwrap_or(&self.model)
    }

    fn client(&self) -> Result<&Client, HandlerError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        // The key goes to the address that was given and nowhere else.
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .timeout(self.timeout)
            .build()?;
        Ok(self.client.get_or_init(|| client))
    }

    async fn post(&self, body: Vec<u8>) -> Result<(StatusCode, Vec<u8>), HandlerError> {
        let url = format!("{}/chat/completions", self.base.trim_end_matches('/'));
        let mut request = self.client()?.post(url).header(CONTENT_TYPE, "application/json").body(body);
        if let Some(key) = &self.key {
            let mut value = HeaderValue::from_str(&format!("Bearer {key}"))
                .map_err(|_| "the key of the model has characters that no header can have")?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        let mut answer = request.send().await.map_err(unreachable)?;
        let mut received = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            if received.len() + chunk.len() > LONGEST {
                return Err(format!("the model's answer is longer than {LONGEST} bytes").into());
            }
            received.extend_from_slice(&chunk);
        }
        Ok((answer.status(), received))
    }
}

impl SamplingFallback for OpenAi {
    async fn create_message(
        &self,
        params: CreateMessageParams,
        _context: &Context,
    ) -> Result<CreateMessageResult, HandlerError> {
        let body = request::write(self.pick(&params), &params, self.newer_limit)?;
        let (status, answer) = self.post(body).await?;
        if !status.is_success() {
            return Err(response::Refused::new(status, &answer).into());
        }
        response::read(&answer)
    }
}

/// Where it was is for the log: an address may be nobody's business.
fn unreachable(error: reqwest::Error) -> HandlerError {
    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Unreachable {
        text: &'static str,
        source: reqwest::Error,
    }
    let text =
        if error.is_timeout() { "the model did not answer in time" } else { "the model cannot be reached" };
    Unreachable { text, source: error }.into()
}

impl fmt::Debug for OpenAi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenAi")
            .field("base", &self.base)
            .field("model", &self.model)
            .field("key", &self.key.as_ref().map(|_| ".."))
            .finish_non_exhaustive()
    }
}
