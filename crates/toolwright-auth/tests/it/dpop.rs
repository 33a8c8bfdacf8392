use std::collections::HashSet;

use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use toolwright_auth::client::{MemoryStore, OAuthError};

use crate::world::{PRM, Seen, World, challenge, fail, reply, succeed};

fn part(seen: &Seen, at: usize) -> Value {
    let proof = seen.header("dpop").expect("there is a proof");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(proof.split('.').nth(at).unwrap()).unwrap()).unwrap()
}

fn with_nonce(mut response: Response, nonce: &'static str) -> Response {
    response.headers_mut().insert("dpop-nonce", nonce.parse().unwrap());
    response
}

async fn world() -> World {
    let world = World::start().await;
    world.publish(json!({ "dpop_signing_alg_values_supported": ["ES256"] }));
    let issuer = world.clone();
    world.on("/token", move |_| {
        reply(200, &json!({ "access_token": issuer.issue(), "token_type": "DPoP", "refresh_token": "r" }))
    });
    world
}

#[tokio::test]
async fn each_request_proves_that_the_token_is_ours() {
    let world = world().await;
    let oauth = world.oauth().dpop().build().unwrap();
    succeed(&oauth, &world).await;
    succeed(&oauth, &world).await;
    let (token, calls) = (&world.seen("/token")[0], &world.seen("/mcp")[1..]);
    assert_eq!(part(token, 1)["htu"], format!("{}/token", world.url));
    assert!(part(token, 1).get("ath").is_none());
    for call in calls {
        assert_eq!(call.header("authorization"), Some("DPoP token-1"));
        assert_eq!((&part(call, 1)["htm"], &part(call, 1)["htu"]), (&json!("POST"), &json!(world.mcp())));
        assert_eq!(part(call, 0), part(token, 0), "one key for all");
        assert!(part(call, 1)["ath"].is_string());
    }
    let ids: HashSet<String> =
        calls.iter().chain([token]).map(|seen| part(seen, 1)["jti"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(world.seen("/mcp")[0].header("dpop"), None);
    assert!(world.seen("/authorize")[0].param("dpop_jkt").is_some());
}

#[tokio::test]
async fn nonces_of_both_servers_are_taken_up() {
    let world = world().await;
    let issuer = world.clone();
    world.on("/token", move |seen| match part(seen, 1)["nonce"].as_str() {
        Some("as-1") => reply(200, &json!({ "access_token": issuer.issue(), "token_type": "DPoP" })),
        _ => with_nonce(reply(400, &json!({ "error": "use_dpop_nonce" })), "as-1"),
    });
    let (told, url) = (world.clone(), world.url.clone());
    world.on("/mcp", move |seen| {
        if !told.is_good(seen) {
            return challenge(401, &format!("DPoP resource_metadata=\"{url}{PRM}\""));
        }
        match part(seen, 1)["nonce"].as_str() {
            Some("rs-1") => with_nonce(reply(200, &json!({})), "rs-2"),
            Some("rs-2") => reply(200, &json!({})),
            _ => with_nonce(challenge(401, "DPoP error=\"use_dpop_nonce\""), "rs-1"),
        }
    });
    // Both servers have one origin here, so that one's nonce is no good for the other.
    let oauth = world.oauth().dpop().build().unwrap();
    succeed(&oauth, &world).await;
    succeed(&oauth, &world).await;
    assert_eq!((world.seen("/token").len(), world.seen("/authorize").len()), (2, 1));
    assert_eq!(world.seen("/mcp").len(), 4);
}

#[tokio::test]
async fn a_nonce_that_never_fits_is_given_up() {
    let world = world().await;
    let told = world.clone();
    world.on("/mcp", move |seen| {
        if !told.is_good(seen) {
            return challenge(401, "DPoP");
        }
        let mut response = challenge(401, "DPoP error=\"use_dpop_nonce\"");
        let nonce = format!("n{}", told.seen("/mcp").len());
        response.headers_mut().insert("dpop-nonce", nonce.parse().unwrap());
        response
    });
    let error = fail(&world.oauth().dpop().build().unwrap(), &world).await;
    assert!(matches!(error, OAuthError::TooManyAttempts { .. }), "{error}");
}

#[tokio::test]
async fn a_token_that_is_not_bound_to_the_key_is_refused() {
    let world = world().await;
    world.on("/token", |_| reply(200, &json!({ "access_token": "t", "token_type": "Bearer" })));
    let error = fail(&world.oauth().dpop().build().unwrap(), &world).await;
    assert!(matches!(error, OAuthError::Malformed { .. }), "{error}");
}

#[tokio::test]
async fn an_authorization_server_that_does_not_support_it_is_an_error() {
    for algorithms in [json!(null), json!([]), json!(["RS256", "none"])] {
        let world = world().await;
        world.publish(json!({ "dpop_signing_alg_values_supported": algorithms }));
        let error = fail(&world.oauth().dpop().build().unwrap(), &world).await;
        assert!(matches!(error, OAuthError::Unsupported { .. }), "{error}");
        assert_eq!(world.seen("/authorize").len(), 0);
    }
}

#[tokio::test]
async fn the_key_is_kept_with_the_tokens() {
    let world = world().await;
    let store = MemoryStore::default();
    succeed(&world.oauth().dpop().store(store.clone()).build().unwrap(), &world).await;
    let next = world.oauth().dpop().store(store).build().unwrap();
    world.revoke();
    succeed(&next, &world).await;
    assert_eq!(world.seen("/token")[1].param("grant_type"), Some("refresh_token"));
    let keys: HashSet<String> =
        world.seen("/mcp")[1..].iter().map(|seen| part(seen, 0).to_string()).collect();
    assert_eq!(keys.len(), 1);
}
