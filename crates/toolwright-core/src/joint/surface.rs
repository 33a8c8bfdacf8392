use std::time::Duration;

use super::SharedTokenVerifier;
use crate::era::Served;

/// What a transport has to know about an [`Endpoint`](super::Endpoint) besides calling it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Surface {
    /// Bounds that the transport enforces.
    pub limits: Limits,
    /// Who checks bearer tokens; none means that no caller is authenticated.
    pub token_verifier: Option<SharedTokenVerifier>,
    /// The revisions that are served.
    pub served: Served,
}

impl Surface {
    /// A surface with these bounds that serves all revisions.
    pub fn new(limits: Limits, token_verifier: Option<SharedTokenVerifier>) -> Self {
        Self { limits, token_verifier, served: Served::default() }
    }

    /// The revisions that are served.
    pub fn served(mut self, served: Served) -> Self {
        self.served = served;
        self
    }
}

/// Bounds on what reaches a server. Nothing that a peer does may grow memory without one.
///
/// # Example
/// ```
/// use toolwright_core::joint::Limits;
///
/// let limits = Limits::default().body(64 * 1024);
/// assert_eq!(limits.body, 64 * 1024);
/// assert!(limits.in_flight > 0);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Largest message in bytes. Default 4 MiB.
    pub body: usize,
    /// Deepest nesting of a message. Default 128.
    pub depth: usize,
    /// Most requests of one connection that run at the same time. Default 1,024.
    pub in_flight: usize,
    /// Most messages waiting for one peer to read them. Default 1,024.
    pub queue: usize,
    /// Most items of one batch. Default 100.
    pub batch: usize,
    /// Most resource subscriptions of one session or listen request. Default 1,024.
    pub subscriptions: usize,
    /// Most components on one page of a list. Default 1,000.
    pub page: usize,
    /// Longest run of one request, long-lived subscriptions excepted. Default five minutes.
    pub request_timeout: Duration,
    /// Longest wait for running requests at shutdown. Default ten seconds.
    pub drain: Duration,
    /// Most rounds of questions of one call to a stateless client. Default 16.
    pub rounds: u32,
    /// Most questions of one round. Default 16.
    pub questions: usize,
    /// Largest state that travels through a client, in bytes. Default 64 KiB.
    pub state: usize,
    /// How long such a state is good. Default one hour.
    pub state_ttl: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 4 * 1024 * 1024,
            depth: 128,
            in_flight: 1024,
            queue: 1024,
            batch: 100,
            subscriptions: 1024,
            page: 1000,
            request_timeout: Duration::from_secs(300),
            drain: Duration::from_secs(10),
            rounds: 16,
            questions: 16,
            state: 64 * 1024,
            state_ttl: Duration::from_secs(60 * 60),
        }
    }
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty),* $(,)?) => {
        impl Limits {
            $($(#[$doc])* pub fn $name(mut self, $name: $type) -> Self {
                self.$name = $name;
                self
            })*
        }
    };
}

setters! {
    /// Largest message in bytes.
    body: usize,
    /// Deepest nesting of a message.
    depth: usize,
    /// Most requests of one connection that run at the same time.
    in_flight: usize,
    /// Most messages waiting for one peer to read them.
    queue: usize,
    /// Most items of one batch.
    batch: usize,
    /// Most resource subscriptions of one session or listen request.
    subscriptions: usize,
    /// Most components on one page of a list.
    page: usize,
    /// Longest run of one request.
    request_timeout: Duration,
    /// Longest wait for running requests at shutdown.
    drain: Duration,
    /// Most rounds of questions of one call to a stateless client.
    rounds: u32,
    /// Most questions of one round.
    questions: usize,
    /// Largest state that travels through a client, in bytes.
    state: usize,
    /// How long such a state is good.
    state_ttl: Duration,
}
