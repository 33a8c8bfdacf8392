use serde_json::json;
use toolwright_auth::client::{ClientRegistration, FollowRedirect, MemoryStore, OAuthError};

use crate::world::{World, fail, reply, succeed};

const DOCUMENT: &str = "https://notes.example.com/client.json";

#[tokio::test]
async fn a_client_says_what_it_is_when_it_registers() {
    let world = World::start().await;
    succeed(&world.oauth().client_name("Notes").build().unwrap(), &world).await;
    assert_eq!(
        world.seen("/register")[0].json(),
        json!({
            "client_name": "Notes",
            "redirect_uris": ["http://127.0.0.1:3000/callback"],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "application_type": "native",
            "token_endpoint_auth_method": "none",
        })
    );
}

#[tokio::test]
async fn an_application_with_a_web_address_is_one_of_the_web() {
    let world = World::start().await;
    let user_agent = FollowRedirect::new("https://app.example.com/callback");
    succeed(&world.oauth().user_agent(user_agent).build().unwrap(), &world).await;
    assert_eq!(world.seen("/register")[0].json()["application_type"], "web");
}

#[tokio::test]
async fn a_client_that_was_registered_beforehand_comes_first_then_its_document_then_registration() {
    let world = World::start().await;
    world.publish(json!({ "client_id_metadata_document_supported": true }));
    let known = ClientRegistration::new("known");
    succeed(&world.oauth().client(known).client_metadata_url(DOCUMENT).build().unwrap(), &world).await;
    succeed(&world.oauth().client_metadata_url(DOCUMENT).build().unwrap(), &world).await;
    succeed(&world.oauth().build().unwrap(), &world).await;
    let ids: Vec<_> =
        world.seen("/authorize").iter().map(|seen| seen.param("client_id").unwrap().to_owned()).collect();
    assert_eq!(ids, ["known", DOCUMENT, "registered"]);
    assert_eq!(world.seen("/token")[1].param("client_id"), Some(DOCUMENT));
    assert_eq!(world.seen("/register").len(), 1);
}

#[tokio::test]
async fn a_document_is_not_used_where_it_is_not_supported() {
    let world = World::start().await;
    succeed(&world.oauth().client_metadata_url(DOCUMENT).build().unwrap(), &world).await;
    assert_eq!(world.seen("/authorize")[0].param("client_id"), Some("registered"));
}

#[tokio::test]
async fn a_secret_is_sent_as_the_registration_says() {
    for (said, methods, header, form) in [
        (Some("client_secret_post"), json!(["client_secret_basic"]), None, Some("s")),
        (Some("client_secret_basic"), json!(["client_secret_post"]), Some("Basic aTpz"), None),
        (Some("none"), json!(["client_secret_post"]), None, None),
        (None, json!(["client_secret_basic"]), Some("Basic aTpz"), None),
        (None, json!(["client_secret_post"]), None, Some("s")),
        (None, json!(["none"]), None, None),
        (None, json!(null), Some("Basic aTpz"), None),
    ] {
        let world = World::start().await;
        world.publish(json!({ "token_endpoint_auth_methods_supported": methods }));
        let mut body = json!({ "client_id": "i", "client_secret": "s" });
        if let Some(said) = said {
            body["token_endpoint_auth_method"] = said.into();
        }
        world.on("/register", move |_| reply(201, &body));
        succeed(&world.oauth().build().unwrap(), &world).await;
        let told = &world.seen("/token")[0];
        assert_eq!(
            (told.header("authorization"), told.param("client_secret")),
            (header, form),
            "{said:?} {methods}"
        );
    }
}

#[tokio::test]
async fn a_refused_registration_names_the_redirect_uri() {
    let world = World::start().await;
    world.on("/register", |_| reply(400, &json!({ "error": "invalid_redirect_uri" })));
    let error = fail(&world.oauth().build().unwrap(), &world).await;
    let text = error.to_string();
    assert!(
        text.contains("http://127.0.0.1:3000/callback") && text.contains("invalid_redirect_uri"),
        "{text}"
    );
}

#[tokio::test]
async fn without_any_way_to_register_the_user_is_told_what_to_do() {
    let world = World::start().await;
    world.publish(json!({ "registration_endpoint": null }));
    let error = fail(&world.oauth().build().unwrap(), &world).await;
    assert!(matches!(error, OAuthError::NoRegistration { .. }));
    assert!(error.to_string().contains("OAuthBuilder::client"));
}

#[tokio::test]
async fn a_registration_is_kept_for_the_next_run_of_the_program() {
    let world = World::start().await;
    let store = MemoryStore::default();
    succeed(&world.oauth().store(store.clone()).build().unwrap(), &world).await;
    let next = world.oauth().store(store.clone()).build().unwrap();
    next.sign_out().await.unwrap();
    succeed(&next, &world).await;
    assert_eq!((world.seen("/register").len(), world.seen("/authorize").len()), (1, 2));
    // It is good for the redirect URI that it was made for.
    let other = world.oauth().store(store).user_agent(FollowRedirect::new("http://127.0.0.1:4000/callback"));
    let other = other.build().unwrap();
    other.sign_out().await.unwrap();
    succeed(&other, &world).await;
    assert_eq!(world.seen("/register").len(), 2);
}

#[tokio::test]
async fn a_registration_that_expired_or_was_forgotten_is_made_anew() {
    let world = World::start().await;
    world.on("/register", |_| {
        reply(201, &json!({ "client_id": "i", "client_secret": "s", "client_secret_expires_at": 1 }))
    });
    let oauth = world.oauth().build().unwrap();
    succeed(&oauth, &world).await;
    oauth.sign_out().await.unwrap();
    succeed(&oauth, &world).await;
    assert_eq!(world.seen("/register").len(), 2);

    world.on("/register", |_| reply(201, &json!({ "client_id": "i" })));
    oauth.sign_out().await.unwrap();
    succeed(&oauth, &world).await;
    oauth.sign_out().await.unwrap();
    world.on("/token", |_| reply(401, &json!({ "error": "invalid_client" })));
    let error = fail(&oauth, &world).await;
    assert!(matches!(error, OAuthError::TokenRefused { .. }), "{error}");
    assert_eq!(world.seen("/register").len(), 3);
    fail(&oauth, &world).await;
    assert_eq!(world.seen("/register").len(), 4);
}

#[tokio::test]
async fn a_new_authorization_server_never_sees_the_client_or_the_tokens_of_the_old_one() {
    let (world, new) = (World::start().await, World::start().await);
    world.on("/register", |_| {
        reply(201, &json!({ "client_id": "old-client", "client_secret": "old-secret" }))
    });
    let issuer = world.clone();
    world.on("/token", move |_| {
        reply(200, &json!({ "access_token": issuer.issue(), "token_type": "Bearer", "refresh_token": "old-refresh" }))
    });
    let oauth = world.oauth().build().unwrap();
    succeed(&oauth, &world).await;
    world.revoke();
    world.protect(json!({ "authorization_servers": [new.url] }));
    let server = world.clone();
    new.on("/token", move |_| reply(200, &json!({ "access_token": server.issue(), "token_type": "Bearer" })));
    succeed(&oauth, &world).await;
    assert_eq!((new.seen("/register").len(), world.seen("/token").len()), (1, 1));
    for path in ["/authorize", "/token"] {
        let seen = format!("{:?}", new.seen(path));
        assert!(!seen.contains("old-") && seen.contains("registered"), "{seen}");
    }
}

#[tokio::test]
async fn a_client_that_was_registered_beforehand_is_shown_to_its_own_authorization_server_alone() {
    let (world, other) = (World::start().await, World::start().await);
    let foreign = ClientRegistration::new("known").secret("s").issuer(&*other.url);
    let error = fail(&world.oauth().client(foreign).build().unwrap(), &world).await;
    assert!(matches!(error, OAuthError::ForeignIssuer { .. }), "{error}");
    assert_eq!((world.seen("/authorize").len(), world.seen("/token").len()), (0, 0));

    // Without an issuer, the first one is its own.
    let oauth = world.oauth().client(ClientRegistration::new("known").secret("s")).build().unwrap();
    succeed(&oauth, &world).await;
    world.revoke();
    world.protect(json!({ "authorization_servers": [other.url] }));
    let error = fail(&oauth, &world).await;
    assert!(matches!(error, OAuthError::ForeignIssuer { .. }), "{error}");
    assert_eq!((other.seen("/authorize").len(), other.seen("/token").len()), (0, 0));
}

#[tokio::test]
async fn a_document_has_to_be_https_with_a_path() {
    let world = World::start().await;
    for url in
        ["http://notes.example.com/client.json", "https://notes.example.com", "https://a.b/c#d", "client"]
    {
        assert!(world.oauth().client_metadata_url(url).build().is_err(), "{url}");
    }
}
