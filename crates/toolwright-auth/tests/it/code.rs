use serde_json::json;
use toolwright_auth::client::{OAuthError, RedirectError};

use crate::world::{World, come_back, fail, redirect, reply, succeed};

#[tokio::test]
async fn a_refused_request_is_authorized_and_repeated() {
    let world = World::start().await;
    let oauth = world.oauth().build().unwrap();
    succeed(&oauth, &world).await;
    assert_eq!(
        world.paths(),
        [
            "/mcp",
            "/.well-known/oauth-protected-resource/mcp",
            "/.well-known/oauth-authorization-server",
            "/register",
            "/authorize",
            "/token",
            "/mcp",
        ]
    );
    assert_eq!(world.seen("/mcp")[0].header("authorization"), None);
    assert_eq!(world.seen("/mcp")[1].header("authorization"), Some("Bearer token-1"));
}

#[tokio::test]
async fn every_later_request_carries_the_token() {
    let world = World::start().await;
    let oauth = world.oauth().build().unwrap();
    succeed(&oauth, &world).await;
    succeed(&oauth, &world).await;
    let shown: Vec<_> =
        world.seen("/mcp").iter().map(|seen| seen.header("authorization").map(str::to_owned)).collect();
    assert_eq!(shown, [None, Some("Bearer token-1".to_owned()), Some("Bearer token-1".to_owned())]);
    assert_eq!(world.seen("/token").len(), 1);
}

#[tokio::test]
async fn a_code_is_tied_to_its_request_by_pkce_state_and_resource() {
    let world = World::start().await;
    succeed(&world.oauth().build().unwrap(), &world).await;
    let asked = &world.seen("/authorize")[0];
    assert_eq!(asked.param("response_type"), Some("code"));
    assert_eq!(asked.param("client_id"), Some("registered"));
    assert_eq!(asked.param("code_challenge_method"), Some("S256"));
    assert_eq!(asked.param("resource"), Some(&*world.mcp()));
    assert_eq!(asked.param("scope"), None);
    assert!(asked.param("state").unwrap().len() >= 43);
    let told = &world.seen("/token")[0];
    assert_eq!(told.param("grant_type"), Some("authorization_code"));
    assert_eq!(told.param("code"), Some("the-code"));
    assert_eq!(told.param("redirect_uri"), asked.param("redirect_uri"));
    assert_eq!(told.param("resource"), Some(&*world.mcp()));
    assert_eq!(told.param("client_id"), Some("registered"));
    let hash = aws_lc_rs::digest::digest(
        &aws_lc_rs::digest::SHA256,
        told.param("code_verifier").unwrap().as_bytes(),
    );
    use base64::Engine as _;
    let challenge = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(hash);
    assert_eq!(asked.param("code_challenge"), Some(&*challenge));
}

#[tokio::test]
async fn the_resource_is_sent_exactly_as_the_metadata_has_it() {
    let world = World::start().await;
    // Without a path, where parsers of URLs would add one.
    world.protect(json!({ "resource": world.url }));
    succeed(&world.oauth().build().unwrap(), &world).await;
    assert_eq!(world.seen("/authorize")[0].param("resource"), Some(&*world.url));
    assert_eq!(world.seen("/token")[0].param("resource"), Some(&*world.url));
}

#[tokio::test]
async fn what_the_authorization_endpoint_has_in_its_query_stays() {
    let world = World::start().await;
    world.publish(json!({ "authorization_endpoint": format!("{}/authorize?tenant=a%20b", world.url) }));
    succeed(&world.oauth().build().unwrap(), &world).await;
    assert_eq!(world.seen("/authorize")[0].param("tenant"), Some("a b"));
}

#[tokio::test]
async fn the_issuer_of_the_answer_is_checked_before_the_code_goes_anywhere() {
    for (advertised, iss, fine) in [
        (json!(true), Some(""), true),
        (json!(true), None, false),
        (json!(true), Some("/"), false),
        (json!(true), Some(".evil.example.com"), false),
        (json!(false), Some(""), true),
        (json!(false), None, true),
        (json!(null), None, true),
        (json!(null), Some(""), true),
        (json!(null), Some("/"), false),
    ] {
        let world = World::start().await;
        world.publish(json!({ "authorization_response_iss_parameter_supported": advertised }));
        let (url, suffix) = (world.url.clone(), iss);
        world.on("/authorize", move |seen| {
            come_back(seen, &suffix.map(|suffix| format!("&iss={url}{suffix}")).unwrap_or_default())
        });
        let oauth = world.oauth().build().unwrap();
        if fine {
            succeed(&oauth, &world).await;
        } else {
            let error = fail(&oauth, &world).await;
            assert!(matches!(error, OAuthError::Redirect(RedirectError::Issuer)), "{error}");
            assert_eq!(world.seen("/token").len(), 0, "{advertised} {iss:?}");
        }
    }
}

#[tokio::test]
async fn an_answer_with_another_state_is_not_acted_on() {
    let world = World::start().await;
    world.on("/authorize", |seen| {
        redirect(format!("{}?code=stolen&state=other", seen.param("redirect_uri").unwrap()))
    });
    let error = fail(&world.oauth().build().unwrap(), &world).await;
    assert!(matches!(error, OAuthError::Redirect(RedirectError::State)), "{error}");
    assert_eq!(world.seen("/token").len(), 0);
}

#[tokio::test]
async fn a_refusal_of_the_user_is_told() {
    let world = World::start().await;
    world.on("/authorize", |seen| {
        let (to, state) = (seen.param("redirect_uri").unwrap(), seen.param("state").unwrap());
        redirect(format!("{to}?error=access_denied&error_description=not+today&state={state}"))
    });
    let error = fail(&world.oauth().build().unwrap(), &world).await;
    assert_eq!(error.to_string(), "the authorization was refused: access_denied (not today)");
}

#[tokio::test]
async fn without_pkce_nothing_is_asked_of_the_authorization_server() {
    for methods in [json!(null), json!([]), json!(["plain"])] {
        let world = World::start().await;
        world.publish(json!({ "code_challenge_methods_supported": methods }));
        let error = fail(&world.oauth().build().unwrap(), &world).await;
        assert!(matches!(error, OAuthError::NoPkce { .. }), "{error}");
        assert_eq!((world.seen("/register").len(), world.seen("/authorize").len()), (0, 0));
    }
}

#[tokio::test]
async fn a_token_that_the_server_refuses_at_once_ends_it() {
    let world = World::start().await;
    world.on("/token", |_| reply(200, &json!({ "access_token": "never-good", "token_type": "Bearer" })));
    let error = fail(&world.oauth().build().unwrap(), &world).await;
    assert!(matches!(error, OAuthError::FreshTokenRefused { .. }), "{error}");
    assert_eq!(world.seen("/authorize").len(), 1);
}

#[tokio::test]
async fn a_refusal_of_the_token_endpoint_is_told_without_the_code() {
    let world = World::start().await;
    world.on("/token", |_| {
        reply(400, &json!({ "error": "invalid_grant", "error_description": "the code is too old" }))
    });
    let error = fail(&world.oauth().build().unwrap(), &world).await;
    assert!(error.to_string().ends_with("gives no token: invalid_grant (the code is too old)"), "{error}");
    assert!(!format!("{error:?}").contains("the-code"));
}

#[tokio::test]
async fn a_redirect_of_the_token_endpoint_is_not_followed() {
    let world = World::start().await;
    let elsewhere = format!("{}/elsewhere", world.url);
    world.on("/token", move |_| redirect(elsewhere.clone()));
    let error = fail(&world.oauth().build().unwrap(), &world).await;
    assert!(matches!(error, OAuthError::TokenRefused { .. }), "{error}");
    assert_eq!(world.seen("/elsewhere").len(), 0);
}

#[tokio::test]
async fn an_answer_without_bounds_is_not_read_to_its_end() {
    let world = World::start().await;
    world.on("/token", |_| {
        reply(200, &json!({ "access_token": "a".repeat(2 * 1024 * 1024), "token_type": "Bearer" }))
    });
    let error = fail(&world.oauth().build().unwrap(), &world).await;
    assert!(matches!(error, OAuthError::Malformed { what: "token endpoint", .. }), "{error}");
}

#[tokio::test]
async fn signing_in_needs_no_refusal_and_signing_out_begins_anew() {
    let world = World::start().await;
    let oauth = world.oauth().build().unwrap();
    assert!(!oauth.is_signed_in().await.unwrap());
    oauth.sign_in().await.unwrap();
    oauth.sign_in().await.unwrap();
    assert!(oauth.is_signed_in().await.unwrap());
    assert_eq!((world.seen("/mcp").len(), world.seen("/token").len()), (0, 1));
    succeed(&oauth, &world).await;
    oauth.sign_out().await.unwrap();
    assert!(!oauth.is_signed_in().await.unwrap());
    succeed(&oauth, &world).await;
    assert_eq!((world.seen("/token").len(), world.seen("/register").len()), (2, 1));
}

#[tokio::test]
async fn nothing_that_is_shown_of_it_holds_a_token() {
    let world = World::start().await;
    let oauth = world.oauth().build().unwrap();
    succeed(&oauth, &world).await;
    assert!(!format!("{oauth:?}").contains("token-1"));
}
