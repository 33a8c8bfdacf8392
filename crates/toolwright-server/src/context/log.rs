use std::borrow::Cow;

use serde_json::Value;
use toolwright_core::{
    jsonrpc::encode,
    model::{LoggingLevel, LoggingMessageParams, Method},
};

use super::Context;

impl Context {
    /// Sends a log message to the client, if it wants messages of this level.
    ///
    /// A stateless client says so with each request, a session with `logging/setLevel` ("Logging"). A client that does not keep up
    /// loses messages; your own `tracing` loses none.
    pub fn log(&self, level: LoggingLevel, data: impl Into<Value>) {
        self.send_log(None, level, data.into());
    }

    /// [`log`](Self::log) at level `debug`.
    pub fn debug(&self, data: impl Into<Value>) {
        self.log(LoggingLevel::Debug, data);
    }

    /// [`log`](Self::log) at level `info`.
    pub fn info(&self, data: impl Into<Value>) {
        self.log(LoggingLevel::Info, data);
    }

    /// [`log`](Self::log) at level `warning`.
    pub fn warning(&self, data: impl Into<Value>) {
        self.log(LoggingLevel::Warning, data);
    }

    /// [`log`](Self::log) at level `error`.
    pub fn error(&self, data: impl Into<Value>) {
        self.log(LoggingLevel::Error, data);
    }

    /// A logger with a name, which clients can filter by.
    pub fn logger(&self, name: impl Into<Cow<'static, str>>) -> Logger {
        Logger { context: self.clone(), name: name.into() }
    }

    /// Whether a message of this level would be sent.
    pub fn wants_log(&self, level: LoggingLevel) -> bool {
        let least = if self.era().logs_per_request() {
            self.log_level()
        } else {
            self.connection().map(|connection| connection.level())
        };
        least.is_some_and(|least| level >= least) && !self.is_closed()
    }

    fn send_log(&self, logger: Option<&str>, level: LoggingLevel, data: Value) {
        if !self.wants_log(level) || self.is_replaying() {
            return;
        }
        crate::deprecated::warn_once(crate::deprecated::Feature::Logging);
        let mut params = LoggingMessageParams::new(level, data);
        params.logger = logger.map(str::to_owned);
        let message = encode::notification(Method::LoggingMessage.as_str(), &params)
            .expect("a log message can always be written");
        if self.emit(message).is_err() {
            tracing::debug!(method = %self.method(), "a log message did not reach the client");
        }
    }
}

/// Sends log messages under one name.
///
/// # Example
/// ```
/// use toolwright_server::Context;
///
/// async fn query(context: &Context) {
///     context.logger("db").info(serde_json::json!({ "rows": 3 }));
/// }
/// # let _ = query;
/// ```
#[derive(Clone, Debug)]
pub struct Logger {
    context: Context,
    name: Cow<'static, str>,
}

impl Logger {
    /// Sends a message, if the client wants messages of this level.
    pub fn log(&self, level: LoggingLevel, data: impl Into<Value>) {
        self.context.send_log(Some(&self.name), level, data.into());
    }

    /// [`log`](Self::log) at level `debug`.
    pub fn debug(&self, data: impl Into<Value>) {
        self.log(LoggingLevel::Debug, data);
    }

    /// [`log`](Self::log) at level `info`.
    pub fn info(&self, data: impl Into<Value>) {
        self.log(LoggingLevel::Info, data);
    }

    /// [`log`](Self::log) at level `warning`.
    pub fn warning(&self, data: impl Into<Value>) {
        self.log(LoggingLevel::Warning, data);
    }

    /// [`log`](Self::log) at level `error`.
    pub fn error(&self, data: impl Into<Value>) {
        self.log(LoggingLevel::Error, data);
    }
}
