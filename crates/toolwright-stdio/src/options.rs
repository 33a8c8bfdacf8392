use std::{fmt, future::Future, pin::Pin};

/// How a byte stream is served. Bounds are the endpoint's
/// ([`Surface::limits`](toolwright_core::joint::Surface::limits)).
///
/// # Example
/// ```
/// use toolwright_stdio::Options;
///
/// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
/// let options = Options::new().signals(false).shutdown(async { stopped.await.unwrap_or_default() });
/// # drop((stop, options));
/// ```
#[derive(Default)]
#[non_exhaustive]
pub struct Options {
    pub(crate) signals: Option<bool>,
    pub(crate) shutdown: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    pub(crate) given_up: Option<Box<dyn FnOnce(usize) + Send>>,
}

impl Options {
    /// The defaults: [`serve`](crate::serve) listens to signals, the other functions do not.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether SIGTERM and Ctrl-C drain the connection and end it.
    #[must_use]
    pub fn signals(mut self, signals: bool) -> Self {
        self.signals = Some(signals);
        self
    }

    /// Drains the connection and ends it when `when` resolves, like a signal.
    #[must_use]
    pub fn shutdown(mut self, when: impl Future<Output = ()> + Send + 'static) -> Self {
        self.shutdown = Some(Box::pin(when));
        self
    }

    /// Tells `hook` how many calls outlasted the drain, if any did. What they left on blocking threads may keep a runtime from
    /// shutting down.
    #[must_use]
    pub fn given_up(mut self, hook: impl FnOnce(usize) + Send + 'static) -> Self {
        self.given_up = Some(Box::new(hook));
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("signals", &self.signals)
            .field("shutdown", &self.shutdown.is_some())
            .field("given_up", &self.given_up.is_some())
            .finish()
    }
}
