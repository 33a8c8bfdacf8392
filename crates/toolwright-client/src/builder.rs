use std::{
    future::Future,
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use tokio::runtime::Handle;
use toolwright_core::{
    joint::{Connect, Principal, SharedConnect},
    model::{
        ClientCapabilities, CreateMessageParams, CreateMessageResult, ElicitFormParams, ElicitResult,
        ElicitUrlParams, Extensions, Implementation, JsonObject, LoggingLevel, LoggingMessageParams,
        ProgressParams, Root,
    },
};

use crate::{
    Cache, Change, Client, ClientError, EraChoice, Notification, Refusal,
    answer::Answers,
    inlet::{Handlers, Routes},
    negotiate::{Wishes, negotiate},
    renewal::Renewal,
    settings::Settings,
    shared::Shared,
};

/// Options and handlers of a [`Client`].
///
/// # Example
/// ```
/// use std::time::Duration;
/// use toolwright_client::{Client, ClientError, EraChoice};
/// use toolwright_core::{joint::Connect, model::ElicitResult};
///
/// async fn connect(server: impl Connect) -> Result<Client, ClientError> {
///     Client::builder()
///         .era(EraChoice::Legacy)
///         .timeout(Duration::from_secs(10))
///         .on_elicit(|form| async move {
///             println!("{}", form.message);
///             ElicitResult::accept([("confirmed", true)])
///         })
///         .connect(server)
///         .await
/// }
/// ```
#[derive(Debug)]
#[must_use = "a builder does nothing until it connects"]
pub struct Builder {
    choice: EraChoice,
    principal: Option<Principal>,
    reconnect: bool,
    remembers: bool,
    cache: Cache,
    info: Implementation,
    probe: Duration,
    extensions: Extensions,
    settings: Settings,
    answers: Answers,
    handlers: Handlers,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            choice: EraChoice::Auto,
            principal: None,
            reconnect: true,
            remembers: true,
            cache: Cache::default(),
            info: Implementation::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
            probe: Duration::from_secs(5),
            extensions: Extensions::new(),
            settings: Settings::default(),
            answers: Answers::default(),
            handlers: Handlers::default(),
        }
    }

    /// Which revisions to accept; a single [`Revision`](toolwright_core::era::Revision) is one, too. Default: any.
    pub fn era(mut self, choice: impl Into<EraChoice>) -> Self {
        self.choice = choice.into();
        self
    }

    /// Whom a server in process takes the client for. Other transports have tokens for that.
    pub fn principal(mut self, principal: Principal) -> Self {
        self.principal = Some(principal);
        self
    }

    /// Whether a connection that is gone is opened again when the next request needs it, and subscriptions go on there. A
    /// request that was under way when the connection broke fails, since it may have run; one that a server refused because it
    /// forgot the session is repeated. Default true.
    pub fn reconnect(mut self, reconnect: bool) -> Self {
        self.reconnect = reconnect;
        self
    }

    /// Whether the client takes it from earlier connections of this process which revisions a server speaks, instead of finding
    /// out each time. That a server is an older one is remembered for ten minutes. Default true.
    pub fn remember_era(mut self, remember: bool) -> Self {
        self.remembers = remember;
        self
    }

    /// How many lists and resources are kept while they are fresh, which is for as long as their server says and nobody tells of a
    /// change ("Caching" of 2026-07-28). Most servers say nothing, and are asked each time; so are all servers of older revisions.
    /// [`Request::fresh`](crate::Request::fresh) asks in any case.
    pub fn cache(mut self, cache: Cache) -> Self {
        self.cache = cache;
        self
    }

    /// Checks all structured results against the output schemas of their tools. See
    /// [`Request::validated`](crate::Request::validated).
    #[cfg(feature = "validation")]
    pub fn validate_results(mut self) -> Self {
        self.settings.validates = true;
        self
    }

    /// Who the client says it is.
    pub fn info(mut self, info: Implementation) -> Self {
        self.info = info;
        self
    }

    /// How long a request waits for a sign of life, that is its answer or a progress report. Default 60 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timing.quiet = Some(timeout);
        self
    }

    /// How long a request waits altogether, whatever progress it makes. Default ten minutes.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.settings.timing.total = Some(deadline);
        self
    }

    /// How long to wait for the answer to `server/discover` on a byte stream before the server is taken for an older one.
    /// Default 5 seconds.
    pub fn probe_timeout(mut self, timeout: Duration) -> Self {
        self.probe = timeout;
        self
    }

    /// How often one request may be asked back before it fails. Default 16.
    pub fn max_rounds(mut self, rounds: usize) -> Self {
        self.settings.max_rounds = rounds;
        self
    }

    /// The least level of log messages that the client wants. Without it a stateless server is asked for `info` if there is a
    /// [handler](Self::on_log), and a session's server chooses by itself.
    pub fn log_level(mut self, level: LoggingLevel) -> Self {
        self.settings.level = Some(level);
        self
    }

    /// Declares an extension with its settings ("Extension Negotiation").
    pub fn extension(mut self, id: impl Into<String>, settings: JsonObject) -> Self {
        self.extensions = self.extensions.extension(id, settings);
        self
    }

    /// Accepts results of this type, which an extension defines. Others than those known make an answer invalid.
    pub fn result_type(mut self, result_type: impl Into<String>) -> Self {
        self.settings.claimed.insert(result_type.into());
        self
    }

    /// Answers forms (`elicitation/create`), and declares that capability. Fields that are left out of an accepted form take their
    /// [defaults](Self::complete_forms); an answer that does not fit the form then is an error, and never sent.
    pub fn on_elicit<F, R>(mut self, handler: F) -> Self
    where
        F: Fn(ElicitFormParams) -> R + Send + Sync + 'static,
        R: Future<Output = ElicitResult> + Send + 'static,
    {
        self.answers.on_form(handler);
        self
    }

    /// Whether an accepted form takes the defaults of its schema for fields that the handler left out, and is held to the schema
    /// before it is sent. Default true; without it, which is good for tests of servers, answers are sent as they are given.
    pub fn complete_forms(mut self, complete: bool) -> Self {
        self.answers.forms_as_given = !complete;
        self
    }

    /// Answers requests to visit a URL, and declares that capability. Accepting is consent to open it, not a sign that all is
    /// done there: of that a session's server tells in [`on_elicit_complete`](Self::on_elicit_complete). The handler shows the
    /// whole URL and asks before it opens anything ("Elicitation", "Safe URL Handling"); the client itself never fetches it.
    ///
    /// A session's server can refuse a request until URLs were opened. They go to this handler, too, and the request is repeated
    /// once, as soon as the server calls all of them complete or has said nothing for the time of the [timeout](Self::timeout).
    pub fn on_elicit_url<F, R>(mut self, handler: F) -> Self
    where
        F: Fn(ElicitUrlParams) -> R + Send + Sync + 'static,
        R: Future<Output = ElicitResult> + Send + 'static,
    {
        self.answers.on_url(handler);
        self
    }

    /// Called with the id of each URL elicitation that was accepted, once the server of a session tells that it is complete. It
    /// runs where the message arrives, so it must be quick.
    pub fn on_elicit_complete(mut self, handler: impl Fn(String) + Send + Sync + 'static) -> Self {
        self.handlers.elicit_complete = Some(Arc::new(handler));
        self
    }

    /// Answers `sampling/createMessage`, and declares that capability.
    ///
    /// ```
    /// use toolwright_client::{Client, Refusal};
    /// use toolwright_core::model::CreateMessageResult;
    ///
    /// let builder = Client::builder().on_sample(|request| async move {
    ///     let asked = request.messages.iter().flat_map(|message| message.content.as_slice());
    ///     let texts: Vec<_> = asked.filter_map(|content| content.as_text()).collect();
    ///     // Here the user looks at it, and your model answers.
    ///     Ok::<_, Refusal>(CreateMessageResult::new("my-model", format!("You said: {}", texts.join(" "))))
    /// });
    /// # drop(builder);
    /// ```
    pub fn on_sample<F, R>(mut self, handler: F) -> Self
    where
        F: Fn(CreateMessageParams) -> R + Send + Sync + 'static,
        R: Future<Output = Result<CreateMessageResult, Refusal>> + Send + 'static,
    {
        self.answers.on_sample(handler);
        self
    }

    /// Declares that the sampling handler honours tools.
    pub fn sampling_tools(mut self) -> Self {
        self.answers.sampling_tools = true;
        self
    }

    /// Declares that the sampling handler honours `includeContext`.
    pub fn sampling_context(mut self) -> Self {
        self.answers.sampling_context = true;
        self
    }

    /// Answers `roots/list` with these, and declares that capability.
    pub fn roots(self, roots: impl IntoIterator<Item = Root>) -> Self {
        let roots: Vec<_> = roots.into_iter().collect();
        self.on_roots(move || std::future::ready(roots.clone()))
    }

    /// Answers `roots/list`, and declares that capability. See [`Client::roots_changed`].
    pub fn on_roots<F, R>(mut self, handler: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Vec<Root>> + Send + 'static,
    {
        self.answers.on_roots(handler);
        self
    }

    /// Called with each log message. It runs where the message arrives, so it must be quick.
    pub fn on_log(mut self, handler: impl Fn(LoggingMessageParams) + Send + Sync + 'static) -> Self {
        self.handlers.log = Some(Arc::new(handler));
        self
    }

    /// Called with the progress of each request that has no [handler of its own](crate::Request::on_progress).
    pub fn on_progress(mut self, handler: impl Fn(ProgressParams) + Send + Sync + 'static) -> Self {
        self.handlers.progress = Some(Arc::new(handler));
        self
    }

    /// Called with each change that the server tells of: all in a session, those of open [subscriptions](Client::listen)
    /// otherwise. It runs where the message arrives, so it must be quick.
    pub fn on_change(mut self, handler: impl Fn(Change) + Send + Sync + 'static) -> Self {
        self.handlers.change = Some(Arc::new(handler));
        self
    }

    /// Called with every notification, also with those that other handlers see. It runs where the message arrives, so it must
    /// be quick.
    pub fn on_notification(mut self, handler: impl Fn(Notification) + Send + Sync + 'static) -> Self {
        self.handlers.notification = Some(Arc::new(handler));
        self
    }

    /// Connects, and finds out which revision the server speaks.
    ///
    /// # Errors
    /// When the server cannot be reached, or no revision is common to both.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub async fn connect(self, target: impl Connect) -> Result<Client, ClientError> {
        self.connect_shared(&SharedConnect::new(target)).await
    }

    /// Like [`connect`](Self::connect), for a target that is connected to more than once.
    ///
    /// # Errors
    /// When the server cannot be reached, or no revision is common to both.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub async fn connect_shared(self, target: &SharedConnect) -> Result<Client, ClientError> {
        let mut extensions = target.extensions();
        for (id, settings) in self.extensions.iter() {
            extensions.insert(id, settings.clone());
        }
        let extend = |capabilities: ClientCapabilities| {
            if extensions.is_empty() { capabilities } else { capabilities.extensions(extensions.clone()) }
        };
        let wishes = Wishes {
            choice: self.choice,
            principal: self.principal,
            info: self.info,
            stateless: extend(self.answers.capabilities(false)),
            session: extend(self.answers.capabilities(true)),
            probe: self.probe,
            handshake: self.settings.timing.quiet,
            remembers: self.remembers,
        };
        let routes = Arc::new(Routes::new(Handle::current(), self.handlers, self.answers, self.cache));
        let next_id = AtomicI64::new(1);
        let connection = Arc::new(negotiate(target, &wishes, &routes, &next_id).await?);
        let renewal = Renewal::new(target.clone(), wishes, self.reconnect);
        let shared = Arc::new(Shared::new(connection.clone(), routes, self.settings, renewal, next_id));
        let client = Client::new(shared.clone());
        shared.greet(&connection).await?;
        Ok(client)
    }
}
