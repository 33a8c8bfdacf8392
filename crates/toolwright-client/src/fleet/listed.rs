use std::sync::Arc;

use super::ServerError;

/// What many servers list, in the order of the servers. Those that failed are named and take nothing away from the others.
#[derive(Debug)]
#[non_exhaustive]
pub struct Listed<T> {
    /// What is listed, each with the name of its server.
    pub items: Vec<(Arc<str>, T)>,
    /// The servers that did not list anything, and why.
    pub failed: Vec<ServerError>,
}

impl<T> Listed<T> {
    pub(super) fn new() -> Self {
        Self { items: Vec::new(), failed: Vec::new() }
    }

    /// What is listed, without the names of the servers.
    pub fn into_items(self) -> Vec<T> {
        self.items.into_iter().map(|(_, item)| item).collect()
    }
}
