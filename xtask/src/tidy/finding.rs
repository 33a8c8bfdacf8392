use std::fmt;

/// Something to tidy up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The file, from the root of the workspace.
    pub(crate) path: String,
    /// The line, from 1.
    pub(crate) line: usize,
    /// What is there.
    pub(crate) found: String,
    /// What should be there.
    pub(crate) expected: String,
    /// How to get there.
    pub(crate) remedy: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:{}: {}", self.path, self.line, self.found)?;
        writeln!(f, "    expected: {}", self.expected)?;
        write!(f, "    to do: {}", self.remedy)
    }
}
