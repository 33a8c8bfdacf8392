use toolwright_core::joint::Principal;

/// What a sealed text belongs to: it opens only with the same parts in the same order. They are not in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding(Vec<u8>);

impl Binding {
    /// `purpose` keeps texts of different kinds apart.
    pub(crate) fn new(purpose: &str) -> Self {
        Self(Vec::new()).part(purpose)
    }

    /// Adds a part. Its length goes before it, so that no two lists of parts are the same bytes.
    pub(crate) fn part(mut self, part: impl AsRef<[u8]>) -> Self {
        let part = part.as_ref();
        self.0.extend_from_slice(&(part.len() as u64).to_le_bytes());
        self.0.extend_from_slice(part);
        self
    }

    /// Adds whose text it is: nobody's is one as well.
    pub(crate) fn principal(self, principal: Option<&Principal>) -> Self {
        match principal {
            None => self.part("anonymous"),
            Some(principal) => match principal.issued_by() {
                Some(issuer) => self.part("issuer").part(issuer).part(principal.subject()),
                None => self.part("principal").part(principal.subject()),
            },
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_lists_of_parts_are_the_same() {
        let bob = Principal::new("bob");
        let bindings = [
            Binding::new("state"),
            Binding::new("state").part(""),
            Binding::new("state").part("ab"),
            Binding::new("state").part("a").part("b"),
            Binding::new("state").principal(None),
            Binding::new("state").principal(Some(&bob)),
            Binding::new("state").principal(Some(&bob.clone().issuer(""))),
            Binding::new("state").principal(Some(&bob.clone().issuer("https://a.example"))),
            Binding::new("link").part("ab"),
        ];
        for (at, binding) in bindings.iter().enumerate() {
            assert!(bindings[..at].iter().all(|other| other != binding), "{binding:?}");
        }
    }
}
