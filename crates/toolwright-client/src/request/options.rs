use std::{fmt, future::IntoFuture, sync::Arc, time::Duration};

use serde_json::{Map, Value};
use toolwright_core::{
    joint::BoxFuture,
    model::{LoggingLevel, ProgressParams},
};

use super::{ByHand, Extra, Message, Progress, Reply, Timing, meta, progress::OnProgress, rounds};
use crate::{Client, ClientError, shared::Shared};

/// `_meta` key under which a server of Toolwright reads which version of a component is meant.
const VERSION: &str = "io.toolwright/version";

/// A request that is sent when it is awaited. Until then it takes options.
///
/// Dropping the future gives the request up, and the server is told.
///
/// # Example
/// ```
/// # use std::time::Duration;
/// # use serde_json::json;
/// # async fn example(client: toolwright_client::Client) -> Result<(), toolwright_client::ClientError> {
/// let report: String = client
///     .call("report", json!({ "year": 2026 }))
///     .timeout(Duration::from_secs(5))
///     .on_progress(|progress| println!("{}", progress.progress))
///     .await?
///     .data()?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a request is sent when it is awaited"]
pub struct Request<T> {
    pub(super) client: Client,
    pub(super) message: Result<Message, ClientError>,
    pub(super) read: fn(Done) -> Result<T, ClientError>,
    pub(super) subject: Box<str>,
    pub(super) options: Options,
}

/// What an answer is read from.
pub(crate) struct Done {
    pub(crate) shared: Arc<Shared>,
    /// What the method addresses: a tool, a prompt, a URI.
    pub(crate) subject: Box<str>,
    pub(crate) reply: Reply,
}

#[derive(Default)]
pub(super) struct Options {
    timeout: Option<Duration>,
    level: Option<LoggingLevel>,
    on_progress: Option<OnProgress>,
    meta: Map<String, Value>,
    pub(super) fresh: bool,
    #[cfg(feature = "validation")]
    pub(super) validated: bool,
}

impl<T> Request<T> {
    pub(crate) fn new(
        client: &Client,
        message: Result<Message, ClientError>,
        subject: &str,
        read: fn(Done) -> Result<T, ClientError>,
    ) -> Self {
        Self { client: client.clone(), message, read, subject: subject.into(), options: Options::default() }
    }

    /// How long to wait for a sign of life, in place of the client's [`timeout`](crate::Builder::timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Calls `handler` with each progress report, in order, all before the request resolves. It runs in the task that awaits
    /// the request. A report restarts the clock of [`timeout`](Self::timeout).
    pub fn on_progress(mut self, handler: impl FnMut(ProgressParams) + Send + 'static) -> Self {
        self.options.on_progress = Some(Box::new(handler));
        self
    }

    /// The least level of log messages that this request wants, where the revision has that ("Logging" of 2026-07-28).
    pub fn log_level(mut self, level: LoggingLevel) -> Self {
        self.options.level = Some(level);
        self
    }

    /// Adds a member to the request's `_meta`. The keys that the client writes itself are an error when the request is sent.
    pub fn meta(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        let key = key.into();
        if meta::is_own(&key) {
            let reason = "the client writes this one itself";
            let what = format!("the `_meta` key `{key}`").into();
            self.message = Err(ClientError::Encode { what, source: serde::ser::Error::custom(reason) });
        } else {
            self.options.meta.insert(key, value.into());
        }
        self
    }

    /// Asks the server, even if an earlier result is still [kept](crate::Builder::cache).
    pub fn fresh(mut self) -> Self {
        self.options.fresh = true;
        self
    }

    pub(crate) fn fresh_if(self, fresh: bool) -> Self {
        if fresh { self.fresh() } else { self }
    }

    /// Asks for this version of the tool, prompt or resource, of servers that know versions.
    pub fn version(self, version: impl Into<String>) -> Self {
        self.meta(VERSION, version.into())
    }

    /// Hands the server's questions to the caller instead of to the client's handlers.
    pub fn by_hand(self) -> ByHand<T> {
        ByHand::new(self)
    }
}

#[cfg(feature = "validation")]
impl Request<crate::CallOutcome> {
    /// Checks the structured result against the tool's output schema, if it has one. If the client has not listed the tool yet,
    /// it does so. For all calls there is [`Builder::validate_results`](crate::Builder::validate_results).
    ///
    /// # Errors
    /// [`ClientError::OutputSchema`] when the result is not what its schema says.
    pub fn validated(mut self) -> Self {
        self.options.validated = true;
        self
    }
}

impl<T: Send + 'static> IntoFuture for Request<T> {
    type Output = Result<T, ClientError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(rounds::drive(self))
    }
}

impl Options {
    pub(super) fn timing(&self, shared: &Shared) -> Timing {
        let Timing { quiet, total } = shared.settings.timing;
        match self.timeout {
            Some(timeout) => Timing { quiet: Some(timeout), total: total.map(|total| total.max(timeout)) },
            None => Timing { quiet, total },
        }
    }

    pub(super) fn progress(&mut self, shared: &Shared, token: i64) -> Option<Progress> {
        let handler = self.on_progress.take().or_else(|| {
            let all = shared.routes.handlers.progress.clone()?;
            Some(Box::new(move |report| all(report)) as OnProgress)
        })?;
        Some(Progress::open(&shared.routes, token, handler))
    }

    /// Whether the request says nothing that others of the same method and parameters do not.
    pub(super) fn is_plain(&self) -> bool {
        self.meta.is_empty()
    }

    pub(super) fn extra<'a>(&'a self, shared: &Shared, token: Option<i64>) -> Extra<'a> {
        Extra {
            level: self.level.or_else(|| shared.log_level()),
            token,
            members: (!self.meta.is_empty()).then_some(&self.meta),
        }
    }
}

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("subject", &self.subject).finish_non_exhaustive()
    }
}
