use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::runtime::Handle;
use toolwright_core::{
    Raw,
    model::{ElicitationCompleteParams, ProgressParams, ProgressToken},
};

use super::{Handlers, Notification, handlers::call};
use crate::{
    answer::{Answers, Elicitations},
    cache::{Cache, Results},
    catalog::Catalog,
    request::Reports,
    subscription::{Change, Watchers},
};

/// To whom the messages of the server go.
pub(crate) struct Routes {
    pub(crate) runtime: Handle,
    pub(crate) handlers: Handlers,
    pub(crate) answers: Answers,
    pub(crate) watchers: Watchers,
    progress: Mutex<HashMap<i64, Arc<Reports>>>,
    pub(crate) catalog: Catalog,
    pub(crate) results: Results,
    pub(crate) elicitations: Arc<Elicitations>,
}

impl Routes {
    pub(crate) fn new(runtime: Handle, handlers: Handlers, answers: Answers, cache: Cache) -> Self {
        Self {
            runtime,
            handlers,
            answers,
            watchers: Watchers::default(),
            progress: Mutex::default(),
            catalog: Catalog::default(),
            results: Results::new(cache),
            elicitations: Arc::default(),
        }
    }

    pub(crate) fn expect_progress(&self, token: i64, reports: Arc<Reports>) {
        self.progress().insert(token, reports);
    }

    pub(crate) fn forget_progress(&self, token: i64) {
        self.progress().remove(&token);
    }

    fn progress(&self) -> MutexGuard<'_, HashMap<i64, Arc<Reports>>> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn notification(&self, method: &str, params: Option<&RawValue>) {
        match method {
            "notifications/progress" => self.report(params),
            "notifications/message" => {
                if let Some(handler) = &self.handlers.log
                    && let Some(message) = read(method, params)
                {
                    call(handler, message);
                }
            }
            "notifications/tools/list_changed" => {
                self.catalog.forget();
                self.change(Change::Tools, params);
            }
            "notifications/prompts/list_changed" => self.change(Change::Prompts, params),
            "notifications/resources/list_changed" => self.change(Change::Resources, params),
            "notifications/resources/updated" => {
                #[derive(Deserialize)]
                struct Updated {
                    uri: String,
                }
                if let Some(Updated { uri }) = read(method, params) {
                    self.change(Change::Resource(uri), params);
                }
            }
            "notifications/elicitation/complete" => {
                let complete = read::<ElicitationCompleteParams>(method, params);
                // Ids that are unknown, or complete already, mean nothing (2025-11-25, "Completion Notifications").
                if let Some(complete) =
                    complete.filter(|complete| self.elicitations.complete(&complete.elicitation_id))
                    && let Some(handler) = &self.handlers.elicit_complete
                {
                    call(handler, complete.elicitation_id);
                }
            }
            "notifications/subscriptions/acknowledged" => self.watchers.acknowledge(params),
            _ => self.watchers.other(method, params),
        }
        if let Some(handler) = &self.handlers.notification {
            call(handler, Notification { method: method.to_owned(), params: params.map(Raw::from) });
        }
    }

    fn report(&self, params: Option<&RawValue>) {
        let Some(report) = read::<ProgressParams>("notifications/progress", params) else { return };
        let ProgressToken::Integer(token) = report.progress_token else { return };
        // Reports of a request that is over are late, not wrong ("Progress").
        let reports = self.progress().get(&token).cloned();
        if let Some(reports) = reports {
            reports.push(report);
        }
    }

    fn change(&self, change: Change, params: Option<&RawValue>) {
        self.results.change(&change);
        if let Some(handler) = &self.handlers.change {
            call(handler, change.clone());
        }
        self.watchers.change(&change, params);
    }

    /// Ends all subscriptions.
    pub(crate) fn shut(&self) {
        self.watchers.shut();
    }
}

fn read<'a, T: Deserialize<'a>>(method: &str, params: Option<&'a RawValue>) -> Option<T> {
    serde_json::from_str(params.map_or("{}", RawValue::get))
        .inspect_err(|error| tracing::warn!(method, %error, "malformed notification"))
        .ok()
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Routes")
            .field("handlers", &self.handlers)
            .field("answers", &self.answers)
            .finish_non_exhaustive()
    }
}
