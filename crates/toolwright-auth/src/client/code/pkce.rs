use super::super::{
    Secret,
    jose::{digest, random},
};

/// The secret that ties a code to whoever asked for it (RFC 7636), by S256.
#[derive(Debug)]
pub(in super::super) struct Pkce {
    pub(in super::super) verifier: Secret,
    pub(in super::super) challenge: String,
}

impl Pkce {
    pub(in super::super) fn new() -> Self {
        Self::of(random::<32>().into())
    }

    fn of(verifier: Secret) -> Self {
        let challenge = digest(verifier.expose());
        Self { verifier, challenge }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_specification() {
        let pkce = Pkce::of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into());
        assert_eq!(pkce.challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn no_two_verifiers_are_the_same_and_each_is_long_enough() {
        let (one, other) = (Pkce::new(), Pkce::new());
        assert_ne!(one.verifier.expose(), other.verifier.expose());
        assert_eq!(one.verifier.expose().len(), 43);
    }
}
