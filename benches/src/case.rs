//! What is run over and over to be counted.
use crate::{message::Speech, over_http::OverHttp, work};

/// One kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// A request to a server with so many tools, from ready bytes to the bytes of the answer.
    Request(Speech, Connected, Asked, usize),
    /// A call through a client in the same process: arguments in, data out.
    Client(usize),
    /// What that is compared with: the request written, answered by hand, the answer parsed.
    RoundTrip,
    /// `add` of 100 tools over a connection that is kept alive, from bytes to bytes; in a session where there are any.
    Http(Served, Speech),
}

/// Who answers over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    /// The server under test, on a socket of its own.
    Ours,
    /// A bare handler, which keeps no sessions.
    Bare,
}

/// Whether the request comes on a connection with a memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connected {
    /// As over HTTP without a session.
    No,
    /// As over stdio or in a session.
    Yes,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// `tools/call` of `add`.
    Add,
    /// `tools/list`.
    List,
    /// `resources/read`.
    Read,
    /// `prompts/get`.
    Prompt,
}

impl Case {
    /// All cases, by name.
    pub const ALL: &[(&str, Self)] = &[
        ("tools/call", Self::Request(Speech::Modern, Connected::No, Asked::Add, 100)),
        ("tools/call, 1 tool", Self::Request(Speech::Modern, Connected::No, Asked::Add, 1)),
        ("tools/call, 1000 tools", Self::Request(Speech::Modern, Connected::No, Asked::Add, 1000)),
        ("tools/call, on a connection", Self::Request(Speech::Modern, Connected::Yes, Asked::Add, 100)),
        ("tools/call, legacy session", Self::Request(Speech::Legacy, Connected::Yes, Asked::Add, 100)),
        ("tools/list, 1 tool", Self::Request(Speech::Modern, Connected::No, Asked::List, 1)),
        ("tools/list, 100 tools", Self::Request(Speech::Modern, Connected::No, Asked::List, 100)),
        ("tools/list, 1000 tools", Self::Request(Speech::Modern, Connected::No, Asked::List, 1000)),
        ("tools/list, legacy session", Self::Request(Speech::Legacy, Connected::Yes, Asked::List, 100)),
        ("resources/read", Self::Request(Speech::Modern, Connected::No, Asked::Read, 100)),
        ("prompts/get", Self::Request(Speech::Modern, Connected::No, Asked::Prompt, 100)),
        ("client in process", Self::Client(100)),
        ("bytes in, bytes out", Self::RoundTrip),
        ("HTTP add", Self::Http(Served::Ours, Speech::Modern)),
        ("HTTP add, bare", Self::Http(Served::Bare, Speech::Modern)),
        ("HTTP add in a session", Self::Http(Served::Ours, Speech::Legacy)),
        ("HTTP add in a session, bare", Self::Http(Served::Bare, Speech::Legacy)),
    ];

    /// The case of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, case)| *case)
    }

    /// Sets the work up, and looks at its answer thoroughly. What comes back does it so many times.
    ///
    /// # Panics
    /// When an answer is wrong, then and later.
    pub fn prepare(self) -> Box<dyn FnMut(usize)> {
        match self {
            Self::Request(speech, connected, asked, tools) => {
                let exchange = work::Exchange::open(speech, connected, asked, tools);
                Box::new(move |times| exchange.run(times))
            }
            Self::Client(tools) => {
                let client = work::InProcess::open(tools);
                Box::new(move |times| client.run(times))
            }
            Self::RoundTrip => Box::new(work::round_trips),
            Self::Http(served, speech) => {
                let mut connection = OverHttp::open(served, speech);
                Box::new(move |times| connection.run(times))
            }
        }
    }
}
