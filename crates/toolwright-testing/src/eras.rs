use std::{
    any::Any,
    fmt,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

use toolwright_client::{Builder, Client};
use toolwright_core::{
    era::Revision,
    joint::{Connect, SharedConnect},
};

/// Runs `body` against `target` once in each revision of the protocol, newest first, with a client of its own each time.
///
/// For servers that do not serve them all, and for clients with handlers, see [`Eras`].
///
/// # Panics
/// When the body panics or fails, or the server cannot be reached; the text names the revision.
pub async fn in_every_era<R: Outcome>(target: impl Connect, body: impl AsyncFn(Client) -> R) {
    Eras::new(target).run(body).await;
}

/// The revisions in which a body is to run, and the client for it.
///
/// # Example
/// ```
/// use toolwright_client::Client;
/// use toolwright_core::{era::Revision, joint::Connect, model::Root};
/// use toolwright_testing::Eras;
///
/// async fn reads_roots(server: impl Connect) {
///     Eras::new(server)
///         .only([Revision::V2025_11_25, Revision::V2025_06_18])
///         .client(|| Client::builder().roots([Root::new("file:///tmp")]))
///         .run(async |client| assert_eq!(client.call("count_roots", ()).await.unwrap().text(), "1"))
///         .await;
/// }
/// ```
pub struct Eras<B = fn() -> Builder> {
    target: SharedConnect,
    revisions: Vec<Revision>,
    builder: B,
}

impl Eras {
    /// Every revision, with a client of default options.
    pub fn new(target: impl Connect) -> Self {
        Self {
            target: SharedConnect::new(target),
            revisions: Revision::ALL.into_iter().rev().collect(),
            builder: Client::builder,
        }
    }
}

impl<B: Fn() -> Builder> Eras<B> {
    /// Just these revisions, in this order.
    #[must_use]
    pub fn only(mut self, revisions: impl IntoIterator<Item = Revision>) -> Self {
        self.revisions = revisions.into_iter().collect();
        self
    }

    /// How each client is built. Its era is set afterwards.
    #[must_use]
    pub fn client<N: Fn() -> Builder>(self, builder: N) -> Eras<N> {
        Eras { target: self.target, revisions: self.revisions, builder }
    }

    /// Runs `body` in each revision.
    ///
    /// # Panics
    /// When the body panics or fails, or the server cannot be reached; the text names the revision. Also when there is no
    /// revision at all, for that test would show nothing.
    pub async fn run<R: Outcome>(self, body: impl AsyncFn(Client) -> R) {
        assert!(!self.revisions.is_empty(), "a test in no revision shows nothing");
        for revision in self.revisions {
            let client = match (self.builder)().era(revision).connect_shared(&self.target).await {
                Ok(client) => client,
                Err(error) => panic!("in revision {revision}: cannot connect: {error}"),
            };
            match contain(body(client.clone())).await.map(Outcome::into_result) {
                Ok(Ok(())) => client.close().await,
                Ok(Err(failure)) => panic!("in revision {revision}: {failure}"),
                Err(panic) => panic!("in revision {revision}: {}", text(&*panic)),
            }
        }
    }
}

impl<B> fmt::Debug for Eras<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Eras").field("revisions", &self.revisions).finish_non_exhaustive()
    }
}

/// What a test body can end with: nothing, or a `Result` of nothing.
pub trait Outcome {
    /// Success, or the text of the failure.
    ///
    /// # Errors
    /// When the body failed.
    fn into_result(self) -> Result<(), String>;
}

impl Outcome for () {
    fn into_result(self) -> Result<(), String> {
        Ok(())
    }
}

impl<E: fmt::Display> Outcome for Result<(), E> {
    fn into_result(self) -> Result<(), String> {
        self.map_err(|error| error.to_string())
    }
}

/// Runs `future` to its end, or to its panic.
async fn contain<F: Future>(future: F) -> Result<F::Output, Box<dyn Any + Send>> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        // The panic goes on at once, so nothing sees what the body left behind.
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    })
    .await
}

fn text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a text")
}
