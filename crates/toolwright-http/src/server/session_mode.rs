/// Whether clients of revisions with a handshake get a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionMode {
    /// `initialize` opens a session, and requests without one are refused.
    Required,
    /// `initialize` opens a session, and requests without one are served as far as that goes: the server cannot ask such a client
    /// anything.
    #[default]
    Optional,
    /// No sessions: no server-to-client requests, no GET stream, and any replica serves any request.
    Off,
}
