use std::{
    collections::VecDeque,
    fmt, mem,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Waker},
};

use toolwright_core::model::ProgressParams;

use crate::inlet::Routes;

/// Most reports that wait for one caller; beyond that the newest replaces the one before.
const WAITING: usize = 256;

/// Called with each progress report of one request.
pub(crate) type OnProgress = Box<dyn FnMut(ProgressParams) + Send>;

/// The reports of one request, from the inlet that they arrive at to the task that waits for the answer.
#[derive(Debug, Default)]
pub(crate) struct Reports(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    reports: VecDeque<ProgressParams>,
    waker: Option<Waker>,
}

impl Reports {
    pub(crate) fn push(&self, report: ProgressParams) {
        let waker = {
            let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if waiting.reports.len() == WAITING {
                waiting.reports.pop_back();
            }
            waiting.reports.push_back(report);
            waiting.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// The caller's end: hands reports to the handler, in order, before the request resolves.
pub(crate) struct Progress {
    routes: Arc<Routes>,
    token: i64,
    reports: Arc<Reports>,
    handler: OnProgress,
}

impl Progress {
    pub(crate) fn open(routes: &Arc<Routes>, token: i64, handler: OnProgress) -> Self {
        let reports = Arc::<Reports>::default();
        routes.expect_progress(token, reports.clone());
        Self { routes: routes.clone(), token, reports, handler }
    }

    /// Listens under another token: that of the next round.
    pub(crate) fn renew(&mut self, token: i64) {
        self.routes.forget_progress(self.token);
        self.token = token;
        self.routes.expect_progress(token, self.reports.clone());
    }

    pub(super) fn watch(&self, cx: &Context<'_>) {
        let mut waiting = self.reports.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut waiting.waker {
            Some(waker) => waker.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
    }

    /// Whether there was anything.
    pub(super) fn deliver(&mut self) -> bool {
        let reports = mem::take(&mut self.reports.0.lock().unwrap_or_else(PoisonError::into_inner).reports);
        let any = !reports.is_empty();
        reports.into_iter().for_each(&mut self.handler);
        any
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.routes.forget_progress(self.token);
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress").field("token", &self.token).finish_non_exhaustive()
    }
}
