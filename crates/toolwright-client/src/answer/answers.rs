use std::{fmt, future::Future, sync::Arc};

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::task::JoinSet;
use toolwright_core::{
    Raw,
    joint::BoxFuture,
    jsonrpc::RpcError,
    model::{
        ClientCapabilities, CreateMessageParams, CreateMessageResult, ElicitAction, ElicitFormParams,
        ElicitParams, ElicitResult, ElicitUrlParams, ElicitationCapability, InputRequest, InputRequests,
        InputResponse, InputResponses, ListRootsResult, Root, RootsCapability, SamplingCapability,
        UrlElicitationRequiredData,
    },
};

use super::{Elicitations, Refusal, contain, form::complete};
use crate::ClientError;

type Handler<P, R> = Arc<dyn Fn(P) -> BoxFuture<'static, R> + Send + Sync>;

/// The handlers for what a server may ask. What is not installed is not declared and gets an error.
#[derive(Clone, Default)]
pub(crate) struct Answers {
    form: Option<Handler<ElicitFormParams, ElicitResult>>,
    url: Option<Handler<ElicitUrlParams, ElicitResult>>,
    sample: Option<Handler<CreateMessageParams, Result<CreateMessageResult, Refusal>>>,
    roots: Option<Roots>,
    pub(crate) sampling_tools: bool,
    pub(crate) sampling_context: bool,
    pub(crate) forms_as_given: bool,
}

/// Where the roots come from.
type Roots = Handler<(), Vec<Root>>;

impl Answers {
    pub(crate) fn on_form<F, R>(&mut self, handler: F)
    where
        F: Fn(ElicitFormParams) -> R + Send + Sync + 'static,
        R: Future<Output = ElicitResult> + Send + 'static,
    {
        self.form = Some(Arc::new(move |params| Box::pin(handler(params))));
    }

    pub(crate) fn on_url<F, R>(&mut self, handler: F)
    where
        F: Fn(ElicitUrlParams) -> R + Send + Sync + 'static,
        R: Future<Output = ElicitResult> + Send + 'static,
    {
        self.url = Some(Arc::new(move |params| Box::pin(handler(params))));
    }

    pub(crate) fn on_sample<F, R>(&mut self, handler: F)
    where
        F: Fn(CreateMessageParams) -> R + Send + Sync + 'static,
        R: Future<Output = Result<CreateMessageResult, Refusal>> + Send + 'static,
    {
        self.sample = Some(Arc::new(move |params| Box::pin(handler(params))));
    }

    pub(crate) fn on_roots<F, R>(&mut self, handler: F)
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Vec<Root>> + Send + 'static,
    {
        self.roots = Some(Arc::new(move |()| Box::pin(handler())));
    }

    /// What the client declares; `session` says whether that is for a session, where roots can announce changes.
    pub(crate) fn capabilities(&self, session: bool) -> ClientCapabilities {
        let mut capabilities = ClientCapabilities::new();
        if self.form.is_some() || self.url.is_some() {
            let mut elicitation = ElicitationCapability::new();
            if self.form.is_some() {
                elicitation = elicitation.form();
            }
            if self.url.is_some() {
                elicitation = elicitation.url();
            }
            capabilities = capabilities.elicitation(elicitation);
        }
        if self.sample.is_some() {
            let mut sampling = SamplingCapability::new();
            if self.sampling_tools {
                sampling = sampling.tools();
            }
            if self.sampling_context {
                sampling = sampling.context();
            }
            capabilities = capabilities.sampling(sampling);
        }
        if self.roots.is_some() {
            let roots = RootsCapability::new();
            capabilities = capabilities.roots(if session { roots.list_changed(true) } else { roots });
        }
        capabilities
    }

    /// Answers a request of an older session.
    pub(crate) async fn serve(
        self,
        elicitations: &Elicitations,
        method: &str,
        params: Option<Box<RawValue>>,
    ) -> Result<Raw, RpcError> {
        let request = match method {
            "elicitation/create" => InputRequest::Elicit(read(params.as_deref())?),
            "sampling/createMessage" => InputRequest::CreateMessage(Box::new(read(params.as_deref())?)),
            "roots/list" => InputRequest::ListRoots(None),
            other => return Err(RpcError::method_not_found(other)),
        };
        self.answer(elicitations, request).await.map(|response| response.as_raw().clone())
    }

    /// Answers every question of one round, all at the same time.
    pub(crate) async fn all(
        &self,
        elicitations: &Arc<Elicitations>,
        requests: &InputRequests,
    ) -> Result<InputResponses, ClientError> {
        let mut answers = JoinSet::new();
        for (key, request) in requests.iter() {
            let (this, elicitations) = (self.clone(), elicitations.clone());
            let (key, request) = (key.to_owned(), request.clone());
            answers.spawn(async move { (key, this.answer(&elicitations, request).await) });
        }
        let mut responses = InputResponses::new();
        while let Some(answer) = answers.join_next().await {
            // A task that is aborted with the runtime is the only one that does not come back.
            let (key, answer) = answer.map_err(|_| ClientError::Closed)?;
            match answer {
                Ok(response) => responses.insert(key, response),
                Err(error) => {
                    return Err(ClientError::Unanswered { key, reason: error.message.into_owned() });
                }
            };
        }
        Ok(responses)
    }

    /// Shows the user the URLs that a session's server wants visited before it goes on. Their ids, if the user agreed to all
    /// (2025-11-25, "URL Elicitation Required Error").
    pub(crate) async fn visit(&self, error: &RpcError, elicitations: &Elicitations) -> Option<Vec<String>> {
        let handler = self.url.as_ref()?;
        let data: UrlElicitationRequiredData = error.data.as_ref()?.read().ok()?;
        let mut ids = Vec::new();
        for url in data.elicitations {
            if let Some(id) = &url.elicitation_id {
                elicitations.expect(id);
                ids.push(id.clone());
            }
            match contain(handler(url)).await {
                Ok(ElicitResult { action: ElicitAction::Accept, .. }) => {}
                _ => {
                    for id in &ids {
                        elicitations.complete(id);
                    }
                    return None;
                }
            }
        }
        Some(ids)
    }

    async fn answer(
        self,
        elicitations: &Elicitations,
        request: InputRequest,
    ) -> Result<InputResponse, RpcError> {
        let answer = async {
            match request {
                InputRequest::Elicit(ElicitParams::Form(form)) => {
                    let handler = self.form.as_ref().ok_or_else(|| self.no_elicitation("form"))?;
                    let schema = form.requested_schema.clone();
                    let mut answer = handler(form).await;
                    if !self.forms_as_given {
                        complete(&schema, &mut answer).map_err(|fault| {
                            tracing::error!(
                                fault,
                                "the client's answer does not fit the form that was asked for"
                            );
                            RpcError::internal_error(format!(
                                "the client's answer does not fit the form: {fault}"
                            ))
                        })?;
                    }
                    Ok(InputResponse::from(&answer))
                }
                InputRequest::Elicit(ElicitParams::Url(url)) => {
                    let handler = self.url.as_ref().ok_or_else(|| self.no_elicitation("url"))?;
                    let id = url.elicitation_id.clone();
                    if let Some(id) = &id {
                        elicitations.expect(id);
                    }
                    let mut answer = handler(url).await;
                    if let (Some(id), false) = (&id, answer.action == ElicitAction::Accept) {
                        elicitations.complete(id);
                    }
                    // Accepting is consent, and there is nothing to fill in.
                    answer.content = None;
                    Ok(InputResponse::from(&answer))
                }
                InputRequest::CreateMessage(params) => {
                    let handler = self
                        .sample
                        .as_ref()
                        .ok_or_else(|| RpcError::method_not_found("sampling/createMessage"))?;
                    // ("Sampling", "Tools in Sampling": an error if the capability was not declared.)
                    if (params.tools.is_some() || params.tool_choice.is_some()) && !self.sampling_tools {
                        return Err(RpcError::invalid_params("this client does not sample with tools"));
                    }
                    Ok(InputResponse::from(&handler(*params).await?))
                }
                InputRequest::ListRoots(_) => {
                    let handler =
                        self.roots.as_ref().ok_or_else(|| RpcError::method_not_found("roots/list"))?;
                    let mut roots = handler(()).await;
                    roots.retain(|root| {
                        let file = root.uri.starts_with("file://");
                        if !file {
                            tracing::warn!(uri = root.uri, "a root is left out, since only `file://` is one");
                        }
                        file
                    });
                    Ok(InputResponse::from(&ListRootsResult::new(roots)))
                }
                other => Err(RpcError::method_not_found(other.method().as_str())),
            }
        };
        contain(answer)
            .await
            .unwrap_or_else(|_| Err(RpcError::internal_error("the client's handler panicked")))
    }

    /// Another mode is wrong parameters; no mode at all is an unknown method ("Elicitation", "Error Handling").
    fn no_elicitation(&self, mode: &str) -> RpcError {
        if self.form.is_none() && self.url.is_none() {
            RpcError::method_not_found("elicitation/create")
        } else {
            RpcError::invalid_params(format!("this client did not declare elicitation of mode `{mode}`"))
        }
    }
}

fn read<T: DeserializeOwned>(params: Option<&RawValue>) -> Result<T, RpcError> {
    let params = params.ok_or_else(|| RpcError::invalid_params("`params` is missing"))?;
    serde_json::from_str(params.get())
        .map_err(|error| RpcError::invalid_params(format!("malformed `params`: {error}")))
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answers")
            .field("form", &self.form.is_some())
            .field("url", &self.url.is_some())
            .field("sample", &self.sample.is_some())
            .field("roots", &self.roots.is_some())
            .finish_non_exhaustive()
    }
}
