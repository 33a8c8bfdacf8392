use toolwright_core::joint::Principal;

/// Who opened a session: nobody else finds it ("Security Best Practices", "Session Hijacking").
///
/// Only what identifies the caller is kept; scopes and claims are those of each request's own token.
pub(super) struct Owner(Option<Box<Caller>>);

struct Caller {
    issuer: Option<Box<str>>,
    subject: Box<str>,
}

impl Owner {
    pub(super) fn new(principal: Option<&Principal>) -> Self {
        Self(principal.map(|principal| {
            Box::new(Caller {
                issuer: principal.issued_by().map(Into::into),
                subject: principal.subject().into(),
            })
        }))
    }

    pub(super) fn is(&self, principal: Option<&Principal>) -> bool {
        match (&self.0, principal) {
            (None, None) => true,
            (Some(owner), Some(caller)) => {
                *owner.subject == *caller.subject() && owner.issuer.as_deref() == caller.issued_by()
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_a_subject_of_an_issuer() {
        let ada = || Principal::new("ada").issuer("https://a.example");
        let owner = Owner::new(Some(&ada()));
        assert!(owner.is(Some(&ada().scopes(["more"]))), "another token of the same caller");
        assert!(!owner.is(Some(&Principal::new("ada").issuer("https://b.example"))));
        assert!(!owner.is(Some(&Principal::new("ada"))));
        assert!(!owner.is(Some(&Principal::new("bob").issuer("https://a.example"))));
        assert!(!owner.is(None));
        assert!(Owner::new(None).is(None) && !Owner::new(None).is(Some(&ada())));
    }
}
