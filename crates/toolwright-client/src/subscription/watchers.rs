use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::Deserialize;
use serde_json::value::RawValue;
use toolwright_core::{Raw, jsonrpc::Id, model::SubscriptionFilter};

use super::{Change, channel::Channel};

/// Who waits for changes.
#[derive(Debug, Default)]
pub(crate) struct Watchers(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// By the id of the listen request, which tags its notifications.
    listening: HashMap<i64, Arc<Channel>>,
    /// In sessions: who is interested in what.
    watching: HashMap<i64, (SubscriptionFilter, Arc<Channel>)>,
}

/// What a notification says about the subscription it belongs to.
#[derive(Debug, Default, Deserialize)]
struct Tagged {
    #[serde(default, rename = "_meta")]
    meta: Option<Tag>,
}

#[derive(Debug, Deserialize)]
struct Tag {
    #[serde(rename = "io.modelcontextprotocol/subscriptionId")]
    subscription: Option<Id>,
}

impl Watchers {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn listen(&self, id: i64, channel: &Arc<Channel>) {
        self.state().listening.insert(id, channel.clone());
    }

    pub(super) fn forget(&self, id: i64) {
        self.state().listening.remove(&id);
    }

    pub(super) fn watch(&self, id: i64, filter: SubscriptionFilter, channel: &Arc<Channel>) {
        self.state().watching.insert(id, (filter, channel.clone()));
    }

    /// Ends a session's subscription.
    pub(super) fn unwatch(&self, id: i64) {
        self.state().watching.remove(&id);
    }

    pub(crate) fn change(&self, change: &Change, params: Option<&RawValue>) {
        let channels: Vec<_> = {
            let state = self.state();
            if state.listening.is_empty() && state.watching.is_empty() {
                return;
            }
            match tag(params) {
                Some(id) => state.listening.get(&id).cloned().into_iter().collect(),
                None => {
                    let wanted = state.watching.values().filter(|(filter, _)| change.wanted(filter));
                    wanted.map(|(_, channel)| channel.clone()).collect()
                }
            }
        };
        channels.iter().for_each(|channel| channel.push(change.clone()));
    }

    pub(crate) fn acknowledge(&self, params: Option<&RawValue>) {
        #[derive(Deserialize)]
        struct Acknowledged {
            notifications: SubscriptionFilter,
        }
        let acknowledged = params.and_then(|params| serde_json::from_str::<Acknowledged>(params.get()).ok());
        if let (Some(channel), Some(acknowledged)) = (self.tagged(params), acknowledged) {
            channel.acknowledge(acknowledged.notifications);
        }
    }

    /// Notifications of extensions, and the cancellation by which a server ends a subscription over a byte stream.
    pub(crate) fn other(&self, method: &str, params: Option<&RawValue>) {
        if method == "notifications/cancelled" {
            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            struct Cancelled {
                request_id: i64,
            }
            let cancelled = params.and_then(|params| serde_json::from_str::<Cancelled>(params.get()).ok());
            let channel =
                cancelled.and_then(|cancelled| self.state().listening.get(&cancelled.request_id).cloned());
            if let Some(channel) = channel {
                channel.end();
            }
        } else if let Some(channel) = self.tagged(params) {
            channel.push(Change::Other { method: method.to_owned(), params: params.map(Raw::from) });
        }
    }

    fn tagged(&self, params: Option<&RawValue>) -> Option<Arc<Channel>> {
        let id = tag(params)?;
        self.state().listening.get(&id).cloned()
    }

    /// Forgets everyone.
    pub(crate) fn shut(&self) {
        *self.state() = State::default();
    }
}

/// The listen request that a notification belongs to. Ids of ours are integers.
fn tag(params: Option<&RawValue>) -> Option<i64> {
    match serde_json::from_str::<Tagged>(params?.get()).ok()?.meta?.subscription? {
        Id::Integer(id) => Some(id),
        Id::String(_) => None,
    }
}
