use std::{
    any::{TypeId, type_name},
    collections::HashMap,
    fmt,
    future::Future,
    sync::Arc,
    time::Duration,
};

use arc_swap::ArcSwapOption;
use toolwright_core::{
    era::{Revision, Served, Signature},
    joint::{Limits, SharedTokenVerifier, Surface, TokenVerifier},
    model::{CacheHint, CacheScope, Icon, Implementation},
};
use toolwright_store::{KeyValue, PubSub, SharedPubSub};

use super::problems;
use crate::{
    Completion, Error, Prompt, Resource, Server, StateKeys, Tool,
    clients::Clients,
    component::{Address, Components, Kind},
    context::{States, Switch},
    declared::Declared,
    engine::Engine,
    extension::{Extension, Extensions},
    hub::Hub,
    journal::{Claims, Stragglers},
    lifespan::Lifespans,
    middleware::{Chain, Middleware, SharedMiddleware},
    provider::{IntoProvider, Kept, Live, SharedProvider},
    registry::{Catalog, Parts},
    sampling::{SamplingFallback, SharedFallback},
    seal::Keyring,
    session::Keeper,
    transform::{SharedTransform, Stack, Transform},
};

/// Collects what a server consists of. Every mistake is found by [`build`](Self::build), all at once and by name.
///
/// # Example
/// ```
/// use toolwright_server::{Context, Server, Tool};
///
/// let error = Server::builder("demo").tool(Tool::new("no spaces!").handler(|_: Context| async { "?" })).build().unwrap_err();
/// assert!(error.to_string().contains("tool `no spaces!`: a tool's name has 1 to 128 letters"));
/// ```
#[must_use = "a builder does nothing until it is built"]
pub struct ServerBuilder {
    info: Implementation,
    instructions: Option<String>,
    served: Served,
    limits: Limits,
    cache: CacheHint,
    masks_errors: bool,
    components: Components,
    live: Vec<SharedProvider>,
    transforms: Vec<SharedTransform>,
    layers: Vec<SharedMiddleware>,
    extensions: Extensions,
    states: States,
    lifespans: Lifespans,
    expected: Vec<Kind>,
    bus: Option<SharedPubSub>,
    keeper: Keeper,
    claims: Option<Claims>,
    state_keys: Option<StateKeys>,
    sampling_fallback: Option<SharedFallback>,
    token_verifier: Option<SharedTokenVerifier>,
    problems: Vec<String>,
}

impl ServerBuilder {
    pub(crate) fn new(name: String) -> Self {
        Self {
            info: Implementation::new(name, "0.1.0"),
            instructions: None,
            served: Served::default(),
            limits: Limits::default(),
            cache: CacheHint::new(0, CacheScope::Private),
            masks_errors: false,
            components: Components::default(),
            live: Vec::new(),
            transforms: Vec::new(),
            layers: Vec::new(),
            extensions: Extensions::default(),
            states: States::default(),
            lifespans: Lifespans::default(),
            expected: Vec::new(),
            bus: None,
            keeper: Keeper::default(),
            claims: None,
            state_keys: None,
            sampling_fallback: None,
            token_verifier: None,
            problems: Vec::new(),
        }
    }

    /// Version of the server. Default `0.1.0`.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.info.version = version.into();
        self
    }

    /// Title for people.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.info = self.info.title(title);
        self
    }

    /// What the server is, for people.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.info = self.info.description(description);
        self
    }

    /// Where to read more about it.
    pub fn website(mut self, url: impl Into<String>) -> Self {
        self.info = self.info.website_url(url);
        self
    }

    /// Adds a picture of the server.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.info.icons.get_or_insert_default().push(icon);
        self
    }

    /// How a model should use the server.
    pub fn instructions(mut self, instructions: impl Into<String>) -> Self {
        self.instructions = Some(instructions.into());
        self
    }

    /// Serves only these revisions. Default all five.
    pub fn protocols(mut self, revisions: impl IntoIterator<Item = Revision>) -> Self {
        self.served = Served::only(revisions);
        self
    }

    /// Bounds on what clients may do.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How long clients may keep what the server says of itself, its lists, and resources that do not say so themselves. Default not
    /// at all ("Caching").
    ///
    /// Lists that depend on the caller are private whatever the hint says: those of kinds where a component has an access rule, those
    /// that live providers have a part in, and those that a layer [edits](crate::ServerResult::edit).
    pub fn cache(mut self, hint: CacheHint) -> Self {
        self.cache = hint;
        self
    }

    /// Shows clients no error texts of handlers but those made with
    /// [`HandlerError::public`](crate::HandlerError::public).
    pub fn mask_errors(mut self) -> Self {
        self.masks_errors = true;
        self
    }

    /// A value that handlers get as [`State<T>`](crate::extract::State), one per type.
    pub fn state<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.claim_state::<T>();
        self.states.insert(value);
        self
    }

    /// Two values of one type would hide each other.
    fn claim_state<T: 'static>(&mut self) {
        let id = TypeId::of::<T>();
        if self.states.has(id) || self.lifespans.makes(id) {
            let name = type_name::<T>();
            self.problems
                .push(format!("there are two states of type `{name}`; wrap one in a type of its own"));
        }
    }

    /// A value that is made when the server starts, and torn down when it stops; handlers get it as
    /// [`State<T>`](crate::extract::State). Lifespans start in the order in which they are added and stop in reverse.
    ///
    /// # Example
    /// ```
    /// use std::sync::Arc;
    /// use toolwright_server::Server;
    ///
    /// struct Pool;
    ///
    /// let server = Server::builder("demo").lifespan(async || Ok(Pool), async |_pool: Arc<Pool>| {}).build();
    /// assert!(server.is_ok());
    /// ```
    pub fn lifespan<T, F, R>(
        mut self,
        start: impl Fn() -> F + Send + Sync + 'static,
        stop: impl Fn(Arc<T>) -> R + Send + Sync + 'static,
    ) -> Self
    where
        T: Send + Sync + 'static,
        F: Future<Output = Result<T, Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        self.claim_state::<T>();
        self.lifespans.add(start, stop);
        self
    }

    /// Declares that components of these kinds may come while the server runs, so that clients ask for them even if there are none
    /// yet. Kinds that are there from the start need no word.
    pub fn expect(mut self, kinds: impl IntoIterator<Item = Kind>) -> Self {
        self.expected.extend(kinds);
        self
    }

    /// Adds a tool.
    pub fn tool(mut self, tool: Tool) -> Self {
        self.components.tools.push(tool);
        self
    }

    /// Adds tools: `tools![add, subtract]`.
    pub fn tools(mut self, tools: impl IntoIterator<Item = Tool>) -> Self {
        self.components.tools.extend(tools);
        self
    }

    /// Adds a resource or template.
    pub fn resource(mut self, resource: Resource) -> Self {
        self.components.resources.push(resource);
        self
    }

    /// Adds resources and templates: `resources![config, user]`.
    pub fn resources(mut self, resources: impl IntoIterator<Item = Resource>) -> Self {
        self.components.resources.extend(resources);
        self
    }

    /// Adds a prompt.
    pub fn prompt(mut self, prompt: Prompt) -> Self {
        self.components.prompts.push(prompt);
        self
    }

    /// Adds prompts: `prompts![review]`.
    pub fn prompts(mut self, prompts: impl IntoIterator<Item = Prompt>) -> Self {
        self.components.prompts.extend(prompts);
        self
    }

    /// Adds a completion.
    pub fn completion(mut self, completion: Completion) -> Self {
        self.components.completions.push(completion);
        self
    }

    /// Adds completions: `completions![cities]`.
    pub fn completions(mut self, completions: impl IntoIterator<Item = Completion>) -> Self {
        self.components.completions.extend(completions);
        self
    }

    /// Adds everything that a provider has: a type with `#[provider]`, a set of components, or a live
    /// [`Provider`](crate::provider::Provider).
    pub fn provider<M>(mut self, provider: impl IntoProvider<M>) -> Self {
        match provider.into_source().0 {
            Kept::Compiled(components) => {
                self.components.tools.extend(components.tools);
                self.components.resources.extend(components.resources);
                self.components.prompts.extend(components.prompts);
                self.components.completions.extend(components.completions);
            }
            Kept::Live(provider) => self.live.push(provider),
        }
        self
    }

    /// Changes how all components look. The first one added is the innermost.
    pub fn transform(mut self, transform: impl Transform) -> Self {
        self.transforms.push(SharedTransform::new(transform));
        self
    }

    /// Adds a layer around all calls. The first one added is the outermost.
    pub fn layer(mut self, layer: impl Middleware) -> Self {
        self.layers.push(SharedMiddleware::new(layer));
        self
    }

    /// Adds an extension of the protocol.
    pub fn extension(mut self, extension: impl Extension) -> Self {
        self.extensions.add(extension);
        self
    }

    /// Where replicas tell each other of changes, and of [links](crate::links) that are completed. Without one, only clients of this
    /// process hear of them.
    pub fn bus(mut self, bus: impl PubSub) -> Self {
        self.bus = Some(SharedPubSub::new(bus));
        self
    }

    /// Where the state of callers is kept: [`Session`](crate::extract::Session) and [`Handle`](crate::arguments::Handle). Replicas
    /// share one. Default the memory of this server, 64 MiB at most, which ends with it.
    ///
    /// Keys start with the name of the server, so that servers of different names may share a store as well.
    pub fn store(mut self, store: impl KeyValue) -> Self {
        self.keeper.keep_in(store);
        self
    }

    /// How long a [`Session`](crate::extract::Session) keeps its state after it was last written. Default 24 hours.
    pub fn session_ttl(mut self, ttl: Duration) -> Self {
        self.keeper.session_ttl = ttl;
        self
    }

    /// How long a [`Handle`](crate::arguments::Handle) is good after its state was last written. Default 24 hours.
    pub fn handle_ttl(mut self, ttl: Duration) -> Self {
        self.keeper.handle_ttl = ttl;
        self
    }

    /// Names a type of state in the store. Without a name it is there under its path in Rust (`shop::cart::Cart`), so state is lost
    /// when the type moves, and replicas of two builds may not find each other's. Fleets with rolling updates give names.
    ///
    /// # Example
    /// ```
    /// use toolwright_server::Server;
    ///
    /// #[derive(Default, serde::Serialize, serde::Deserialize)]
    /// struct Cart { items: Vec<String> }
    ///
    /// let server = Server::builder("shop").stored_as::<Cart>("cart").build();
    /// assert!(server.is_ok());
    /// ```
    pub fn stored_as<T: 'static>(mut self, name: impl Into<String>) -> Self {
        self.problems.extend(self.keeper.name::<T>(name.into()).err());
        self
    }

    /// The keys that seal what travels through clients; replicas share them. Without any the environment variable
    /// `TOOLWRIGHT_STATE_KEY` has them, and without that the server makes one up.
    ///
    /// # Example
    /// ```
    /// use toolwright_server::{Server, StateKeys};
    ///
    /// let keys: StateKeys = "6b1d8e0f".repeat(8).parse()?;
    /// let server = Server::builder("demo").state_keys(keys).build();
    /// assert!(server.is_ok());
    /// # Ok::<(), toolwright_server::ParseStateKeysError>(())
    /// ```
    pub fn state_keys(mut self, keys: StateKeys) -> Self {
        self.state_keys = Some(keys);
        self
    }

    /// Where replicas agree on who serves a round of a call that a client repeats with its answers. The first request with a state
    /// claims its round there; the same state again, at the same time, at another replica, later, or with other answers, gets the
    /// reply of the first and runs nothing. What [steps](crate::Context::once) came to is there as soon as they are over, so that
    /// a round that was given up (a replica died, the client went away, time ran out) goes on after them when it is sent again.
    ///
    /// A replica that dies loses its claims after 15 seconds. The step that it was taking then runs again, with the same
    /// [idempotency key](crate::IdempotencyKey). While the store cannot be reached, requests with a state are errors (-32603). Entries
    /// live for [`Limits::state_ttl`](toolwright_core::joint::Limits::state_ttl).
    ///
    /// Default none: steps are taken once for all rounds of a call, and a round that is sent twice runs twice, with the same
    /// idempotency keys. Calls without a state never come here.
    ///
    /// # Example
    /// ```
    /// use toolwright_server::Server;
    /// use toolwright_store::{MemoryKeyValue, SharedKeyValue};
    ///
    /// let store = SharedKeyValue::new(MemoryKeyValue::new()); // in earnest, a database that the replicas share
    /// let server = Server::builder("shop").store(store.clone()).journal_store(store).build();
    /// assert!(server.is_ok());
    /// ```
    pub fn journal_store(mut self, store: impl KeyValue) -> Self {
        self.claims = Some(Claims::new(store));
        self
    }

    /// A model that answers [`Context::sample`](crate::Context::sample) where the client cannot.
    pub fn sampling_fallback(mut self, fallback: impl SamplingFallback) -> Self {
        self.sampling_fallback = Some(SharedFallback::new(fallback));
        self
    }

    /// Who checks bearer tokens, for transports that carry them.
    pub fn auth(mut self, verifier: impl TokenVerifier) -> Self {
        self.token_verifier = Some(SharedTokenVerifier::new(verifier));
        self
    }

    /// Builds the server. Nothing is fetched and nothing runs yet.
    ///
    /// # Errors
    /// [`Error::Build`] with a line for each mistake.
    pub fn build(mut self) -> Result<Server, Error> {
        resolve_completion_targets(&mut self.components);
        let live: Arc<[Live]> =
            self.live.into_iter().map(|provider| Live::new(provider, self.transforms.clone())).collect();
        let parts = Parts { components: self.components, transforms: Stack::new(self.transforms), live };
        let mut found = self.problems;
        found.extend(self.extensions.problems());
        if self.served.is_empty() {
            found.push("`.protocols(..)` names no revision; leave it out to serve all".into());
        }
        if self.info.name.is_empty() {
            found.push("the server has no name".into());
        }
        let state_keys = match self.state_keys {
            Some(keys) => Some(keys),
            None => StateKeys::from_env().unwrap_or_else(|error| {
                found.push(format!("`TOOLWRIGHT_STATE_KEY`: {error}"));
                None
            }),
        };
        let (states, lifespans) = (self.states, self.lifespans);
        found.extend(parts.transforms.problems(&parts.components));
        let keeps_sessions = self.served.latest_session().is_some() || self.token_verifier.is_some();
        found.extend(problems(&parts.shown(), keeps_sessions, |id| states.has(id) || lifespans.makes(id)));
        if !found.is_empty() {
            return Err(Error::Build(found));
        }
        let catalog = Catalog::new(parts);
        let declared = Declared::default();
        declared.follow(&catalog.current());
        self.expected.into_iter().for_each(|kind| declared.expect(kind));
        let mut layers = self.layers;
        layers.extend(self.extensions.interceptors());
        Ok(Server::new(Engine {
            signature: Signature::new(&self.info),
            info: self.info,
            instructions: self.instructions,
            served: self.served,
            surface: Surface::new(self.limits, self.token_verifier).served(self.served),
            cache: self.cache,
            masks_errors: self.masks_errors,
            catalog,
            declared,
            layers: Chain::new(layers),
            extensions: self.extensions,
            hub: Arc::new(Hub::new(origin())),
            clients: Clients::default(),
            bus: self.bus,
            keeper: self.keeper,
            keyring: Keyring::new(state_keys),
            claims: self.claims,
            stragglers: Stragglers::default(),
            links: Arc::default(),
            sampling_fallback: self.sampling_fallback,
            states,
            lifespans,
            started: ArcSwapOption::empty(),
            starting: tokio::sync::Mutex::default(),
            draining: Switch::default(),
        }))
    }
}

/// Completions name a template by its name; clients name it by its URI template.
fn resolve_completion_targets(components: &mut Components) {
    let by_name: HashMap<&str, &str> = components
        .resources
        .iter()
        .filter(|resource| matches!(resource.address(), Address::Template(_)))
        .map(|resource| (resource.common().name.as_str(), resource.address().as_str()))
        .collect();
    for completion in &mut components.completions {
        let target = completion.target();
        if target.kind == Kind::Template
            && let Some(address) = by_name.get(target.name.as_str())
        {
            let address = (*address).to_owned();
            completion.target_mut().name = address;
        }
    }
}

/// Tells replicas apart on the bus.
fn origin() -> String {
    use std::hash::{BuildHasher, Hasher, RandomState};
    format!("{:016x}", RandomState::new().build_hasher().finish())
}

impl fmt::Debug for ServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerBuilder").field("info", &self.info).finish_non_exhaustive()
    }
}
