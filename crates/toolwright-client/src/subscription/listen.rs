use std::{
    fmt,
    future::poll_fn,
    hash::{BuildHasher as _, Hasher as _, RandomState},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_core::Stream;
use tokio::time::{Instant, sleep};
use toolwright_core::{
    joint::{BoxFuture, LinkError},
    model::SubscriptionFilter,
};

use super::{
    Change,
    channel::Channel,
    live::{End, Live},
    open::open,
};
use crate::{Client, ClientError, shared::Shared};

/// The shortest wait before a lost subscription is opened again, doubled with each failure.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest one.
const LONGEST: Duration = Duration::from_secs(30);

/// How long a subscription must have lasted for an earlier failure not to count any more.
const STEADY: Duration = Duration::from_secs(60);

/// How often in a row a subscription is opened again in vain before it fails.
const ATTEMPTS: u32 = 10;

/// A [`Stream`] of [`Change`]s. Dropping it ends the subscription at the server.
///
/// One that is lost is opened again, on a new connection if need be, unless the client does not
/// [reconnect](crate::Builder::reconnect).
///
/// # Example
/// ```
/// use toolwright_client::{Change, Client, ClientError};
/// use toolwright_core::model::SubscriptionFilter;
///
/// async fn follow(client: Client) -> Result<(), ClientError> {
///     let mut changes = client.listen(SubscriptionFilter::new().tools_list_changed(true)).await?;
///     while let Some(change) = changes.next().await? {
///         if matches!(change, Change::Tools | Change::Resumed | Change::Missed) {
///             println!("{} tools now", client.tools().await?.len());
///         }
///     }
///     Ok(())
/// }
/// ```
pub struct Subscription {
    client: Client,
    wish: SubscriptionFilter,
    acknowledged: SubscriptionFilter,
    channel: Arc<Channel>,
    state: State,
    closing: BoxFuture<'static, ()>,
    since: Instant,
    failures: u32,
}

enum State {
    Live(Live),
    /// It is being opened again.
    Lost(BoxFuture<'static, Revived>),
    /// Nothing comes any more.
    Over(Option<ClientError>),
}

/// What came of opening a subscription again, after how many failures.
type Revived = (u32, Result<(Live, SubscriptionFilter), ClientError>);

/// Opens a subscription.
pub(crate) async fn listen(client: &Client, wish: SubscriptionFilter) -> Result<Subscription, ClientError> {
    let channel = Arc::<Channel>::default();
    let opened = match open(client.shared(), &wish, &channel).await {
        // The session was forgotten, not the wish: it is told to a new one.
        Err(ClientError::Link(LinkError::SessionGone)) if client.shared().renewal.is_wanted() => {
            open(client.shared(), &wish, &channel).await
        }
        opened => opened,
    };
    let (live, acknowledged) = opened?;
    let shared = client.shared().clone();
    Ok(Subscription {
        client: client.clone(),
        wish,
        acknowledged,
        channel,
        state: State::Live(live),
        closing: Box::pin(async move { shared.closed().await }),
        since: Instant::now(),
        failures: 0,
    })
}

impl Subscription {
    /// What the server agreed to tell, which can be less than was asked for.
    pub fn acknowledged(&self) -> &SubscriptionFilter {
        &self.acknowledged
    }

    /// The next change. Nothing comes after the server has ended the subscription. Nothing is lost when the future is dropped, so it
    /// can stand in a `select!`.
    ///
    /// # Errors
    /// Once, when the subscription was lost and could not be opened again, the server refuses to go on, or the client is closed.
    pub async fn next(&mut self) -> Result<Option<Change>, ClientError> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await.transpose()
    }

    /// Ends with an error, unless it has ended already.
    fn close(&mut self) -> Option<Result<Change, ClientError>> {
        match std::mem::replace(&mut self.state, State::Over(None)) {
            State::Over(failure) => failure.map(Err),
            State::Live(_) | State::Lost(_) => Some(Err(ClientError::Closed)),
        }
    }

    /// Goes on until there is nothing to do but wait.
    fn poll_state(&mut self, cx: &mut Context<'_>) {
        loop {
            let state = match &mut self.state {
                State::Live(live) => match live.poll_end(cx) {
                    Poll::Ready(end) => self.ended(end),
                    Poll::Pending => return,
                },
                State::Lost(revival) => match revival.as_mut().poll(cx) {
                    Poll::Ready((failures, Ok((live, acknowledged)))) => {
                        (self.failures, self.since, self.acknowledged) =
                            (failures, Instant::now(), acknowledged);
                        self.channel.push(Change::Resumed);
                        State::Live(live)
                    }
                    Poll::Ready((_, Err(error))) => State::Over(Some(error)),
                    Poll::Pending => return,
                },
                State::Over(_) => return,
            };
            self.state = state;
        }
    }

    fn ended(&mut self, end: End) -> State {
        let shared = self.client.shared();
        match end {
            End::Over => State::Over(None),
            End::Refused(error) => State::Over(Some(error)),
            End::Lost(_) if shared.is_closed() => State::Over(Some(ClientError::Closed)),
            End::Lost(error) if !shared.renewal.is_wanted() || self.channel.has_ended() => {
                State::Over((!self.channel.has_ended()).then_some(error))
            }
            End::Lost(_) => {
                let failures = if self.since.elapsed() < STEADY { self.failures + 1 } else { 0 };
                self.channel.push(Change::Lost);
                State::Lost(Box::pin(revive(
                    shared.clone(),
                    self.wish.clone(),
                    self.channel.clone(),
                    failures,
                )))
            }
        }
    }
}

impl Stream for Subscription {
    type Item = Result<Change, ClientError>;

    /// What [`next`](Self::next) does. There is at most one error, and it is the last item.
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.client.shared().is_closed() {
            return Poll::Ready(this.close());
        }
        this.poll_state(cx);
        if let Poll::Ready(change) = this.channel.poll_next(cx) {
            return Poll::Ready(change.map(Ok));
        }
        if let State::Over(failure) = &mut this.state {
            return Poll::Ready(failure.take().map(Err));
        }
        this.closing.as_mut().poll(cx).map(|()| this.close())
    }
}

async fn revive(
    shared: Arc<Shared>,
    wish: SubscriptionFilter,
    channel: Arc<Channel>,
    mut failures: u32,
) -> Revived {
    loop {
        sleep(pause(failures)).await;
        let error = match open(&shared, &wish, &channel).await {
            Ok(opened) => return (failures, Ok(opened)),
            Err(error) => error,
        };
        failures += 1;
        // What the server itself says, it would say again.
        let final_word = matches!(error, ClientError::Rpc(_) | ClientError::Unauthorized(_));
        if final_word || failures >= ATTEMPTS || shared.is_closed() {
            return (failures, Err(error));
        }
        tracing::debug!(%error, "a subscription cannot be opened again yet");
    }
}

/// Up to a quarter more than the doubled pause, so that the clients of a server that was away do not all come back at once.
fn pause(failures: u32) -> Duration {
    let pause = PAUSE.saturating_mul(1 << failures.min(16)).min(LONGEST);
    let random = RandomState::new().build_hasher().finish();
    pause + pause.mul_f64(0.25 * f64::from(random as u8) / 255.0)
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("wish", &self.wish)
            .field("acknowledged", &self.acknowledged)
            .finish_non_exhaustive()
    }
}
