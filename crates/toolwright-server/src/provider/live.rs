use std::{borrow::Cow, fmt, future::Future, sync::Arc, time::Duration};

use toolwright_core::joint::BoxFuture;

use super::Caller;
use crate::{
    Completion, Prompt, Resource, Tool,
    component::{ComponentKey, Kind},
    transform::{SharedTransform, Stack},
};

/// A live source of components: a catalog that depends on the caller, somebody else's server.
///
/// It is asked with each request, under a [deadline](Self::deadline). One that fails or hangs is named in the log and in the
/// errors of calls that needed it, and never takes the components of others away.
///
/// # Example
/// ```
/// use toolwright_server::{Context, Tool, provider::{Caller, Provider, ProviderError}};
///
/// struct PerUser;
///
/// impl Provider for PerUser {
///     fn name(&self) -> String {
///         "per-user".into()
///     }
///
///     async fn tools(&self, caller: &Caller) -> Result<Vec<Tool>, ProviderError> {
///         let Some(principal) = caller.principal() else { return Ok(Vec::new()) };
///         let name = format!("inbox_of_{}", principal.subject());
///         Ok(vec![Tool::new(name).handler(|_: Context| async { "empty" })])
///     }
/// }
/// # let _ = PerUser;
/// ```
pub trait Provider: Send + Sync + 'static {
    /// Its name in logs and errors.
    fn name(&self) -> String;

    /// Longest wait for an answer of it. Default five seconds.
    fn deadline(&self) -> Duration {
        Duration::from_secs(5)
    }

    /// The tools that `caller` can use.
    fn tools(&self, caller: &Caller) -> impl Future<Output = Result<Vec<Tool>, ProviderError>> + Send {
        let _ = caller;
        async { Ok(Vec::new()) }
    }

    /// All versions of the tool `name`. Override it where asking for one is cheaper than asking for all.
    fn tool(
        &self,
        caller: &Caller,
        name: &str,
    ) -> impl Future<Output = Result<Vec<Tool>, ProviderError>> + Send {
        async move {
            let mut tools = self.tools(caller).await?;
            tools.retain(|tool| tool.common().name == name);
            Ok(tools)
        }
    }

    /// The resources and templates that `caller` can read.
    fn resources(
        &self,
        caller: &Caller,
    ) -> impl Future<Output = Result<Vec<Resource>, ProviderError>> + Send {
        let _ = caller;
        async { Ok(Vec::new()) }
    }

    /// All versions of the resource at `uri`, and the templates that match it. Override it where asking for one is cheaper than
    /// asking for all.
    fn resource(
        &self,
        caller: &Caller,
        uri: &str,
    ) -> impl Future<Output = Result<Vec<Resource>, ProviderError>> + Send {
        async move {
            let mut resources = self.resources(caller).await?;
            resources.retain(|resource| resource.address().leads_to(uri));
            Ok(resources)
        }
    }

    /// The prompts that `caller` can use.
    fn prompts(&self, caller: &Caller) -> impl Future<Output = Result<Vec<Prompt>, ProviderError>> + Send {
        let _ = caller;
        async { Ok(Vec::new()) }
    }

    /// All versions of the prompt `name`. Override it where asking for one is cheaper than asking for all.
    fn prompt(
        &self,
        caller: &Caller,
        name: &str,
    ) -> impl Future<Output = Result<Vec<Prompt>, ProviderError>> + Send {
        async move {
            let mut prompts = self.prompts(caller).await?;
            prompts.retain(|prompt| prompt.common().name == name);
            Ok(prompts)
        }
    }

    /// Completions of prompts and templates.
    fn completions(
        &self,
        caller: &Caller,
    ) -> impl Future<Output = Result<Vec<Completion>, ProviderError>> + Send {
        let _ = caller;
        async { Ok(Vec::new()) }
    }
}

/// Why a provider could not answer.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ProviderError(Box<dyn std::error::Error + Send + Sync>);

impl ProviderError {
    /// It failed because of `source`.
    pub fn new(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

trait Ask: Send + Sync {
    fn name(&self) -> String;
    fn deadline(&self) -> Duration;
    fn tools<'a>(&'a self, caller: &'a Caller) -> BoxFuture<'a, Result<Vec<Tool>, ProviderError>>;
    fn tool<'a>(
        &'a self,
        caller: &'a Caller,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Tool>, ProviderError>>;
    fn resources<'a>(&'a self, caller: &'a Caller) -> BoxFuture<'a, Result<Vec<Resource>, ProviderError>>;
    fn resource<'a>(
        &'a self,
        caller: &'a Caller,
        uri: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Resource>, ProviderError>>;
    fn prompts<'a>(&'a self, caller: &'a Caller) -> BoxFuture<'a, Result<Vec<Prompt>, ProviderError>>;
    fn prompt<'a>(
        &'a self,
        caller: &'a Caller,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Prompt>, ProviderError>>;
    fn completions<'a>(&'a self, caller: &'a Caller)
    -> BoxFuture<'a, Result<Vec<Completion>, ProviderError>>;
}

impl<P: Provider> Ask for P {
    fn name(&self) -> String {
        Provider::name(self)
    }

    fn deadline(&self) -> Duration {
        Provider::deadline(self)
    }

    fn tools<'a>(&'a self, caller: &'a Caller) -> BoxFuture<'a, Result<Vec<Tool>, ProviderError>> {
        Box::pin(Provider::tools(self, caller))
    }

    fn tool<'a>(
        &'a self,
        caller: &'a Caller,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Tool>, ProviderError>> {
        Box::pin(Provider::tool(self, caller, name))
    }

    fn resources<'a>(&'a self, caller: &'a Caller) -> BoxFuture<'a, Result<Vec<Resource>, ProviderError>> {
        Box::pin(Provider::resources(self, caller))
    }

    fn resource<'a>(
        &'a self,
        caller: &'a Caller,
        uri: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Resource>, ProviderError>> {
        Box::pin(Provider::resource(self, caller, uri))
    }

    fn prompts<'a>(&'a self, caller: &'a Caller) -> BoxFuture<'a, Result<Vec<Prompt>, ProviderError>> {
        Box::pin(Provider::prompts(self, caller))
    }

    fn prompt<'a>(
        &'a self,
        caller: &'a Caller,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Prompt>, ProviderError>> {
        Box::pin(Provider::prompt(self, caller, name))
    }

    fn completions<'a>(
        &'a self,
        caller: &'a Caller,
    ) -> BoxFuture<'a, Result<Vec<Completion>, ProviderError>> {
        Box::pin(Provider::completions(self, caller))
    }
}

/// Any live provider, shared.
#[derive(Clone)]
pub(crate) struct SharedProvider(Arc<dyn Ask>);

impl SharedProvider {
    pub(crate) fn new(provider: impl Provider) -> Self {
        Self(Arc::new(provider))
    }
}

impl fmt::Debug for SharedProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SharedProvider").field(&self.0.name()).finish()
    }
}

/// A live provider with the transforms around it.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    provider: SharedProvider,
    transforms: Stack,
}

/// What one live provider answered, or why it did not.
pub(crate) struct Answer<T> {
    pub(crate) provider: Cow<'static, str>,
    pub(crate) outcome: Result<Vec<T>, String>,
}

impl Live {
    pub(crate) fn new(provider: SharedProvider, transforms: Vec<SharedTransform>) -> Self {
        Self { provider, transforms: Stack::new(transforms) }
    }

    pub(crate) async fn tools(&self, caller: &Caller) -> Answer<Tool> {
        let answer = self.ask(self.provider.0.tools(caller)).await;
        answer.map(|tool| self.transforms.tool(tool))
    }

    pub(crate) async fn resources(&self, caller: &Caller) -> Answer<Resource> {
        let answer = self.ask(self.provider.0.resources(caller)).await;
        answer.map(|resource| self.transforms.resource(resource))
    }

    pub(crate) async fn prompts(&self, caller: &Caller) -> Answer<Prompt> {
        let answer = self.ask(self.provider.0.prompts(caller)).await;
        answer.map(|prompt| self.transforms.prompt(prompt))
    }

    pub(crate) async fn completions(&self, caller: &Caller) -> Answer<Completion> {
        let answer = self.ask(self.provider.0.completions(caller)).await;
        answer.map(|completion| self.transforms.completion(completion))
    }

    /// All versions of the tool that is called `name` out here.
    pub(crate) async fn tool(&self, caller: &Caller, name: &str) -> Answer<Tool> {
        let inner = self.transforms.reverse(Kind::Tool, name);
        let answer = self.ask_each(&inner, |name| self.provider.0.tool(caller, name), Tool::key).await;
        answer.map(|tool| self.transforms.tool(tool)).keep(|tool| tool.common().name == name)
    }

    /// All versions of the resource that is at `uri` out here, and the templates that match it.
    pub(crate) async fn resource(&self, caller: &Caller, uri: &str) -> Answer<Resource> {
        let inner = self.transforms.reverse(Kind::Resource, uri);
        let answer = self.ask_each(&inner, |uri| self.provider.0.resource(caller, uri), Resource::key).await;
        answer
            .map(|resource| {
                let mut resource = self.transforms.resource(resource)?;
                // The provider was told who asks, so that may be why it has this one.
                resource.common_mut().needs.caller();
                Some(resource)
            })
            .keep(|resource| resource.address().leads_to(uri))
    }

    /// All versions of the prompt that is called `name` out here.
    pub(crate) async fn prompt(&self, caller: &Caller, name: &str) -> Answer<Prompt> {
        let inner = self.transforms.reverse(Kind::Prompt, name);
        let answer = self.ask_each(&inner, |name| self.provider.0.prompt(caller, name), Prompt::key).await;
        answer.map(|prompt| self.transforms.prompt(prompt)).keep(|prompt| prompt.common().name == name)
    }

    /// One answer out of those for several names, of which mostly there is one.
    async fn ask_each<'a, T: Send>(
        &self,
        names: &'a [String],
        question: impl Fn(&'a str) -> BoxFuture<'a, Result<Vec<T>, ProviderError>> + Send,
        key: fn(&T) -> ComponentKey,
    ) -> Answer<T> {
        match names {
            [] => Answer { provider: Cow::Borrowed(""), outcome: Ok(Vec::new()) },
            [name] => self.ask(question(name)).await,
            names => {
                self.ask(Box::pin(async move {
                    let mut found = Vec::new();
                    for name in names {
                        let mut more = question(name).await?;
                        // One template may match several of the names.
                        more.retain(|item| found.iter().all(|old| key(old) != key(item)));
                        found.append(&mut more);
                    }
                    Ok(found)
                }))
                .await
            }
        }
    }

    async fn ask<T>(&self, question: BoxFuture<'_, Result<Vec<T>, ProviderError>>) -> Answer<T> {
        let deadline = self.provider.0.deadline();
        let outcome = match tokio::time::timeout(deadline, question).await {
            Ok(outcome) => outcome.map_err(|error| error.to_string()),
            Err(_) => Err(format!("no answer within {deadline:?}")),
        };
        let provider = self.provider.0.name();
        if let Err(reason) = &outcome {
            tracing::warn!(%provider, %reason, "a provider failed; its components are missing from this answer");
        }
        Answer { provider: provider.into(), outcome }
    }
}

impl<T> Answer<T> {
    fn keep(self, wanted: impl Fn(&T) -> bool) -> Self {
        self.map(|item| wanted(&item).then_some(item))
    }

    fn map(self, transform: impl Fn(T) -> Option<T>) -> Self {
        Self { outcome: self.outcome.map(|items| items.into_iter().filter_map(transform).collect()), ..self }
    }
}
