use std::{borrow::Cow, fmt, ops::Deref, str};

use bytes::Bytes;

/// What a call addresses, mostly as a part of its body: looking a component up by name takes no string of its own.
#[derive(Clone)]
pub(crate) enum Target {
    /// Text that was UTF-8 when it was cut out.
    InBody(Bytes),
    Own(Box<str>),
}

impl Target {
    /// `text`, which is a part of `body` if it is borrowed.
    pub(crate) fn of(body: &Bytes, text: Cow<'_, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Self::InBody(body.slice_ref(text.as_bytes())),
            Cow::Owned(text) => text.into(),
        }
    }
}

impl Deref for Target {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::InBody(bytes) => str::from_utf8(bytes).unwrap_or_default(),
            Self::Own(text) => text,
        }
    }
}

impl From<String> for Target {
    fn from(text: String) -> Self {
        Self::Own(text.into())
    }
}

impl Default for Target {
    fn default() -> Self {
        Self::Own(Box::default())
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}
