use http::HeaderName;

/// The arguments of a tool that headers mirror ("Custom Headers from Tool Parameters"), compiled from its input schema.
#[derive(Debug)]
pub(crate) struct Bindings {
    /// What stands at the root of the arguments.
    pub(super) root: Node,
    /// All of them.
    pub(super) all: Vec<Binding>,
}

/// One argument and its header.
#[derive(Debug)]
pub(super) struct Binding {
    pub(super) header: HeaderName,
    /// The last part of the header's name, as the schema writes it.
    pub(super) shown: String,
    /// The way to the argument, property by property.
    pub(super) steps: Vec<String>,
}

/// Properties of one object with headers, or with such properties inside.
#[derive(Debug, Default)]
pub(super) struct Node(pub(super) Vec<(String, Branch)>);

#[derive(Debug)]
pub(super) enum Branch {
    /// An object.
    Node(Node),
    /// The argument of this binding, counted from 0.
    Argument(usize),
}

impl Node {
    pub(super) fn get(&self, property: &str) -> Option<&Branch> {
        self.0.iter().find(|(name, _)| name == property).map(|(_, branch)| branch)
    }
}
