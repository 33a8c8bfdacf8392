use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// How long a server is taken for an older one without being asked. One that is updated still answers the handshake, so nothing
/// else would tell.
const LASTS: Duration = Duration::from_secs(600);

/// Most servers that are remembered.
const MOST: usize = 1024;

/// Whether a server takes requests without a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Stateless,
    Session,
}

/// What was found out about servers, by [identity](toolwright_core::joint::Connect::identity), for all clients of this process
/// ("Versioning": the era is cached, and found out again when it turns out to be wrong).
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<HashMap<String, (Kind, Instant)>>);

/// That of this process.
pub(super) static KNOWN: LazyLock<Known> = LazyLock::new(Known::default);

impl Known {
    fn servers(&self) -> MutexGuard<'_, HashMap<String, (Kind, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, server: &str) -> Option<Kind> {
        let (kind, since) = *self.servers().get(server)?;
        (kind == Kind::Stateless || since.elapsed() < LASTS).then_some(kind)
    }

    pub(super) fn learn(&self, server: &str, kind: Kind) {
        let mut servers = self.servers();
        if servers.len() >= MOST && !servers.contains_key(server) {
            let oldest =
                servers.iter().min_by_key(|(_, (_, since))| *since).map(|(server, _)| server.clone());
            oldest.and_then(|oldest| servers.remove(&oldest));
        }
        servers.insert(server.to_owned(), (kind, Instant::now()));
    }

    pub(super) fn forget(&self, server: &str) {
        self.servers().remove(server);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_older_server_is_asked_again_after_a_while() {
        let known = Known::default();
        known.learn("old", Kind::Session);
        known.learn("new", Kind::Stateless);
        tokio::time::advance(LASTS - Duration::from_secs(1)).await;
        assert_eq!(known.get("old"), Some(Kind::Session));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!((known.get("old"), known.get("new")), (None, Some(Kind::Stateless)));
        known.forget("new");
        assert_eq!(known.get("new"), None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_is_forgotten_when_there_are_too_many() {
        let known = Known::default();
        for n in 0..=MOST {
            known.learn(&n.to_string(), Kind::Stateless);
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        assert_eq!(known.servers().len(), MOST);
        assert_eq!((known.get("0"), known.get("1")), (None, Some(Kind::Stateless)));
    }
}
