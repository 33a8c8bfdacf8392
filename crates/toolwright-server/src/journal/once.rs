use std::{
    pin::pin,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Serialize, de::DeserializeOwned};
use toolwright_core::joint::Closed;

use super::{IdempotencyKey, Polled, claim::Claim, step::Step};
use crate::{Context, HandlerError, context::Named};

impl Context {
    /// Does something once for the whole call, however often the handler starts over because a client answers its questions: what
    /// came of it, success or error, is kept and returned again. `step` is for effects (payments, mails, rows in a database), for
    /// what is slow, and for what would come out differently each time.
    ///
    /// A step that has begun is never dropped: the call waits for it before it asks, ends at its time limit or is cancelled, and when
    /// the client goes away, it finishes in the background. Await it where it stands, neither in `select!` nor in a task of its own;
    /// it can ask nothing itself.
    ///
    /// The n-th step of one key is another step than the first, so a loop may use one key.
    ///
    /// What is kept travels through the client, sealed, so keep it small. "Once" is for the rounds of one call, see
    /// [`journal_store`](crate::ServerBuilder::journal_store) for requests that are repeated, and [`IdempotencyKey`] for what a
    /// journal cannot promise: what came of a step that ran when its server died, nobody knows, so it runs again with the same key.
    ///
    /// # Errors
    /// The step's own error; or the call is over, the step is not awaited by the handler itself, or its value cannot be written as
    /// JSON.
    ///
    /// # Example
    /// ```
    /// use toolwright_server::{Context, HandlerError};
    ///
    /// # async fn charge(_cents: u64, _key: &str) -> Result<String, std::io::Error> { Ok("receipt".into()) }
    /// async fn buy(context: &Context) -> Result<String, HandlerError> {
    ///     let receipt = context.once("charge", async |key| charge(1200, key.as_str()).await).await?;
    ///     let mail = context.confirm("Shall I send the receipt by mail?").await?;
    ///     Ok(format!("{receipt}, by mail: {mail}"))
    /// }
    /// # let _ = buy;
    /// ```
    pub fn once<T, E, F, Fut>(
        &self,
        key: impl Into<String>,
        step: F,
    ) -> impl Future<Output = Result<T, HandlerError>> + Send
    where
        T: Serialize + DeserializeOwned + Send,
        E: Into<HandlerError>,
        F: FnOnce(IdempotencyKey) -> Fut + Send,
        Fut: Future<Output = Result<T, E>> + Send,
    {
        let key = key.into();
        async move {
            if !Polled::is(self) {
                return Err(HandlerError::public(format!(
                    "the step `{key}` is for the handler itself to await, not for a task that it spawned nor for one that blocks \
                     its thread"
                )));
            }
            let name = self.step_name(&key);
            if let Some(step) = self.rounds().step(&name) {
                return step.outcome(&key);
            }
            if self.is_cancelled() || self.takes_no_steps() {
                return Err(Closed.into());
            }
            // From here on, so that the call is not suspended or dropped while the store is asked.
            let running = Running::start(self, &name);
            let claim = self.rounds().claim();
            if let Some(claim) = &claim {
                match claim.step(&name).await {
                    Ok(Some(step)) => {
                        self.rounds().take_step(&name, step.clone());
                        running.over();
                        return step.outcome(&key);
                    }
                    Ok(None) if self.is_cancelled() || self.takes_no_steps() => {
                        running.over();
                        return Err(Closed.into());
                    }
                    Ok(None) => {}
                    Err(error) => {
                        running.over();
                        return Err(error);
                    }
                }
            }
            let id = self.rounds().idempotency_key(&name);
            let outcome = {
                let mut step = pin!(step(id));
                std::future::poll_fn(|cx| {
                    let _within = Polled::enter_step(self);
                    step.as_mut().poll(cx)
                })
                .await
            };
            let outcome = self.keep(&name, &key, outcome.map_err(Into::into), claim.as_deref()).await;
            running.over();
            outcome
        }
    }

    /// The time, the same in every round of the call.
    ///
    /// # Example
    /// ```
    /// use toolwright_server::{Context, HandlerError};
    ///
    /// async fn expires(context: &Context) -> Result<bool, HandlerError> {
    ///     let asked_at = context.now();
    ///     context.confirm(format!("It is {asked_at:?}. Go on?")).await
    /// }
    /// # let _ = expires;
    /// ```
    pub fn now(&self) -> SystemTime {
        let since = self.same("now", || {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
        });
        UNIX_EPOCH + Duration::from_millis(since)
    }

    /// A random number, the same in every round of the call. Nobody can guess it.
    ///
    /// # Panics
    /// When the operating system has no random numbers.
    pub fn random(&self) -> u64 {
        self.same("random", || getrandom::u64().expect("the operating system has random numbers"))
    }

    /// Does something whose outcome the call keeps, once there is one, and the store for journals as well; errors are not kept. Unlike
    /// a step it may ask, in the context that it gets, and is dropped and begun anew for that.
    pub(crate) async fn remember<T, Fut>(
        &self,
        key: String,
        work: impl FnOnce(Self) -> Fut + Send,
    ) -> Result<T, HandlerError>
    where
        T: Serialize + DeserializeOwned + Send,
        Fut: Future<Output = Result<T, HandlerError>> + Send,
    {
        let name = self.step_name(&key);
        if let Some(step) = self.rounds().step(&name) {
            return step.outcome(&key);
        }
        let claim = self.rounds().claim();
        if let Some(claim) = &claim {
            let running = Running::start(self, &name);
            let found = claim.step(&name).await;
            running.over();
            if let Some(step) = found? {
                self.rounds().take_step(&name, step.clone());
                return step.outcome(&key);
            }
            // The call may have come to its end meanwhile.
            if self.is_cancelled() || self.takes_no_steps() {
                return Err(Closed.into());
            }
        }
        // What is asked and done in there has names of its own, so that it is not missed when all of it is left out.
        let value = work(self.nested(self.method().clone(), key.clone())).await?;
        let running = Running::start(self, &name);
        let outcome = self.keep(&name, &key, Ok(value), claim.as_deref()).await;
        running.over();
        outcome
    }

    /// The value of `new`, or of an earlier round.
    fn same<T: Serialize + DeserializeOwned>(&self, key: &str, new: impl FnOnce() -> T) -> T {
        if !self.keeps_journal() {
            return new();
        }
        let name = self.step_name(key);
        let known = self.rounds().step(&name).and_then(|step| step.outcome(key).ok());
        known.unwrap_or_else(|| {
            let value = new();
            if let Ok(step) = Step::of(&Ok(&value)) {
                self.rounds().take_step(&name, step);
            }
            value
        })
    }

    async fn keep<T: Serialize + Send>(
        &self,
        name: &str,
        key: &str,
        outcome: Result<T, HandlerError>,
        claim: Option<&Claim>,
    ) -> Result<T, HandlerError> {
        let (step, outcome) = match Step::of(&outcome) {
            Ok(step) => (step, outcome),
            Err(error) => {
                let error =
                    Err(format!("the step `{key}` came to what cannot be written as JSON: {error}").into());
                (Step::of(&error).map_err(HandlerError::from)?, error)
            }
        };
        if let Some(claim) = claim {
            claim.keep_step(name, &step).await;
        }
        if self.keeps_journal() {
            self.rounds().take_step(name, step);
        }
        outcome
    }

    /// Where a step is found in the journal.
    fn step_name(&self, key: &str) -> String {
        self.numbered(Named::Step, self.scoped(key.to_owned()))
    }
}

/// A step that runs, so that its call must not be dropped.
struct Running<'a> {
    context: &'a Context,
    name: &'a str,
    over: bool,
}

impl<'a> Running<'a> {
    fn start(context: &'a Context, name: &'a str) -> Self {
        context.step_begins();
        Self { context, name, over: false }
    }

    fn over(mut self) {
        self.over = true;
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.context.step_ends();
        if !self.over && !std::thread::panicking() && !self.context.is_closed() {
            self.context.rounds().drop_step(self.name);
        }
    }
}
