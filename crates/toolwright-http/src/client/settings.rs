use std::time::Duration;

/// What bounds a connection.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// Name lookup, TCP and TLS together.
    pub(super) connect_timeout: Duration,
    /// How long an unused connection is kept.
    pub(super) idle: Duration,
    /// Most unused connections.
    pub(super) most_idle: usize,
    /// Longest message or event in bytes.
    pub(super) longest: usize,
    /// Longest head of a response in bytes.
    pub(super) longest_head: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            most_idle: 32,
            longest: 32 * 1024 * 1024,
            longest_head: 64 * 1024,
        }
    }
}
