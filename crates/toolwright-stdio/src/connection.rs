use std::{
    future::Future,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use tokio::{runtime::Handle, sync::Notify, task::JoinSet};
use toolwright_core::{
    joint::{BoxFuture, Closed, Endpoint, Inbound, Limits, Outbound, Outlet, Session, Transport},
    jsonrpc::{
        Id, Incoming, Message, RpcError, decode,
        encode::{self, AbsentId},
    },
};

use crate::{
    lines::{Line, Lines},
    outbox::Outbox,
    slots::{Place, Slots},
};

/// One peer: lines become calls, calls become answers. Readers and writers drive it, on threads or in tasks.
pub(crate) struct Connection {
    pub(crate) endpoint: Arc<dyn Endpoint>,
    pub(crate) session: Arc<dyn Session>,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) limits: Limits,
    pub(crate) runtime: Handle,
    outlet: Arc<dyn Outlet>,
    slots: Slots,
    tasks: Mutex<JoinSet<()>>,
    /// Whether the reader is at work on lines.
    taking: AtomicBool,
    stopping: AtomicBool,
    input: Mutex<Option<io::Result<()>>>,
    /// Told when input ends or has to.
    changed: Notify,
    /// Told when a call or the reader comes to rest.
    rested: Notify,
}

impl Connection {
    /// A connection of the current runtime.
    pub(crate) fn open(endpoint: Arc<dyn Endpoint>) -> Arc<Self> {
        let limits = endpoint.surface().limits.clone();
        let outbox = Arc::new(Outbox::new(&limits));
        let outlet: Arc<dyn Outlet> = Arc::clone(&outbox) as _;
        Arc::new(Self {
            session: endpoint.open(Arc::clone(&outlet)),
            slots: Slots::new(limits.in_flight, limits.body),
            endpoint,
            outbox,
            limits,
            runtime: Handle::current(),
            outlet,
            tasks: Mutex::default(),
            taking: AtomicBool::new(false),
            stopping: AtomicBool::new(false),
            input: Mutex::default(),
            changed: Notify::new(),
            rested: Notify::new(),
        })
    }

    /// Whether the reader may work on what it read; if so, [`rest`](Self::rest) has to follow.
    pub(crate) fn begin(&self) -> bool {
        self.taking.store(true, Ordering::SeqCst);
        let go = !self.stopping.load(Ordering::SeqCst);
        if !go {
            self.rest();
        }
        go
    }

    /// The reader is done with what it read.
    pub(crate) fn rest(&self) {
        self.taking.store(false, Ordering::SeqCst);
        if self.stopping.load(Ordering::SeqCst) {
            self.rested.notify_waiters();
        }
    }

    /// Starts a call for each line, in order. Answers that are ready at once are held in the outbox; calls that are not become
    /// tasks. At the end of input, the rest of it is the last line.
    ///
    /// Waits only while the peer does not read.
    pub(crate) async fn take(self: &Arc<Self>, lines: &mut Lines, at_end: bool) -> Result<(), Closed> {
        while let Some(line) = if at_end { lines.last_line() } else { lines.next_line() } {
            let answer = match line {
                Line::Message(body) if self.slots.running() < self.slots.most() => self.start(body),
                Line::Message(body) => self.admit(body).await,
                Line::TooLong => Some(self.too_long()),
            };
            if let Some(answer) = answer
                && !self.outbox.hold(answer)
            {
                self.outbox.room().await?;
            }
        }
        Ok(())
    }

    /// Decides what to do with a message while as many calls run as may: requests wait or are refused, others pass.
    async fn admit(self: &Arc<Self>, body: Bytes) -> Option<Bytes> {
        match Kind::of(&body) {
            Kind::Request(id) => match self.slots.place(body) {
                Place::Free(body) => self.start(body),
                Place::InLine => None,
                Place::None => Some(self.refusal(id.as_ref())),
            },
            Kind::Other => {
                // Nothing that passes should take long, yet it is bounded as well. What was held may be what a call waits for.
                self.outbox.hand_over();
                let most = self.slots.most().saturating_mul(2);
                until(&self.rested, || self.slots.running() < most).await;
                self.start(body)
            }
        }
    }

    /// Starts a call; the answer if it is ready at once.
    fn start(self: &Arc<Self>, body: Bytes) -> Option<Bytes> {
        let mut call = self.call(body);
        match Pin::new(&mut call).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer,
            Poll::Pending => {
                self.slots.occupy();
                let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
                while tasks.try_join_next().is_some() {}
                let slot = Slot { connection: Arc::clone(self), held: true };
                tasks.spawn_on(run(slot, call), &self.runtime);
                None
            }
        }
    }

    fn call(&self, body: Bytes) -> Call {
        let inbound =
            Inbound::new(body, Transport::Stdio, Arc::clone(&self.outlet)).session(Arc::clone(&self.session));
        Call(catch_unwind(AssertUnwindSafe(|| self.endpoint.call(inbound))).ok())
    }

    /// The reader will bring no more.
    pub(crate) fn end_input(&self, result: io::Result<()>) {
        let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        input.get_or_insert(result);
        drop(input);
        self.changed.notify_waiters();
    }

    /// Resolves when the reader will bring no more.
    pub(crate) async fn input_ended(&self) -> io::Result<()> {
        let mut result = None;
        until(&self.changed, || {
            result = self.input.lock().unwrap_or_else(PoisonError::into_inner).take();
            result.is_some()
        })
        .await;
        result.unwrap_or(Ok(()))
    }

    /// Makes the reader stop.
    pub(crate) fn stop_reading(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    /// Resolves when the reader has to stop.
    pub(crate) async fn stopped(&self) {
        until(&self.changed, || self.stopping.load(Ordering::SeqCst)).await;
    }

    /// Resolves when no call runs or waits and the reader is at rest.
    pub(crate) async fn idle(&self) {
        until(&self.rested, || !self.taking.load(Ordering::SeqCst) && self.slots.running() == 0).await;
    }

    /// Drops everything that runs or waits. How many calls ran.
    pub(crate) fn abort(&self) -> usize {
        let running = self.slots.running() + usize::from(self.taking.load(Ordering::SeqCst));
        self.slots.dismiss();
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
        running
    }

    fn too_long(&self) -> Bytes {
        let text = format!(
            "the message is longer than {} bytes, the limit of this server; it was not read",
            self.limits.body
        );
        encode::error(None, self.absent_id(), &RpcError::invalid_request(text))
    }

    fn refusal(&self, id: Option<&Id>) -> Bytes {
        let text = format!(
            "too many requests: {} run and {} bytes of others wait, the limits of this server; send fewer at once",
            self.limits.in_flight, self.limits.body
        );
        encode::error(id, self.absent_id(), &RpcError::invalid_request(text))
    }

    fn absent_id(&self) -> AbsentId {
        match self.session.revision() {
            Some(revision) if !revision.era().omits_unknown_ids() => AbsentId::Null,
            _ => AbsentId::Omitted,
        }
    }
}

/// What a message is, as far as admission cares.
enum Kind {
    /// It takes a slot. A batch has no single id.
    Request(Option<Id>),
    Other,
}

impl Kind {
    fn of(body: &[u8]) -> Self {
        match decode(body) {
            Incoming::Single(Ok(Message::Request { id, .. })) => Self::Request(Some(id)),
            Incoming::Batch(items)
                if items.iter().any(|item| matches!(item, Ok(Message::Request { .. }))) =>
            {
                Self::Request(None)
            }
            Incoming::Single(_) | Incoming::Batch(_) => Self::Other,
        }
    }
}

/// Waits until `holds`, which `told` announces.
pub(crate) async fn until(told: &Notify, mut holds: impl FnMut() -> bool) {
    loop {
        let mut change = pin!(told.notified());
        change.as_mut().enable();
        if holds() {
            return;
        }
        change.await;
    }
}

/// Runs a call to its end, then those that wait for its slot.
async fn run(mut slot: Slot, mut call: Call) {
    loop {
        if let Some(answer) = call.await
            && slot.connection.outbox.send(answer).await.is_err()
        {
            return;
        }
        match slot.connection.slots.pass_on() {
            Some(body) => call = slot.connection.call(body),
            None => {
                slot.held = false;
                return;
            }
        }
    }
}

/// The place of a running call, given back on every way out.
struct Slot {
    connection: Arc<Connection>,
    held: bool,
}

impl Drop for Slot {
    fn drop(&mut self) {
        if self.held {
            self.connection.slots.vacate();
        }
        self.connection.rested.notify_waiters();
    }
}

/// A call whose panic stays its own. None if the endpoint panicked before there was a future.
struct Call(Option<BoxFuture<'static, Outbound>>);

impl Future for Call {
    type Output = Option<Bytes>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let polled =
            self.0.as_mut().map(|call| catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(context))));
        match polled {
            Some(Ok(polled)) => polled.map(|outbound| outbound.body),
            Some(Err(_)) | None => {
                self.0 = None;
                tracing::error!("the endpoint panicked; a message stays without an answer");
                Poll::Ready(None)
            }
        }
    }
}
