use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use serde_json::json;
use std::time::Duration;

use toolwright_core::joint::{Principal, SharedTokenVerifier, TokenError, TokenVerifier};
use toolwright_http::bearer::{BearerTokens, Challenge, authenticate};

fn tokens() -> SharedTokenVerifier {
    SharedTokenVerifier::new(
        BearerTokens::new().token("s3cret", Principal::new("ada")).token("a-._~+/b==", Principal::new("bob")),
    )
}

fn headers(values: &[&'static str]) -> HeaderMap {
    values.iter().map(|value| (AUTHORIZATION, HeaderValue::from_static(value))).collect()
}

async fn who(values: &[&'static str]) -> Result<Option<Principal>, Challenge> {
    authenticate(Some(&tokens()), &headers(values)).await
}

async fn subject(value: &'static str) -> String {
    who(&[value]).await.expect("a good token").expect("somebody").subject().to_owned()
}

/// The status, and what `WWW-Authenticate` says.
async fn refusal(values: &[&'static str]) -> (u16, String) {
    let challenge = who(values).await.expect_err("no good token");
    let header = challenge.headers()["www-authenticate"].to_str().expect("ASCII").to_owned();
    (challenge.status().as_u16(), header)
}

/// A verifier that answers the same whatever it is given.
#[derive(Clone)]
struct Always(TokenError);

impl TokenVerifier for Always {
    async fn verify(&self, _: &str) -> Result<Principal, TokenError> {
        Err(self.0.clone())
    }
}

async fn refused_with(error: TokenError) -> Challenge {
    let verifier = SharedTokenVerifier::new(Always(error));
    authenticate(Some(&verifier), &headers(&["Bearer s3cret"])).await.expect_err("it refuses all")
}

#[tokio::test]
async fn a_known_token_says_who_is_asking() {
    assert_eq!(subject("Bearer s3cret").await, "ada");
    assert_eq!(subject("bearer s3cret").await, "ada");
    assert_eq!(subject("BEARER   s3cret").await, "ada");
    assert_eq!(subject("Bearer a-._~+/b==").await, "bob");
}

#[tokio::test]
async fn without_a_verifier_nobody_is_asked() {
    assert_eq!(authenticate(None, &headers(&["nonsense"])).await, Ok(None));
}

#[tokio::test]
async fn a_request_without_a_bearer_token_is_challenged_without_an_error() {
    let expected = (401, r#"Bearer realm="mcp""#.to_owned());
    assert_eq!(refusal(&[]).await, expected);
    assert_eq!(refusal(&["Basic YWRhOnMzY3JldA=="]).await, expected);
    assert_eq!(refusal(&["Bearers s3cret"]).await, expected);
}

#[tokio::test]
async fn a_malformed_header_is_an_invalid_request() {
    for values in [
        &["Bearer"][..],
        &["Bearer "],
        &["Bearer =="],
        &["Bearer a b"],
        &["Bearer a,b"],
        &["Bearer \"s3cret\""],
        &["Bearer s3=cret"],
        &["Bearer s3cret", "Bearer s3cret"],
        &["Bearer s3cret", "Basic YTpi"],
    ] {
        let (status, header) = refusal(values).await;
        assert_eq!(status, 400, "{values:?}");
        assert!(header.contains(r#"error="invalid_request""#), "{values:?}: {header}");
    }
    let bytes = HeaderValue::from_bytes(b"Bearer s3cret\xff").unwrap();
    let headers = HeaderMap::from_iter([(AUTHORIZATION, bytes)]);
    assert_eq!(authenticate(Some(&tokens()), &headers).await.unwrap_err().status(), 400);
}

#[tokio::test]
async fn an_unknown_token_is_invalid_and_not_repeated() {
    for token in ["guess", "s3cre", "s3cret1", "S3CRET", "s3cret="] {
        let headers = HeaderMap::from_iter([(AUTHORIZATION, format!("Bearer {token}").parse().unwrap())]);
        let challenge = authenticate(Some(&tokens()), &headers).await.unwrap_err();
        assert_eq!(challenge.status(), 401, "{token}");
        assert_eq!(
            challenge.headers()["www-authenticate"],
            r#"Bearer realm="mcp", error="invalid_token", error_description="the token is not known""#,
        );
    }
}

#[tokio::test]
async fn no_token_is_known_without_tokens() {
    let nobody = SharedTokenVerifier::new(BearerTokens::new());
    assert_eq!(authenticate(Some(&nobody), &headers(&["Bearer x"])).await.unwrap_err().status(), 401);
}

#[tokio::test]
async fn a_description_stays_within_its_quotes() {
    let challenge = refused_with(TokenError::invalid("a \"b\" \\c\r\nX-Evil: 1 é")).await;
    assert_eq!(
        challenge.headers()["www-authenticate"],
        r#"Bearer realm="mcp", error="invalid_token", error_description="a 'b' ?c??X-Evil: 1 ?""#,
    );
}

#[tokio::test]
async fn a_description_that_repeats_the_token_is_dropped() {
    let challenge = refused_with(TokenError::invalid("`s3cret` is expired")).await;
    assert!(!format!("{challenge:?}").contains("s3cret"));
    assert!(challenge.to_string().contains("not accepted"));
}

#[tokio::test]
async fn a_token_that_cannot_be_judged_now_is_nobodys_fault() {
    let challenge = refused_with(TokenError::unavailable("keys of issuer 10.0.0.7 cannot be fetched")).await;
    assert_eq!(challenge.status(), 503);
    assert_eq!(challenge.headers()["retry-after"], "5");
    assert!(!challenge.headers().contains_key("www-authenticate"));
    assert!(!challenge.to_string().contains("10.0.0.7"));
}

#[test]
fn a_challenge_carries_what_an_authorization_server_needs() {
    let challenge = Challenge::insufficient_scope("files:read files:write")
        .realm("files")
        .resource_metadata("https://mcp.example.com/.well-known/oauth-protected-resource");
    assert_eq!(challenge.status(), 403);
    assert_eq!(
        challenge.headers()["www-authenticate"],
        "Bearer realm=\"files\", error=\"insufficient_scope\", error_description=\"the token does not allow this\", \
         scope=\"files:read files:write\", \
         resource_metadata=\"https://mcp.example.com/.well-known/oauth-protected-resource\"",
    );
}

#[test]
fn the_answer_is_a_json_rpc_error_without_id() {
    let response = Challenge::missing().response();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (401, &HeaderValue::from_static("application/json"))
    );
    let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(
        body,
        json!({ "jsonrpc": "2.0", "error":
            { "code": -32600, "message": "send a token as `Authorization: Bearer <token>`" } }),
    );
}

#[test]
fn a_wait_is_one_second_at_least() {
    let wait = |wait| Challenge::unavailable().retry_after(wait).headers()["retry-after"].clone();
    assert_eq!(wait(Duration::ZERO), "1");
    assert_eq!(wait(Duration::from_millis(90_500)), "90");
}

#[test]
fn tokens_do_not_show_in_debug_output() {
    let text = format!("{:?}", BearerTokens::new().token("s3cret", Principal::new("ada")));
    assert!(text.contains("ada") && !text.contains("s3cret"), "{text}");
}
