use std::ffi::OsString;

/// How clients reach the server.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way {
    /// Without bytes between; where a client cannot do that, through a pipe in memory.
    InProcess,
    /// Through a pipe in memory, for all.
    Pipe,
    /// Over HTTP on the loopback interface.
    Http,
    /// Over the pipes of a child process.
    Stdio,
}

/// One comparison.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    pub(super) name: &'static str,
    pub(super) way: Way,
    /// Calls under way at once.
    pub(super) deep: u32,
    /// Calls a round.
    pub(super) count: u32,
}

impl Setting {
    pub(super) const ALL: [Self; 6] = [
        Self { name: "in process", way: Way::InProcess, deep: 1, count: 100_000 },
        Self { name: "pipe in memory", way: Way::Pipe, deep: 1, count: 30_000 },
        Self { name: "HTTP, one at a time", way: Way::Http, deep: 1, count: 10_000 },
        Self { name: "HTTP, 16 under way", way: Way::Http, deep: 16, count: 32_000 },
        Self { name: "stdio, one at a time", way: Way::Stdio, deep: 1, count: 10_000 },
        Self { name: "stdio, 64 under way", way: Way::Stdio, deep: 64, count: 64_000 },
    ];

    /// What a client is started with. `ours` can do without a pipe.
    pub(super) fn arguments(self, ours: bool, url: &str, server: &[OsString]) -> Vec<OsString> {
        match self.way {
            Way::InProcess if ours => vec!["in-process".into()],
            Way::InProcess | Way::Pipe => vec!["pipe".into()],
            Way::Http => vec!["http".into(), url.into()],
            Way::Stdio => std::iter::once("stdio".into()).chain(server.iter().cloned()).collect(),
        }
    }
}
