use std::fmt;

/// The way from the arguments to a value, kept on the stack while walking.
pub(crate) enum Path<'a> {
    /// The arguments themselves.
    Root,
    /// A member of an object.
    Member(&'a Path<'a>, &'a str),
    /// An item of an array.
    Item(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    pub(crate) fn member(&'a self, name: &'a str) -> Path<'a> {
        Path::Member(self, name)
    }

    pub(crate) fn item(&'a self, index: usize) -> Path<'a> {
        Path::Item(self, index)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("$"),
            Self::Member(parent, name) => write!(f, "{parent}{}", Member(name)),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// A step into an object: `.name`, or `["a name"]` where a dot would not do.
pub(crate) struct Member<'a>(pub(crate) &'a str);

impl fmt::Display for Member<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$');
        let name = super::cut(self.0);
        if !name.is_empty() && name.chars().all(plain) {
            write!(f, ".{name}")
        } else {
            write!(f, "[{}]", serde_json::Value::from(&*name))
        }
    }
}
