use serde::Deserialize;
use serde_json::Value;

use super::{
    super::{ErrorResponse, OAuthError, Secret, net::Reply, scope::Scopes},
    tokens::{Scheme, Tokens},
};

pub(super) const WHAT: &str = "token endpoint";

#[derive(Deserialize)]
struct Response {
    access_token: String,
    token_type: String,
    expires_in: Option<Value>,
    refresh_token: Option<String>,
    scope: Option<String>,
    issued_token_type: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
    error_description: Option<String>,
}

/// The error that an answer tells, if it tells one.
pub(in super::super) fn refusal(reply: &Reply) -> Option<ErrorResponse> {
    let refusal: Refusal = serde_json::from_slice(&reply.body).ok()?;
    Some(ErrorResponse::new(&refusal.error, refusal.error_description.as_deref()))
}

fn read(reply: &Reply, url: &str) -> Result<Response, OAuthError> {
    let response: Response = reply.json(WHAT, url)?;
    // Characters of RFC 6750, "Authorization Request Header Field", and whatever else fits into a header.
    if response.access_token.is_empty() || !response.access_token.bytes().all(|byte| byte.is_ascii_graphic())
    {
        return Err(malformed(url, "the access token cannot stand in a header"));
    }
    Ok(response)
}

/// Reads a successful answer. With `dpop`, a token that is not bound to the key is refused: it was asked for one that is.
pub(super) fn tokens(reply: &Reply, url: &str, dpop: bool) -> Result<Tokens, OAuthError> {
    let response = read(reply, url)?;
    let scheme = match (&*response.token_type.to_ascii_lowercase(), dpop) {
        ("bearer", false) => Scheme::Bearer,
        ("dpop", true) => Scheme::DPoP,
        ("bearer", true) => {
            return Err(malformed(url, "the token is not bound to the key (token_type is Bearer)"));
        }
        _ => return Err(malformed(url, "it is a token of a type that was not asked for")),
    };
    let lifetime = response.expires_in.as_ref().and_then(seconds);
    let mut tokens = Tokens::new(response.access_token.into(), scheme, lifetime);
    tokens.refresh = response.refresh_token.filter(|token| !token.is_empty()).map(Secret::from);
    tokens.granted = response.scope.as_deref().map(Scopes::parse);
    Ok(tokens)
}

/// Reads the answer to a token exchange (RFC 8693, "Successful Response").
pub(super) fn exchanged(reply: &Reply, url: &str, wanted: &str) -> Result<Secret, OAuthError> {
    let response = read(reply, url)?;
    match response.issued_token_type.as_deref() {
        Some(issued) if issued == wanted => Ok(response.access_token.into()),
        _ => Err(malformed(url, "it issued another kind of token than was asked for")),
    }
}

/// Some servers write the number as text or with a fraction.
fn seconds(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => {
            number.as_u64().or_else(|| number.as_f64().map(|seconds| seconds.max(0.0) as u64))
        }
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn malformed(url: &str, reason: &str) -> OAuthError {
    OAuthError::Malformed { what: WHAT, url: url.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reply(body: &Value) -> Reply {
        Reply {
            status: http::StatusCode::OK,
            headers: http::HeaderMap::new(),
            body: body.to_string().into_bytes(),
        }
    }

    fn read(body: Value, dpop: bool) -> Result<Tokens, OAuthError> {
        tokens(&reply(&body), "https://as/token", dpop)
    }

    #[test]
    fn a_token_is_read_with_all_that_comes_with_it() {
        let tokens = read(
            json!({ "access_token": "t", "token_type": "bearer", "refresh_token": "r", "scope": "a b", "expires_in": "0" }),
            false,
        )
        .unwrap();
        assert_eq!((tokens.access.expose(), tokens.scheme), ("t", Scheme::Bearer));
        assert_eq!(tokens.refresh.as_ref().unwrap().expose(), "r");
        assert_eq!(tokens.granted, Some(Scopes::parse("a b")));
        assert!(tokens.due());
    }

    #[test]
    fn only_tokens_of_the_kind_that_was_asked_for_are_taken() {
        let token = |kind: &str| json!({ "access_token": "t", "token_type": kind });
        assert!(read(token("DPoP"), true).is_ok());
        assert!(read(token("Bearer"), true).is_err());
        assert!(read(token("DPoP"), false).is_err());
        assert!(read(token("mac"), false).is_err());
        assert!(read(json!({ "access_token": "t" }), false).is_err());
    }

    #[test]
    fn a_token_that_cannot_stand_in_a_header_is_refused() {
        for text in ["", "a b", "a\r\nX: y", "ä"] {
            assert!(
                read(json!({ "access_token": text, "token_type": "Bearer" }), false).is_err(),
                "{text:?}"
            );
        }
    }

    #[test]
    fn an_exchange_has_to_give_what_was_asked_for() {
        let body = json!({ "access_token": "t", "token_type": "N_A", "issued_token_type": "urn:x" });
        assert!(exchanged(&reply(&body), "https://idp/token", "urn:x").is_ok());
        assert!(exchanged(&reply(&body), "https://idp/token", "urn:y").is_err());
    }
}
