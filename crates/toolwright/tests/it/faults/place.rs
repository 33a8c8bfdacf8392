//! What a fault is made of.
use serde_json::Value;

/// How a server wraps what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// The body of the response to the POST.
    Body,
    /// Events in that body.
    Events,
    /// Events of the one stream of 2024-11-05.
    Pair,
    /// Lines of stdout.
    #[cfg_attr(not(all(unix, feature = "child")), allow(dead_code, reason = "the process is a Unix one"))]
    Lines,
}

/// A call that gets a fault for an answer.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) framing: Framing,
    /// Whether a server can write HTTP itself.
    pub(super) raw: bool,
    pub(super) id: Value,
}

/// What the server does, and nothing after it.
#[derive(Clone, Debug)]
pub(super) struct Reaction {
    pub(super) head: Head,
    pub(super) steps: Vec<Step>,
}

/// How the response to a POST begins. Lines have none of it.
#[derive(Clone, Debug)]
pub(super) enum Head {
    /// As it should. In the pair that accepts the POST, and the steps are those of the stream.
    Usual,
    Status(u16, Vec<(&'static str, &'static str)>),
    /// The steps are all that the connection carries.
    Raw,
}

/// When the steps are over, a body ends in good order; a stream for everything stays open, and silent.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Data(Vec<u8>),
    /// The end of the connection, or of the process.
    Close,
    /// A sudden end.
    Kill,
    /// Nothing more, ever, and no end either.
    Silence,
}

pub(super) const NOTE: &str =
    r#"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"hi"}}"#;

impl Place {
    pub(super) fn answer(&self) -> String {
        self.fill(
            r#"{"jsonrpc":"2.0","id":$ID,"result":{"resultType":"complete","content":[{"type":"text","text":"ok"}]}}"#,
        )
    }

    /// `text` with the id of the call for `$ID`.
    pub(super) fn fill(&self, text: &str) -> String {
        text.replace("$ID", &self.id.to_string())
    }

    pub(super) fn frame(&self, message: &str) -> String {
        match self.framing {
            Framing::Body => message.to_owned(),
            Framing::Events | Framing::Pair => format!("data: {message}\n\n"),
            Framing::Lines => format!("{message}\n"),
        }
    }

    pub(super) fn is_events(&self) -> bool {
        matches!(self.framing, Framing::Events | Framing::Pair)
    }

    /// These messages, each in a frame of its own, all at once.
    pub(super) fn says<const N: usize>(&self, messages: [&str; N]) -> Option<Reaction> {
        let frames: String = messages.iter().map(|message| self.frame(&self.fill(message))).collect();
        self.writes([frames])
    }

    /// These pieces of what a connection, or a body with the usual head, carries.
    pub(super) fn writes(&self, pieces: impl IntoIterator<Item: Into<Vec<u8>>>) -> Option<Reaction> {
        let steps = pieces.into_iter().map(|piece| Step::Data(piece.into())).collect();
        Some(Reaction { head: Head::Usual, steps })
    }

    /// Nothing of a response, not even its status.
    pub(super) fn nothing(&self) -> Option<Reaction> {
        Some(Reaction { head: Head::Raw, steps: Vec::new() })
    }

    /// The first half of the answer in its frame.
    pub(super) fn half(&self) -> Option<Reaction> {
        let mut frame = self.frame(&self.answer());
        frame.truncate(frame.len() / 2);
        self.writes([frame])
    }

    /// Other HTTP than usual.
    pub(super) fn status(
        &self,
        status: u16,
        headers: &[(&'static str, &'static str)],
        body: impl Into<Vec<u8>>,
    ) -> Option<Reaction> {
        let steps = vec![Step::Data(body.into())];
        (self.framing != Framing::Lines)
            .then(|| Reaction { head: Head::Status(status, headers.to_vec()), steps })
    }

    /// What the connection carries, written out.
    pub(super) fn raw(&self, text: impl Into<Vec<u8>>) -> Option<Reaction> {
        self.raw.then(|| Reaction { head: Head::Raw, steps: vec![Step::Data(text.into())] })
    }
}

impl Reaction {
    pub(super) fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}
