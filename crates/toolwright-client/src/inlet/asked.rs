use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::{sync::Semaphore, task::AbortHandle};
use toolwright_core::{
    joint::{Link, Outgoing},
    jsonrpc::{
        Id, RpcError,
        encode::{self, AbsentId},
    },
};

use super::Routes;
use crate::request::Headers;

/// Most questions of a server that are answered at the same time.
const AT_ONCE: usize = 64;

/// Most replies that need no thought, such as those to pings, on their way to a server that may not read them.
const REPLIES: usize = 256;

/// The requests of the server that are being answered, each in a task of its own.
#[derive(Debug)]
pub(super) struct Asked {
    state: Mutex<State>,
    replies: Arc<Semaphore>,
}

impl Default for Asked {
    fn default() -> Self {
        Self { state: Mutex::default(), replies: Arc::new(Semaphore::new(REPLIES)) }
    }
}

#[derive(Debug, Default)]
struct State {
    running: HashMap<Id, AbortHandle>,
    refuses: bool,
}

impl Asked {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on the protocol knows no requests of the server.
    pub(super) fn refuse(&self) {
        self.state().refuses = true;
    }

    pub(super) fn answer(
        self: &Arc<Self>,
        routes: &Arc<Routes>,
        line: Line,
        id: Id,
        method: &str,
        params: Option<&RawValue>,
    ) {
        let mut state = self.state();
        if state.refuses {
            // A response would be as illegal as the request ("Messages": only clients send requests).
            tracing::warn!(method, "the server sent a request, which its revision does not have");
            return;
        }
        let refusal = if method == "ping" {
            Some(encode::result(&id, b"{}"))
        } else if state.running.contains_key(&id) {
            Some(error(&id, &RpcError::invalid_request("a request with this id is still being answered")))
        } else if state.running.len() >= AT_ONCE {
            Some(error(&id, &RpcError::internal_error("the client answers too many requests already")))
        } else {
            None
        };
        if let Some(body) = refusal {
            let Ok(permit) = self.replies.clone().try_acquire_owned() else {
                tracing::warn!(method, "the server asks without reading the answers; it gets none");
                return;
            };
            routes.runtime.spawn(async move {
                line.reply(body).await;
                drop(permit);
            });
            return;
        }
        let work = {
            let (asked, id) = (self.clone(), id.clone());
            let (answers, method, params) =
                (routes.answers.clone(), method.to_owned(), params.map(ToOwned::to_owned));
            let elicitations = routes.elicitations.clone();
            async move {
                let body = match answers.serve(&elicitations, &method, params).await {
                    Ok(result) => encode::result(&id, result.as_str().as_bytes()),
                    Err(failure) => error(&id, &failure),
                };
                line.reply(body).await;
                asked.state().running.remove(&id);
            }
        };
        // The lock is held until the handle is in its place, so the task cannot be over before.
        let handle = routes.runtime.spawn(work).abort_handle();
        state.running.insert(id, handle);
    }

    /// The server takes a question back ("Cancellation").
    pub(super) fn cancelled(&self, params: Option<&RawValue>) {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Cancelled {
            request_id: Id,
        }
        let cancelled = params.and_then(|params| serde_json::from_str::<Cancelled>(params.get()).ok());
        if let Some(handle) =
            cancelled.and_then(|cancelled| self.state().running.remove(&cancelled.request_id))
        {
            handle.abort();
        }
    }

    pub(super) fn abort(&self) {
        let running = std::mem::take(&mut self.state().running);
        running.values().for_each(AbortHandle::abort);
    }
}

/// Where answers go.
pub(super) struct Line {
    pub(super) link: Weak<dyn Link>,
    pub(super) headers: Headers,
}

impl Line {
    async fn reply(self, body: Bytes) {
        let outgoing = Outgoing::notice(body).headers(self.headers.message(None));
        let Some(exchange) = self.link.upgrade().map(|link| link.exchange(outgoing)) else { return };
        if let Err(error) = exchange.await {
            tracing::debug!(%error, "an answer did not reach the server");
        }
    }
}

fn error(id: &Id, error: &RpcError) -> Bytes {
    encode::error(Some(id), AbsentId::Omitted, error)
}
