use std::{collections::HashMap, fmt, future::ready, sync::Arc};

use toolwright_core::{
    Raw,
    era::{Era, Revision, Served},
    joint::BoxFuture,
    jsonrpc::RpcError,
    model::{ClientCapabilities, Extensions as Declared, JsonObject, Method, SubscriptionFilter, meta},
};

use super::{Extension, ExtensionMethod, Gate};
use crate::{Call, Context, Error, Reply, middleware::Next, middleware::SharedMiddleware};

/// The extensions of a server.
#[derive(Clone, Default)]
pub(crate) struct Extensions {
    all: Vec<Arc<dyn DynExtension>>,
    methods: HashMap<String, (usize, ExtensionMethod)>,
}

trait DynExtension: Send + Sync {
    fn id(&self) -> &str;
    fn settings(&self, revision: Revision) -> Option<JsonObject>;
    fn methods(&self) -> Vec<ExtensionMethod>;
    fn meta_keys(&self) -> Vec<String>;
    fn result_types(&self) -> Vec<String>;
    fn listen_members(&self) -> Vec<String>;
    fn listen(&self, context: &Context, asked: &SubscriptionFilter) -> JsonObject;
    fn intercepts(&self) -> bool;
    fn handle(self: Arc<Self>, call: Call) -> BoxFuture<'static, Reply>;
    fn intercept(self: Arc<Self>, call: Call, next: Next) -> BoxFuture<'static, Reply>;
    fn start(&self) -> BoxFuture<'_, Result<(), Box<dyn std::error::Error + Send + Sync>>>;
    fn stop(&self) -> BoxFuture<'_, ()>;
}

impl<E: Extension> DynExtension for E {
    fn id(&self) -> &str {
        Extension::id(self)
    }

    fn settings(&self, revision: Revision) -> Option<JsonObject> {
        Extension::settings(self, revision)
    }

    fn methods(&self) -> Vec<ExtensionMethod> {
        Extension::methods(self)
    }

    fn meta_keys(&self) -> Vec<String> {
        Extension::meta_keys(self)
    }

    fn result_types(&self) -> Vec<String> {
        Extension::result_types(self)
    }

    fn listen_members(&self) -> Vec<String> {
        Extension::listen_members(self)
    }

    fn listen(&self, context: &Context, asked: &SubscriptionFilter) -> JsonObject {
        Extension::listen(self, context, asked)
    }

    fn intercepts(&self) -> bool {
        Extension::intercepts(self)
    }

    fn handle(self: Arc<Self>, call: Call) -> BoxFuture<'static, Reply> {
        Box::pin(async move { Extension::handle(&*self, call).await })
    }

    fn intercept(self: Arc<Self>, call: Call, next: Next) -> BoxFuture<'static, Reply> {
        Box::pin(async move { Extension::intercept(&*self, call, next).await })
    }

    fn start(&self) -> BoxFuture<'_, Result<(), Box<dyn std::error::Error + Send + Sync>>> {
        Box::pin(Extension::start(self))
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        Box::pin(Extension::stop(self))
    }
}

impl Extensions {
    pub(crate) fn add(&mut self, extension: impl Extension) {
        let at = self.all.len();
        for method in Extension::methods(&extension) {
            self.methods.entry(method.name().to_owned()).or_insert((at, method));
        }
        self.all.push(Arc::new(extension));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Mistakes of their authors.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (at, extension) in self.all.iter().enumerate() {
            let id = extension.id();
            if let Err(error) = meta::check_extension_id(id) {
                problems.push(format!("extension `{id}`: {error}"));
            }
            if self.all[..at].iter().any(|other| other.id() == id) {
                problems.push(format!("extension `{id}` is added twice"));
            }
            for method in extension.methods() {
                let name = method.name();
                if !matches!(Method::from(name), Method::Other(_)) && !method_is_free(&method) {
                    problems.push(format!(
                        "extension `{id}`: `{name}` is a method of the protocol; choose another name"
                    ));
                }
                if self.methods.get(name).is_some_and(|(owner, _)| *owner != at) {
                    problems
                        .push(format!("extension `{id}`: another extension has the method `{name}` already"));
                }
            }
            for key in extension.meta_keys() {
                if let Err(error) = meta::check_key(&key) {
                    problems.push(format!("extension `{id}`: {error}"));
                }
            }
            for kind in extension.result_types() {
                if matches!(kind.as_str(), "complete" | "input_required") {
                    problems.push(format!("extension `{id}`: `{kind}` is a result type of the protocol"));
                }
            }
        }
        problems
    }

    /// What clients of this era are told.
    pub(crate) fn offered(&self, era: Era) -> Option<Declared> {
        let mut offered = Declared::new();
        for extension in &self.all {
            if let Some(settings) = extension.settings(era.revision()) {
                offered.insert(extension.id(), settings);
            }
        }
        (!offered.is_empty()).then_some(offered)
    }

    /// The extension that serves this method in this era, if there is one.
    pub(crate) fn method(&self, era: Era, name: &str) -> Option<&ExtensionMethod> {
        let (at, method) = self.methods.get(name)?;
        let offered = self.all[*at].settings(era.revision()).is_some();
        (offered && method.exists_in(era.revision())).then_some(method)
    }

    /// Serves a method that [`method`](Self::method) found.
    pub(crate) fn handle(&self, call: Call) -> BoxFuture<'static, Reply> {
        let name = call.method().as_str();
        let Some((at, method)) = self.methods.get(name) else {
            return Box::pin(ready(RpcError::method_not_found(name).into()));
        };
        let extension = &self.all[*at];
        if method.gate == Gate::Declared && !declares(&call.context, extension.id()) {
            return Box::pin(ready(missing(&call.context, extension.id()).into()));
        }
        Arc::clone(extension).handle(call)
    }

    /// The members of a listen filter that extensions honour.
    pub(crate) fn listen(&self, context: &Context, asked: &SubscriptionFilter) -> JsonObject {
        let mut honoured = JsonObject::new();
        for extension in &self.all {
            if !extension.listen_members().is_empty() && declares(context, extension.id()) {
                honoured.extend(extension.listen(context, asked));
            }
        }
        honoured
    }

    /// Extensions that wrap calls of tools, as layers.
    pub(crate) fn interceptors(&self) -> Vec<SharedMiddleware> {
        let wrap = |extension: &Arc<dyn DynExtension>| {
            let extension = Arc::clone(extension);
            SharedMiddleware::new(move |call: Call, next: Next| {
                let extension = Arc::clone(&extension);
                async move {
                    if *call.method() == Method::CallTool && declares(call.context(), extension.id()) {
                        extension.intercept(call, next).await
                    } else {
                        next.run(call).await
                    }
                }
            })
        };
        self.all.iter().filter(|extension| extension.intercepts()).map(wrap).collect()
    }

    pub(crate) async fn start(&self) -> Result<(), Error> {
        for extension in &self.all {
            extension
                .start()
                .await
                .map_err(|source| Error::Start { what: format!("extension `{}`", extension.id()), source })?;
        }
        Ok(())
    }

    pub(crate) async fn stop(&self) {
        for extension in self.all.iter().rev() {
            extension.stop().await;
        }
    }
}

/// Methods of the tasks that 2025-11-25 had in its core belong to an extension in later revisions.
fn method_is_free(method: &ExtensionMethod) -> bool {
    let all = Served::default();
    match Method::from(method.name()) {
        Method::GetTask | Method::CancelTask => method
            .revisions
            .as_ref()
            .is_some_and(|revisions| all.stateless().any(|revision| revisions.contains(&revision))),
        _ => false,
    }
}

fn declares(context: &Context, id: &str) -> bool {
    context
        .client_capabilities()
        .and_then(|capabilities| capabilities.extensions.as_ref())
        .is_some_and(|extensions| extensions.contains(id))
}

/// The client did not declare the extension ("Extension Negotiation").
fn missing(context: &Context, id: &str) -> RpcError {
    if !context.era().is_stateless() {
        return RpcError::method_not_found(context.method().as_str());
    }
    let required = ClientCapabilities::new().extensions(Declared::new().extension(id, JsonObject::new()));
    RpcError::missing_client_capability(
        &Raw::serialize(&required).expect("capabilities can always be written"),
    )
}

impl fmt::Debug for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.all.iter().map(|extension| extension.id())).finish()
    }
}
