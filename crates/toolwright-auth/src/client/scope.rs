use std::fmt;

use serde::{Deserialize, Serialize};

/// A set of scopes in the order in which they were first named (RFC 6749, "Access Token Scope").
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Scopes(Vec<String>);

impl Scopes {
    /// Scopes with spaces in between.
    pub(super) fn parse(text: &str) -> Self {
        let mut scopes = Self::default();
        text.split_ascii_whitespace().for_each(|scope| scopes.add(scope));
        scopes
    }

    pub(super) fn add(&mut self, scope: &str) {
        if !self.contains(scope) {
            self.0.push(scope.to_owned());
        }
    }

    pub(super) fn union(mut self, other: &Self) -> Self {
        other.0.iter().for_each(|scope| self.add(scope));
        self
    }

    pub(super) fn contains(&self, scope: &str) -> bool {
        self.0.iter().any(|known| known == scope)
    }

    pub(super) fn includes(&self, other: &Self) -> bool {
        other.0.iter().all(|scope| self.contains(scope))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same whatever the order.
    pub(super) fn sorted(mut self) -> Self {
        self.0.sort_unstable();
        self
    }
}

impl<S: AsRef<str>> FromIterator<S> for Scopes {
    fn from_iter<I: IntoIterator<Item = S>>(scopes: I) -> Self {
        let mut set = Self::default();
        scopes
            .into_iter()
            .for_each(|scope| set = std::mem::take(&mut set).union(&Self::parse(scope.as_ref())));
        set
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_union_keeps_the_order_and_repeats_nothing() {
        let union = Scopes::parse("b a").union(&Scopes::parse("a  c"));
        assert_eq!(union.to_string(), "b a c");
        assert!(union.includes(&Scopes::parse("c b")));
        assert!(!union.includes(&Scopes::parse("d")));
        assert_eq!(Scopes::from_iter(["b a", "c", "a"]), union);
    }
}
