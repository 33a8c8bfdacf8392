use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::{
    super::{OAuthError, Secret, challenge::Demand},
    renew,
    shared::Shared,
};

/// What somebody needs before a request can go on.
#[derive(Clone, Debug)]
pub(super) enum Need {
    /// A token in place of the present one, which is about to expire.
    Fresh(Secret),
    /// A token in place of the one that the server refused, or of none.
    Token(Option<Secret>, Demand),
    /// A token with more scopes than the refused one.
    Scope(Secret, Demand),
}

impl Need {
    /// The token that does not do.
    fn unfit(&self) -> Option<&Secret> {
        match self {
            Self::Fresh(token) | Self::Scope(token, _) => Some(token),
            Self::Token(token, _) => token.as_ref(),
        }
    }

    /// Whether the failure of one who needed `other` is a failure for this one, too.
    fn shares(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Fresh(_), _) | (Self::Token(..), Self::Token(..)) => true,
            (Self::Scope(_, mine), Self::Scope(_, theirs)) => mine.scope == theirs.scope,
            _ => false,
        }
    }
}

type Outcome = Result<(), OAuthError>;

/// One renewal at a time. It runs in a task of its own: a request that is given up takes no sign-in with it, and loses no refresh
/// token that was used already.
#[derive(Debug, Default)]
pub(super) struct Flight(Mutex<Option<Running>>);

#[derive(Clone, Debug)]
struct Running {
    need: Need,
    outcome: watch::Receiver<Option<Outcome>>,
}

impl Running {
    fn start(shared: &Arc<Shared>, need: Need) -> Self {
        let (tell, outcome) = watch::channel(None);
        let (shared, task) = (Arc::clone(shared), need.clone());
        tokio::spawn(Box::pin(async move {
            let _turn = shared.turn.lock().await;
            let outcome = renew::renew(&shared, &task).await;
            if let Err(error) = &outcome {
                tracing::debug!(%error, server = %shared.settings.server_url, "no authorization");
            }
            tell.send_replace(Some(outcome));
        }));
        Self { need, outcome }
    }

    fn is_over(&self) -> bool {
        self.outcome.borrow().is_some() || self.outcome.has_changed().is_err()
    }

    async fn wait(&mut self) -> Outcome {
        match self.outcome.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or(Err(OAuthError::Interrupted)),
            Err(_) => Err(OAuthError::Interrupted),
        }
    }
}

impl Flight {
    /// Resolves when there is a token that fits `need`.
    pub(super) async fn satisfy(&self, shared: &Arc<Shared>, need: Need) -> Outcome {
        loop {
            let (mut running, mine) = {
                let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                if shared.has_other_than(need.unfit()) {
                    return Ok(());
                }
                match &*slot {
                    Some(running) if !running.is_over() => (running.clone(), false),
                    _ => {
                        let running = Running::start(shared, need.clone());
                        *slot = Some(running.clone());
                        (running, true)
                    }
                }
            };
            match running.wait().await {
                outcome if mine => return outcome,
                Err(error) if need.shares(&running.need) => return Err(error),
                // Somebody else got what they needed, or failed at what is none of this one's business.
                _ => {}
            }
        }
    }
}
