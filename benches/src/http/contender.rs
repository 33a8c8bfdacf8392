use std::{ffi::OsString, path::PathBuf};

use super::workload::Workload;

/// A server that takes part: a program that takes the number of tools and `stateless` or `session`, writes its address in a
/// line, and serves `/mcp`.
#[derive(Clone, Debug)]
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) program: PathBuf,
    /// Before the others.
    pub(crate) arguments: Vec<OsString>,
    /// Whether its threads come and go, so that only the coarse accounting of the whole process counts all of them.
    pub(crate) threads_end: bool,
}

impl Contender {
    pub(crate) fn new(name: &'static str, program: PathBuf) -> Self {
        Self { name, program, arguments: Vec::new(), threads_end: false }
    }

    /// What to start it with.
    pub(crate) fn arguments(&self, tools: usize, session: bool) -> Vec<OsString> {
        let mode = if session { "session" } else { "stateless" };
        let own = [tools.to_string().into(), mode.into()];
        self.arguments.iter().cloned().chain(own).collect()
    }

    /// The same for a workload.
    pub(super) fn arguments_for(&self, workload: &Workload) -> Vec<OsString> {
        self.arguments(workload.tools, workload.session)
    }
}
