//! From raw JSON or strings to typed parameters, and what a client is told when that fails.
mod absent;
pub(crate) mod args;
pub(crate) mod field;
mod input;
pub(crate) mod kind;
mod locate;
pub(crate) mod param;
pub(crate) mod params;
mod read;
pub(crate) mod slot;
mod whole;
mod words;

pub mod check;
pub mod coerce;
pub mod diagnose;
pub mod schema;
pub mod text;

#[doc(hidden)]
pub mod limits;

pub use crate::session::Handle;
pub use args::Args;
pub(crate) use input::Input;
pub(crate) use params::Params;

use bytes::Bytes;

/// The arguments of a tool call: the text of a JSON object, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Arguments(Option<Bytes>);

impl Arguments {
    pub(crate) fn new(json: Option<Bytes>) -> Self {
        Self(json)
    }

    /// The JSON text; `{}` where the client sent none.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_deref().unwrap_or(b"{}")
    }
}

/// The variables of a URI template or the arguments of a prompt: named strings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables(Vec<(String, String)>);

impl Variables {
    /// Named strings in order.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All pairs in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}
