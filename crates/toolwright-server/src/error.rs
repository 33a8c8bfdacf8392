use std::{borrow::Cow, fmt};

use toolwright_core::jsonrpc::RpcError;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What a handler returns when it fails.
///
/// Any error becomes one with `?`, and so do strings. The client is shown its outermost text and never its sources; the whole
/// chain goes to the log. A tool answers it as a result with `isError`, so that the model can read it and try again; resources
/// and prompts answer it as the error code of their revision.
///
/// # Example
/// ```
/// use toolwright_server::HandlerError;
///
/// fn parse(text: &str) -> Result<u8, HandlerError> {
///     Ok(text.parse::<u8>()?)
/// }
///
/// assert_eq!(parse("300").unwrap_err().to_string(), "number too large to fit in target type");
/// let error = HandlerError::from("no such city").hint("list the cities first");
/// assert_eq!(error.to_string(), "no such city (list the cities first)");
/// ```
pub struct HandlerError(Box<Inner>);

struct Inner {
    kind: Kind,
    hint: Option<Cow<'static, str>>,
    public: bool,
}

enum Kind {
    Failed(BoxError),
    NotFound(BoxError),
    Rpc(RpcError),
}

impl HandlerError {
    fn of(kind: Kind) -> Self {
        Self(Box::new(Inner { kind, hint: None, public: false }))
    }

    /// An error whose text is shown even by a server that masks errors.
    pub fn public(error: impl Into<BoxError>) -> Self {
        let mut this = Self::of(Kind::Failed(error.into()));
        this.0.public = true;
        this
    }

    /// An error that goes to the client as this JSON-RPC error, whatever the kind of handler.
    pub fn rpc(error: RpcError) -> Self {
        Self::of(Kind::Rpc(error))
    }

    /// Adds what the model can do about it.
    pub fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Says that what was asked for does not exist: a resource answers with its revision's not-found code.
    pub fn not_found(mut self) -> Self {
        if let Kind::Failed(error) = self.0.kind {
            self.0.kind = Kind::NotFound(error);
        }
        self
    }

    /// Whether it says that what was asked for does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(self.0.kind, Kind::NotFound(_))
    }

    /// Whether its text is shown even by a server that masks errors.
    pub fn is_public(&self) -> bool {
        self.0.public || matches!(self.0.kind, Kind::Rpc(_))
    }

    /// The JSON-RPC error it stands for, if it was made from one.
    pub fn as_rpc(&self) -> Option<&RpcError> {
        match &self.0.kind {
            Kind::Rpc(error) => Some(error),
            Kind::Failed(_) | Kind::NotFound(_) => None,
        }
    }

    /// The error inside and everything it came from, for the log.
    pub fn chain(&self) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
        let first: &(dyn std::error::Error + 'static) = match &self.0.kind {
            Kind::Failed(error) | Kind::NotFound(error) => &**error,
            Kind::Rpc(error) => error,
        };
        std::iter::successors(Some(first), |error| error.source())
    }
}

impl<E: Into<BoxError>> From<E> for HandlerError {
    fn from(error: E) -> Self {
        Self::of(Kind::Failed(error.into()))
    }
}

impl fmt::Display for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::Failed(error) | Kind::NotFound(error) => error.fmt(f)?,
            Kind::Rpc(error) => f.write_str(&error.message)?,
        }
        match &self.0.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.chain().map(ToString::to_string)).finish()
    }
}

/// Why a server could not be built or run: a mistake of its author, or of the machine it runs on.
///
/// Its `Debug` is its text, so that a `main` that returns it prints what a person can read.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Components or settings that cannot be served; one line for each mistake.
    #[error("the server cannot be built:\n{}", .0.join("\n"))]
    Build(Vec<String>),
    /// A change of components while the server runs that would make it one that cannot be built; nothing was changed.
    #[error("the components cannot be changed:\n{}", .0.join("\n"))]
    Change(Vec<String>),
    /// A lifespan or provider failed to start.
    #[error("{what} failed to start: {source}")]
    Start {
        /// What failed.
        what: String,
        /// Why.
        source: BoxError,
    },
    /// Reading, writing or listening failed.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The command line or environment asks for something that does not exist.
    #[error("{0}")]
    Usage(String),
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
