use std::fmt;

use subtle::ConstantTimeEq;
use toolwright_core::joint::{Principal, TokenError, TokenVerifier};

/// Fixed tokens and who they stand for: for servers in a closed circle, where no authorization server issues any.
///
/// A token is compared with all of them in a time that tells nothing about their text; it tells whether lengths are equal. Give
/// each caller an own one, long and random: 32 bytes from `openssl rand -base64 32`, for example.
///
/// # Example
/// ```
/// use toolwright_core::joint::{Principal, TokenVerifier};
/// use toolwright_http::bearer::BearerTokens;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let tokens = BearerTokens::new()
///     .token("s3cret", Principal::new("ada").scopes(["notes:write"]))
///     .token("0ther", Principal::new("bob"));
///
/// assert_eq!(tokens.verify("s3cret").await.expect("known").subject(), "ada");
/// assert!(tokens.verify("guess").await.is_err());
/// assert_eq!(format!("{tokens:?}"), "BearerTokens { subjects: [\"ada\", \"bob\"] }");
/// # }
/// ```
#[derive(Clone, Default)]
pub struct BearerTokens(Vec<(Box<str>, Principal)>);

impl BearerTokens {
    /// No token is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a token. Clients can only send one of ASCII letters, digits and `-._~+/`, with `=` at the end.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>, principal: Principal) -> Self {
        self.0.push((token.into().into_boxed_str(), principal));
        self
    }
}

impl TokenVerifier for BearerTokens {
    async fn verify(&self, token: &str) -> Result<Principal, TokenError> {
        let mut found = None;
        // All are compared, so that the time does not tell which one was nearly right.
        for (known, principal) in &self.0 {
            if known.as_bytes().ct_eq(token.as_bytes()).into() {
                found = Some(principal);
            }
        }
        found.cloned().ok_or_else(|| TokenError::invalid("the token is not known"))
    }
}

impl fmt::Debug for BearerTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subjects: Vec<_> = self.0.iter().map(|(_, principal)| principal.subject()).collect();
        f.debug_struct("BearerTokens").field("subjects", &subjects).finish()
    }
}
