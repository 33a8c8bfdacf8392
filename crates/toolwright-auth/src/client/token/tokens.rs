use serde::{Deserialize, Serialize};

use super::super::{Secret, clock, scope::Scopes, secret};

/// How a token is shown to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) enum Scheme {
    Bearer,
    DPoP,
}

impl Scheme {
    pub(in super::super) fn name(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::DPoP => "DPoP",
        }
    }
}

/// What a token endpoint gave.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Tokens {
    #[serde(with = "secret")]
    pub(in super::super) access: Secret,
    pub(in super::super) scheme: Scheme,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "secret::optional")]
    pub(in super::super) refresh: Option<Secret>,
    /// When to get the next one, in seconds since 1970.
    #[serde(default)]
    due: Option<u64>,
    /// What was granted, where the authorization server says so.
    #[serde(default)]
    pub(in super::super) granted: Option<Scopes>,
}

/// A token is renewed this many seconds before it expires, or in the last tenth of a short life.
const MARGIN: u64 = 30;

impl Tokens {
    pub(super) fn new(access: Secret, scheme: Scheme, lifetime: Option<u64>) -> Self {
        let due =
            lifetime.map(|seconds| clock::now().saturating_add(seconds - MARGIN.min(seconds.div_ceil(10))));
        Self { access, scheme, refresh: None, due, granted: None }
    }

    /// Whether it is time to get the next one.
    pub(in super::super) fn due(&self) -> bool {
        self.due.is_some_and(|due| due <= clock::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_before_it_expires() {
        let due =
            |lifetime| Tokens::new("t".into(), Scheme::Bearer, lifetime).due.map(|due| due - clock::now());
        assert_eq!(due(None), None);
        assert!((3569..=3570).contains(&due(Some(3600)).unwrap()));
        assert!((8..=9).contains(&due(Some(10)).unwrap()));
        assert!(Tokens::new("t".into(), Scheme::Bearer, Some(0)).due());
        assert!(Tokens::new("t".into(), Scheme::Bearer, Some(u64::MAX)).due.is_some());
    }
}
