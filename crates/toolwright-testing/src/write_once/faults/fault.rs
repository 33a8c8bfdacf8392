use std::fmt;

/// Something that goes wrong with one round of a call: with one of the requests by which a stateless client answers questions.
///
/// | | with a journal store | without one |
/// |---|---|---|
/// | the answer | the same as without the fault | the same, if no step was taken again |
/// | replies to requests that come again | the same bytes but for the id | those of a run of their own |
/// | what must happen [once](crate::Effects::exactly_once) | once, but for the step that a replica was taking when it died | once for each run of the round it belongs to |
/// | what must happen [once for its key](crate::Effects::once_for) | once | once |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Fault {
    /// The request is sent once more, to the next replica, after it was answered.
    Doubled,
    /// The request is sent three times at the same time, to both replicas.
    Parallel,
    /// The request is sent once more after the whole call is over.
    Late,
    /// The request is sent once more, with refusals instead of the answers in it, after the call went on for one more round.
    OldState,
    /// The reply never arrives, so that the client sends the request again.
    ReplyLost,
    /// New replicas take over, with a new key and, for what is on its way, the old one.
    KeyRotated,
    /// The replica that serves the request dies with everything that runs in it, and the client sends the request to another one. It
    /// dies at each point where it waits for something, in a run for each: before it has begun, before and after each look into the
    /// store, while a step waits, and after it came to its reply.
    ReplicaKilled,
    /// The client goes away while the request is served, and comes back. It goes at each point where the server waits for something.
    ClientGone,
}

impl Fault {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Doubled,
        Self::Parallel,
        Self::Late,
        Self::OldState,
        Self::ReplyLost,
        Self::KeyRotated,
        Self::ReplicaKilled,
        Self::ClientGone,
    ];

    /// Whether it may strike at any point of a round.
    pub(in super::super) fn strikes_anywhere(self) -> bool {
        matches!(self, Self::ReplicaKilled | Self::ClientGone)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Doubled => "request doubled",
            Self::Parallel => "request sent in parallel",
            Self::Late => "request repeated after the call",
            Self::OldState => "old state with other answers",
            Self::ReplyLost => "reply lost",
            Self::KeyRotated => "key rotated",
            Self::ReplicaKilled => "replica killed",
            Self::ClientGone => "client gone",
        })
    }
}

/// A [`Fault`] that struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Incident {
    /// What went wrong.
    pub fault: Fault,
    /// With which round: the first request with answers is round 1.
    pub round: usize,
    /// After how many turns of the round's future, for faults that strike at any point: 0 is before it began.
    pub point: usize,
}

impl fmt::Display for Incident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in round {}", self.fault, self.round)?;
        if self.fault.strikes_anywhere() {
            write!(f, " at point {}", self.point)?;
        }
        Ok(())
    }
}
