use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use toolwright_auth::client::{ClientRegistration, IdentityProvider, OAuthError, SigningKey};

use crate::world::{World, fail, reply, succeed};

const KEY: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgErOOG4JMQQgXbCmW
+uwRw7pb9y0OxkZyjv7+jV636MyhRANCAAQFy7AoSUcvosfusTjFii/ZWh32AcUN
miGlr2xY7weJk6ujjGFNJKi7DXIH5l7gJ4HiQodlCjVVwut48fqxsU7t
-----END PRIVATE KEY-----";

fn claims(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

#[tokio::test]
async fn a_client_acts_for_itself_by_its_secret() {
    let world = World::start().await;
    world.publish(json!({ "token_endpoint_auth_methods_supported": ["client_secret_basic"] }));
    world.protect(json!({ "scopes_supported": ["a"] }));
    let oauth = world.oauth().client(ClientRegistration::new("i").secret("s")).client_credentials();
    succeed(&oauth.build().unwrap(), &world).await;
    let told = &world.seen("/token")[0];
    assert_eq!(told.param("grant_type"), Some("client_credentials"));
    assert_eq!((told.param("resource"), told.param("scope")), (Some(&*world.mcp()), Some("a")));
    assert_eq!(told.header("authorization"), Some("Basic aTpz"));
    assert_eq!((world.seen("/authorize").len(), world.seen("/register").len()), (0, 0));
}

#[tokio::test]
async fn a_client_acts_for_itself_by_its_key() {
    let world = World::start().await;
    let key = SigningKey::from_pem(KEY).unwrap();
    let oauth = world.oauth().client(ClientRegistration::new("i").private_key(key)).client_credentials();
    succeed(&oauth.build().unwrap(), &world).await;
    let told = &world.seen("/token")[0];
    assert_eq!(
        told.param("client_assertion_type"),
        Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
    );
    let claims = claims(told.param("client_assertion").unwrap());
    assert_eq!(
        (&claims["iss"], &claims["sub"], &claims["aud"]),
        (&json!("i"), &json!("i"), &json!(world.url))
    );
    assert_eq!((told.param("client_id"), told.header("authorization")), (None, None));
}

#[tokio::test]
async fn a_client_without_a_registration_cannot_act_for_itself() {
    let world = World::start().await;
    let error = world.oauth().client_credentials().build().unwrap_err();
    assert!(matches!(error, OAuthError::NoClient), "{error}");
}

#[tokio::test]
async fn a_client_that_acts_for_itself_gets_a_new_token_in_time() {
    let world = World::start().await;
    let issuer = world.clone();
    world.on("/token", move |_| {
        reply(200, &json!({ "access_token": issuer.issue(), "token_type": "Bearer", "expires_in": 1 }))
    });
    let oauth =
        world.oauth().client(ClientRegistration::new("i").secret("s")).client_credentials().build().unwrap();
    oauth.sign_in().await.unwrap();
    succeed(&oauth, &world).await;
    assert_eq!((world.seen("/token").len(), world.seen("/mcp").len()), (2, 1));
}

#[tokio::test]
async fn an_enterprise_vouches_for_its_user() {
    let (world, provider) = (World::start().await, World::start().await);
    world.publish(json!({
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "grant_types_supported": ["urn:ietf:params:oauth:grant-type:jwt-bearer"],
        "authorization_grant_profiles_supported": ["urn:ietf:params:oauth:grant-profile:id-jag"],
    }));
    world.protect(json!({ "scopes_supported": ["a"] }));
    provider.on("/token", |_| {
        let kind = "urn:ietf:params:oauth:token-type:id-jag";
        reply(200, &json!({ "access_token": "the-jag", "issued_token_type": kind, "token_type": "N_A" }))
    });
    let user = || async { Ok::<_, std::io::Error>("the-id-token") };
    let idp = IdentityProvider::new(&*provider.url, ClientRegistration::new("at-idp"), user);
    let oauth =
        world.oauth().client(ClientRegistration::new("i").secret("s")).enterprise(idp).build().unwrap();
    succeed(&oauth, &world).await;
    let exchange = &provider.seen("/token")[0];
    for (name, value) in [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("requested_token_type", "urn:ietf:params:oauth:token-type:id-jag"),
        ("audience", &world.url),
        ("resource", &world.mcp()),
        ("subject_token", "the-id-token"),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token"),
        ("scope", "a"),
        ("client_id", "at-idp"),
    ] {
        assert_eq!(exchange.param(name), Some(value), "{name}");
    }
    let told = &world.seen("/token")[0];
    assert_eq!(told.param("grant_type"), Some("urn:ietf:params:oauth:grant-type:jwt-bearer"));
    assert_eq!(told.param("assertion"), Some("the-jag"));
    assert_eq!(told.header("authorization"), Some("Basic aTpz"));
    assert!(
        !format!("{:?}", provider.seen("/token")).contains("aTpz"),
        "the provider sees its own client alone"
    );
}

#[tokio::test]
async fn an_identity_provider_has_to_give_what_it_was_asked_for() {
    let world = World::start().await;
    let provider = world.clone();
    provider.on("/idp", |_| {
        let kind = "urn:ietf:params:oauth:token-type:access_token";
        reply(200, &json!({ "access_token": "t", "issued_token_type": kind, "token_type": "Bearer" }))
    });
    let user = || async { Ok::<_, std::io::Error>("id") };
    let idp = IdentityProvider::new("https://idp.example.com", ClientRegistration::new("c"), user)
        .token_endpoint(format!("{}/idp", world.url));
    let oauth =
        world.oauth().client(ClientRegistration::new("i").secret("s")).enterprise(idp).build().unwrap();
    let error = fail(&oauth, &world).await;
    assert!(matches!(error, OAuthError::Malformed { .. }), "{error}");
    assert_eq!(world.seen("/token").len(), 0);
}

#[tokio::test]
async fn an_authorization_server_that_lists_other_profiles_is_not_asked() {
    let world = World::start().await;
    world.publish(json!({ "authorization_grant_profiles_supported": [] }));
    let user = || async { Ok::<_, std::io::Error>("id") };
    let idp = IdentityProvider::new(&*world.url, ClientRegistration::new("c"), user);
    let oauth =
        world.oauth().client(ClientRegistration::new("i").secret("s")).enterprise(idp).build().unwrap();
    let error = fail(&oauth, &world).await;
    assert!(matches!(error, OAuthError::Unsupported { .. }), "{error}");
}

#[tokio::test]
async fn a_platform_vouches_for_its_workload() {
    let world = World::start().await;
    let oauth = world.oauth().workload(|| async { Ok::<_, std::io::Error>("statement") }).build().unwrap();
    succeed(&oauth, &world).await;
    let told = &world.seen("/token")[0];
    assert_eq!(told.param("grant_type"), Some("urn:ietf:params:oauth:grant-type:jwt-bearer"));
    assert_eq!((told.param("assertion"), told.param("resource")), (Some("statement"), Some(&*world.mcp())));
    assert_eq!((told.param("client_id"), told.header("authorization")), (None, None));
}

#[tokio::test]
async fn a_refused_statement_is_not_shown_again() {
    let world = World::start().await;
    world.on("/token", |_| reply(400, &json!({ "error": "invalid_grant" })));
    let given = Arc::new(AtomicUsize::new(0));
    let next = Arc::clone(&given);
    let oauth = world
        .oauth()
        .workload(move || {
            let at = next.fetch_add(1, Ordering::Relaxed);
            async move { Ok::<_, std::io::Error>(format!("statement-{}", at / 2)) }
        })
        .build()
        .unwrap();
    for _ in 0..4 {
        let error = fail(&oauth, &world).await;
        assert!(matches!(error, OAuthError::TokenRefused { .. }), "{error}");
    }
    let shown: Vec<_> =
        world.seen("/token").iter().map(|seen| seen.param("assertion").unwrap().to_owned()).collect();
    assert_eq!(shown, ["statement-0", "statement-1"]);
    assert_eq!((world.seen("/authorize").len(), given.load(Ordering::Relaxed)), (0, 4));
}

#[tokio::test]
async fn a_platform_that_says_nothing_is_an_error() {
    let world = World::start().await;
    let oauth = world.oauth().workload(|| async { Err::<String, _>("no platform") }).build().unwrap();
    let error = fail(&oauth, &world).await;
    assert!(matches!(error, OAuthError::NoAssertion { .. }), "{error}");
}
