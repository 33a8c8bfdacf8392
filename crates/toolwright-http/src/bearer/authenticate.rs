use http::{HeaderMap, header::AUTHORIZATION};
use toolwright_core::{
    headers::single,
    joint::{Principal, SharedTokenVerifier, TokenError},
};

use super::Challenge;

/// Finds out who sends a request with these headers. Without a verifier nobody is asked to say, and the answer is `None`.
///
/// # Errors
/// What to answer instead (RFC 6750, "The WWW-Authenticate Response Header Field"): 401 without a token or with one that is not
/// accepted, 400 when the header is malformed or there are several, 503 when the token cannot be judged now.
///
/// # Example
/// ```
/// use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
/// use toolwright_core::joint::{Principal, SharedTokenVerifier};
/// use toolwright_http::bearer::{BearerTokens, authenticate};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let verifier = SharedTokenVerifier::new(BearerTokens::new().token("s3cret", Principal::new("ada")));
/// let mut headers = HeaderMap::new();
/// assert_eq!(authenticate(Some(&verifier), &headers).await.unwrap_err().status(), 401);
///
/// headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer s3cret"));
/// let principal = authenticate(Some(&verifier), &headers).await.expect("a good token");
/// assert_eq!(principal.expect("a verifier was asked").subject(), "ada");
/// # }
/// ```
pub async fn authenticate(
    verifier: Option<&SharedTokenVerifier>,
    headers: &HeaderMap,
) -> Result<Option<Principal>, Challenge> {
    let Some(verifier) = verifier else { return Ok(None) };
    let token = token(headers)?;
    match verifier.verify(token).await {
        Ok(principal) => Ok(Some(principal)),
        Err(TokenError::Unavailable(reason)) => {
            tracing::warn!(reason, "a bearer token cannot be verified now");
            Err(Challenge::unavailable())
        }
        Err(TokenError::Invalid(reason)) if !reason.contains(token) => Err(Challenge::invalid_token(reason)),
        // A verifier that repeats the token, in spite of its contract, is not passed on.
        Err(_) => Err(Challenge::invalid_token("the token is not accepted")),
    }
}

fn token(headers: &HeaderMap) -> Result<&str, Challenge> {
    let header =
        single(headers, &AUTHORIZATION).map_err(|error| Challenge::invalid_request(error.to_string()))?;
    let Some(header) = header else { return Err(Challenge::missing()) };
    let bytes = header.as_bytes();
    let end = bytes.iter().position(|byte| *byte == b' ').unwrap_or(bytes.len());
    let (scheme, token) = bytes.split_at(end);
    if !scheme.eq_ignore_ascii_case(b"Bearer") {
        // A client that tried something else is told like one that tried nothing.
        return Err(Challenge::missing());
    }
    let token = token.trim_ascii();
    match str::from_utf8(token) {
        Ok(text) if is_token(token) => Ok(text),
        _ => Err(Challenge::invalid_request(
            "after `Bearer` stands one token of the characters of Base64 or URLs",
        )),
    }
}

/// `b64token` of RFC 6750, `token68` of RFC 9110.
fn is_token(token: &[u8]) -> bool {
    let body = token.iter().rposition(|byte| *byte != b'=').map_or(&[][..], |last| &token[..=last]);
    !body.is_empty() && body.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(byte))
}
