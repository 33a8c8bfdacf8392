use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use super::sessions::Sessions;

/// Shortest pause between two looks at all sessions.
const PAUSE: Duration = Duration::from_secs(60);

/// Ends idle sessions, as long as there are any.
pub(super) async fn sweep(sessions: Weak<Sessions>) {
    while let Some(pause) = sessions.upgrade().and_then(|sessions| sessions.expire()) {
        tokio::time::sleep(pause).await;
    }
}

impl Sessions {
    /// Ends the sessions that are idle for too long, and tells when to look again. `None` when none is left.
    fn expire(self: &Arc<Self>) -> Option<Duration> {
        let idle = self.idle_nanos();
        let now = self.home.now();
        let mut table = self.table();
        let (expired, oldest) = match now.checked_sub(idle) {
            Some(deadline) => table.expire(deadline),
            None => (Vec::new(), Some(now)),
        };
        let next = if table.len() == 0 {
            table.sweeper = None;
            None
        } else {
            let wait = Duration::from_nanos(oldest.unwrap_or(now).saturating_add(idle).saturating_sub(now));
            Some(wait.max(PAUSE.min(self.terms.idle)).max(Duration::from_millis(1)))
        };
        drop(table);
        if !expired.is_empty() {
            tracing::debug!(sessions = expired.len(), "sessions were idle for too long");
        }
        for entry in expired {
            entry.end();
        }
        next
    }
}
