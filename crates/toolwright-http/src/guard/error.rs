use super::pattern::Fault;

/// An allowed host or origin that cannot be one. The configuration is at fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid allowed {what} `{entry}`: {fault}")]
pub struct GuardError {
    what: &'static str,
    entry: Box<str>,
    fault: Fault,
}

impl GuardError {
    pub(super) fn host(entry: &str, fault: Fault) -> Self {
        Self { what: "host", entry: entry.into(), fault }
    }

    pub(super) fn origin(entry: &str, fault: Fault) -> Self {
        Self { what: "origin", entry: entry.into(), fault }
    }

    /// The entry as it was given.
    pub fn entry(&self) -> &str {
        &self.entry
    }
}
