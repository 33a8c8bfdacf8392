use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use toolwright_core::{
    joint::{Attach, BoxFuture, Incoming, Link, LinkError, Outgoing},
    jsonrpc::Id,
};

use super::{
    Fault,
    doomed::{serve_and_die, turns},
    stage::Inner,
    wire::{Kind, asks, copy, kind, refusing, text, under},
};

/// The way between the client and the replicas.
pub(super) struct Trouble {
    stage: Arc<Inner>,
    attach: Attach,
    links: Vec<Arc<dyn Link>>,
    /// Where messages go once the key is rotated.
    successors: Vec<Arc<dyn Link>>,
    turn: AtomicUsize,
    copies: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How often the client sent the call again.
    retries: usize,
    /// The request of the round that something goes wrong with, and its reply, until it is sent again.
    kept: Option<(Outgoing, Incoming)>,
}

impl Trouble {
    pub(super) fn new(
        stage: Arc<Inner>,
        attach: Attach,
        links: Vec<Arc<dyn Link>>,
        successors: Vec<Arc<dyn Link>>,
    ) -> Self {
        let (turn, copies, state) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::default());
        Self { stage, attach, links, successors, turn, copies, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next replica.
    fn next(&self) -> &dyn Link {
        let rotated = self.stage.rotated.load(Ordering::Acquire);
        let links = if rotated { &self.successors } else { &self.links };
        &*links[self.turn.fetch_add(1, Ordering::Relaxed) % links.len()]
    }

    fn copy_id(&self) -> Id {
        format!("copy-{}", self.copies.fetch_add(1, Ordering::Relaxed)).into()
    }

    /// Sends the request once more, as what comes of a client that repeats it. The reply is under the id of the first.
    async fn repeat(&self, message: &Outgoing) -> Result<Incoming, LinkError> {
        let reply = self.next().exchange(copy(message, self.copy_id())).await?;
        Ok(match &message.id {
            Some(id) => under(reply, id),
            None => reply,
        })
    }

    /// Takes note of one more run of the round, and of what it replied.
    fn heard_again(&self, first: &Incoming, again: &Incoming) {
        let (first, again) = (text(first), text(again));
        let mut noted = self.stage.noted();
        noted.more_runs += 1;
        if first != again {
            noted.other_replies.push((first, again));
        }
    }

    async fn serve(&self, message: Outgoing) -> Result<Incoming, LinkError> {
        let round = match kind(&message) {
            Kind::Other => return self.next().exchange(message).await,
            Kind::First => 0,
            Kind::Again => {
                let mut state = self.state();
                state.retries += 1;
                state.retries
            }
        };
        let incident = self.stage.incident;
        if incident.is_some_and(|incident| incident.fault == Fault::OldState) {
            self.refuse_late().await?;
        }
        let so_far = self.stage.effects.taken().once;
        self.stage.noted().rounds.push(so_far);
        match incident.filter(|incident| incident.round == round && round > 0) {
            Some(incident) => self.strike(incident.fault, incident.point, message).await,
            None => self.next().exchange(message).await,
        }
    }

    async fn strike(&self, fault: Fault, point: usize, message: Outgoing) -> Result<Incoming, LinkError> {
        match fault {
            Fault::Doubled => {
                let first = self.next().exchange(message.clone()).await?;
                let again = self.repeat(&message).await?;
                self.heard_again(&first, &again);
                Ok(first)
            }
            Fault::Parallel => {
                let first = self.next().exchange(message.clone());
                let (first, second, third) =
                    tokio::try_join!(first, self.repeat(&message), self.repeat(&message))?;
                self.heard_again(&first, &second);
                self.heard_again(&first, &third);
                Ok(first)
            }
            Fault::Late | Fault::OldState => {
                let reply = self.next().exchange(message.clone()).await?;
                let over = !asks(&reply);
                self.state().kept = Some((message, reply.clone()));
                if over && fault == Fault::OldState {
                    self.refuse_late().await?;
                }
                Ok(reply)
            }
            Fault::ReplyLost => {
                let lost = self.next().exchange(message.clone()).await?;
                let again = self.repeat(&message).await?;
                self.heard_again(&lost, &again);
                Ok(again)
            }
            Fault::KeyRotated => {
                self.stage.rotated.store(true, Ordering::Release);
                self.next().exchange(message).await
            }
            Fault::ReplicaKilled => {
                let server = self.stage.doomed.clone().expect("the stage has a replica for this fault");
                let over = serve_and_die(server, self.attach.clone(), message.clone(), point).await;
                let unknown = match &self.stage.journals {
                    Some(journals) => journals.bury().await.expect("memory can be read"),
                    None => Default::default(),
                };
                self.stage.noted().unknown = unknown;
                self.given_up(point, over);
                self.repeat(&message).await
            }
            Fault::ClientGone => {
                let mut exchange = self.next().exchange(copy(&message, self.copy_id()));
                let over = turns(&mut exchange, point).await;
                drop(exchange);
                self.given_up(point, over);
                self.repeat(&message).await
            }
        }
    }

    /// Takes note of a run that nobody hears the reply of.
    fn given_up(&self, point: usize, over: bool) {
        let mut noted = self.stage.noted();
        noted.more_runs += usize::from(point > 0);
        noted.too_late = over;
    }

    /// Sends the kept request with other answers, now that the call went on.
    async fn refuse_late(&self) -> Result<(), LinkError> {
        let kept = self.state().kept.take();
        if let Some((message, reply)) = kept {
            let again = self.next().exchange(refusing(&message, self.copy_id())).await?;
            self.heard_again(&reply, &again);
        }
        Ok(())
    }

    /// Sends the kept request again, now that the call is over.
    pub(super) async fn after(&self) {
        let kept = self.state().kept.take();
        if let Some((message, reply)) = kept {
            match self.repeat(&message).await {
                Ok(again) => self.heard_again(&reply, &again),
                Err(error) => self.stage.noted().other_replies.push((text(&reply), error.to_string())),
            }
        }
    }
}

/// A connection that way.
pub(super) struct Way(pub(super) Arc<Trouble>);

impl Link for Way {
    fn exchange(&self, message: Outgoing) -> BoxFuture<'static, Result<Incoming, LinkError>> {
        let trouble = Arc::clone(&self.0);
        Box::pin(async move { trouble.serve(message).await })
    }

    fn announces_cancel(&self) -> bool {
        false
    }

    fn close(&self) -> BoxFuture<'static, ()> {
        let links = self.0.links.iter().chain(&self.0.successors);
        let closing: Vec<_> = links.map(|link| link.close()).collect();
        Box::pin(async move {
            for each in closing {
                each.await;
            }
        })
    }
}
