use std::borrow::Cow;

use toolwright_core::era::Revision;

/// A method or notification that an extension adds.
///
/// # Example
/// ```
/// use toolwright_server::extension::ExtensionMethod;
///
/// let get = ExtensionMethod::request("example/get").name_from("itemId");
/// assert_eq!(get.name(), "example/get");
/// ```
#[derive(Clone, Debug)]
pub struct ExtensionMethod {
    pub(crate) name: Cow<'static, str>,
    pub(crate) notification: bool,
    pub(crate) revisions: Option<Vec<Revision>>,
    pub(crate) gate: Gate,
    pub(crate) name_from: Option<Cow<'static, str>>,
}

/// Who may use a method of an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gate {
    /// Only clients that declare the extension; others get `-32021` in stateless revisions.
    Declared,
    /// Everyone.
    Open,
}

impl ExtensionMethod {
    /// A request, in all revisions, for clients that declare the extension.
    pub fn request(name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            notification: false,
            revisions: None,
            gate: Gate::Declared,
            name_from: None,
        }
    }

    /// A notification of the client.
    pub fn notification(name: impl Into<Cow<'static, str>>) -> Self {
        Self { notification: true, ..Self::request(name) }
    }

    /// Only in these revisions.
    pub fn revisions(mut self, revisions: impl IntoIterator<Item = Revision>) -> Self {
        self.revisions = Some(revisions.into_iter().collect());
        self
    }

    /// Who may use it.
    pub fn gate(mut self, gate: Gate) -> Self {
        self.gate = gate;
        self
    }

    /// The member of `params` that the header `Mcp-Name` repeats.
    pub fn name_from(mut self, member: impl Into<Cow<'static, str>>) -> Self {
        self.name_from = Some(member.into());
        self
    }

    /// The method.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn exists_in(&self, revision: Revision) -> bool {
        self.revisions.as_ref().is_none_or(|revisions| revisions.contains(&revision))
    }
}
