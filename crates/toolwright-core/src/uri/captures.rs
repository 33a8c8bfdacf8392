use std::borrow::Cow;

/// The values that a template's variables have in a URI, decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captures<'a>(pub(super) Vec<(&'a str, Cow<'a, str>)>);

impl Captures<'_> {
    /// The value of a variable. Only query parameters can lack one.
    pub fn value(&self, variable: &str) -> Option<&str> {
        self.iter().find_map(|(name, value)| (name == variable).then_some(value))
    }

    /// Names and values, in the order of the template.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, &**value))
    }

    /// How many variables have a value.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no variable has a value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
