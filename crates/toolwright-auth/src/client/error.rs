use std::{error::Error, fmt, sync::Arc};

use super::{RedirectError, TokenStoreError, UserAgentError};

/// Why there is no authorization.
///
/// Cheap to clone, as one failure is told to every request that waited for the same sign-in. No text holds a token or a code.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OAuthError {
    /// A URL that must not be asked: neither https nor loopback, or in a network that is not to be reached from here.
    #[error("the {what} `{url}` is not used: {reason}")]
    Address {
        /// What the URL is of.
        what: &'static str,
        /// The URL.
        url: String,
        /// What is wrong about it.
        reason: &'static str,
    },
    /// Somebody could not be asked.
    #[error("the {what} `{url}` cannot be reached")]
    Unreachable {
        /// What was asked for.
        what: &'static str,
        /// Where.
        url: String,
        /// Why not.
        source: Arc<dyn Error + Send + Sync>,
    },
    /// Somebody answered what is no answer to the question.
    #[error("the {what} `{url}` answered something unusable: {reason}")]
    Malformed {
        /// What was asked for.
        what: &'static str,
        /// Where.
        url: String,
        /// What is wrong about it.
        reason: String,
    },
    /// The metadata is about another resource than the server, which could be a trick to get a token for that one
    /// (RFC 9728, "Protected Resource Metadata Validation").
    #[error("the metadata of `{server}` is about another resource, `{resource}`: it is not followed")]
    ResourceMismatch {
        /// The server.
        server: String,
        /// Whom the metadata is about.
        resource: String,
    },
    /// The metadata of the protected resource names no authorization server.
    #[error("the metadata of `{server}` names no authorization server")]
    NoAuthorizationServer {
        /// The server.
        server: String,
    },
    /// The authorization server publishes no metadata.
    #[error("the authorization server `{issuer}` has no metadata at any of the well-known places")]
    NoMetadata {
        /// The authorization server.
        issuer: String,
    },
    /// The metadata was published by somebody else than it should have been (RFC 8414, "Authorization Server Metadata
    /// Validation").
    #[error(
        "the metadata of the authorization server `{expected}` says that it is of `{found}`: it is discarded"
    )]
    IssuerMismatch {
        /// Whose it should be.
        expected: String,
        /// Whose it says it is.
        found: String,
    },
    /// The authorization server does not say that it checks PKCE with S256 ("Authorization Code Protection").
    #[error(
        "the authorization server `{issuer}` does not list S256 in `code_challenge_methods_supported`, without which codes can be stolen"
    )]
    NoPkce {
        /// The authorization server.
        issuer: String,
    },
    /// The authorization server lacks what the chosen grant needs.
    #[error("the authorization server `{issuer}` does not support {what}")]
    Unsupported {
        /// The authorization server.
        issuer: String,
        /// What is lacking.
        what: &'static str,
    },
    /// A grant without a user was chosen, for which nobody registers by itself, and no client was given.
    #[error(
        "a client that acts without a user has to be registered beforehand: give it to `OAuthBuilder::client`"
    )]
    NoClient,
    /// There is no way to become a client of the authorization server.
    #[error(
        "the authorization server `{issuer}` registers no clients by itself: register one there, and give it to `OAuthBuilder::client`"
    )]
    NoRegistration {
        /// The authorization server.
        issuer: String,
    },
    /// The authorization server refused to register this client.
    #[error(
        "the authorization server `{issuer}` does not register this client with the redirect URI `{redirect_uri}`: {error}"
    )]
    RegistrationRefused {
        /// The authorization server.
        issuer: String,
        /// Where the client would have liked the user to return.
        redirect_uri: String,
        /// What it said.
        error: ErrorResponse,
    },
    /// The client that was registered beforehand belongs to another authorization server; its credentials are not shown to this
    /// one ("Authorization Server Binding").
    #[error(
        "the client `{client}` is registered at `{registered}`, but the server wants tokens of `{found}` now: register it there"
    )]
    ForeignIssuer {
        /// The client's id.
        client: String,
        /// Where it is registered.
        registered: String,
        /// Whom the server wants tokens of.
        found: String,
    },
    /// The user could not be brought to the authorization server, or did not come back.
    #[error(transparent)]
    UserAgent(#[from] UserAgentError),
    /// The user came back with an answer that is not acted on.
    #[error(transparent)]
    Redirect(#[from] RedirectError),
    /// The token endpoint refused.
    #[error("the authorization server `{issuer}` gives no token: {error}")]
    TokenRefused {
        /// The authorization server.
        issuer: String,
        /// What it said.
        error: ErrorResponse,
    },
    /// The authorization server does not take tokens back. They are forgotten here, and may be good until they expire.
    #[error("the authorization server `{issuer}` does not take the tokens back: {error}")]
    RevocationRefused {
        /// The authorization server.
        issuer: String,
        /// What it said.
        error: ErrorResponse,
    },
    /// The server refuses a token that was issued for it a moment ago.
    #[error("`{server}` refuses the token that `{issuer}` issued for it: their configurations do not fit")]
    FreshTokenRefused {
        /// The server.
        server: String,
        /// Who issued the token.
        issuer: String,
    },
    /// The server demands scopes that were asked for already, in vain ("Step-Up Authorization Flow").
    #[error("`{server}` demands the scope `{scope}`, which was asked for already and not granted")]
    InsufficientScope {
        /// The server.
        server: String,
        /// What it demands.
        scope: String,
    },
    /// The same request was refused again and again.
    #[error("`{server}` refused the request after several authorizations")]
    TooManyAttempts {
        /// The server.
        server: String,
    },
    /// A request to somebody who must not see the token.
    #[error("the token is for `{server}`, and is not sent to `{url}`")]
    ForeignOrigin {
        /// The server.
        server: String,
        /// Where the request was to go.
        url: String,
    },
    /// Whoever was to give an assertion did not.
    #[error("there is no assertion to show to the authorization server")]
    NoAssertion {
        /// What the source of assertions said.
        source: Arc<dyn Error + Send + Sync>,
    },
    /// The tokens could not be kept or found.
    #[error(transparent)]
    Store(#[from] TokenStoreError),
    /// The sign-in broke off.
    #[error("the sign-in broke off before it ended")]
    Interrupted,
}

/// What an authorization server says when it refuses (RFC 6749, "Error Response"). Texts are cut and stripped of what could
/// disturb a terminal or a log.
///
/// # Example
/// ```
/// use toolwright_auth::client::ErrorResponse;
///
/// let error = ErrorResponse::new("invalid_grant", Some("expired\u{1b}[31m"));
/// assert_eq!(error.to_string(), "invalid_grant (expired?[31m)");
/// assert_eq!(error.code(), "invalid_grant");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorResponse {
    code: String,
    description: Option<String>,
}

impl ErrorResponse {
    /// An error with this code.
    pub fn new(code: &str, description: Option<&str>) -> Self {
        Self { code: plain(code, 64), description: description.map(|text| plain(text, 300)) }
    }

    /// The code, `invalid_grant` for example.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What went wrong, in words.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)?;
        match &self.description {
            Some(description) => write!(f, " ({description})"),
            None => Ok(()),
        }
    }
}

/// The printable part of a text that somebody else wrote.
pub(super) fn plain(text: &str, most: usize) -> String {
    text.chars().take(most).map(|character| if character.is_control() { '?' } else { character }).collect()
}
