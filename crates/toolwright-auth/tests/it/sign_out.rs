use std::sync::Arc;

use http::Response;
use serde_json::json;
use tokio::sync::Semaphore;
use toolwright_auth::client::{
    ClientRegistration, MemoryStore, OAuth, OAuthError, Secret, TokenStore, TokenStoreError,
};

use crate::{
    flight::{Slow, until},
    world::{World, reply, succeed},
};

/// A world that takes tokens back, and issues refresh tokens.
async fn revoking() -> World {
    let world = World::start().await;
    world.publish(json!({ "revocation_endpoint": format!("{}/revoke", world.url) }));
    world.on("/revoke", |_| Response::default());
    let issuer = world.clone();
    world.on("/token", move |_| {
        let access = issuer.issue();
        reply(200, &json!({ "access_token": access, "token_type": "Bearer", "refresh_token": format!("refresh-{access}") }))
    });
    world
}

/// What was taken back: kinds and tokens.
fn revoked(world: &World) -> Vec<(String, String)> {
    let param = |seen: &crate::world::Seen, name| seen.param(name).unwrap().to_owned();
    world.seen("/revoke").iter().map(|seen| (param(seen, "token_type_hint"), param(seen, "token"))).collect()
}

fn both(access: &str) -> Vec<(String, String)> {
    vec![
        ("refresh_token".to_owned(), format!("refresh-{access}")),
        ("access_token".to_owned(), access.to_owned()),
    ]
}

#[tokio::test]
async fn tokens_are_taken_back_by_the_client_that_got_them() {
    let world = revoking().await;
    let oauth = world.oauth().build().unwrap();
    succeed(&oauth, &world).await;
    oauth.sign_out().await.unwrap();
    assert_eq!(revoked(&world), both("token-1"));
    assert!(world.seen("/revoke").iter().all(|seen| seen.param("client_id") == Some("registered")));
    assert!(!oauth.is_signed_in().await.unwrap());
    oauth.sign_out().await.unwrap();
    assert_eq!(world.seen("/revoke").len(), 2, "there is nothing more to take back");
}

#[tokio::test]
async fn a_confidential_client_shows_who_it_is() {
    let world = revoking().await;
    world.publish(json!({ "token_endpoint_auth_methods_supported": ["client_secret_basic"] }));
    let oauth = world.oauth().client(ClientRegistration::new("i").secret("s")).build().unwrap();
    succeed(&oauth, &world).await;
    oauth.sign_out().await.unwrap();
    assert!(world.seen("/revoke").iter().all(|seen| seen.header("authorization") == Some("Basic aTpz")));
}

#[tokio::test]
async fn the_next_run_of_the_program_can_sign_out() {
    let (world, store) = (revoking().await, MemoryStore::default());
    succeed(&world.oauth().store(store.clone()).build().unwrap(), &world).await;
    world.oauth().store(store.clone()).build().unwrap().sign_out().await.unwrap();
    assert_eq!(revoked(&world), both("token-1"));
    assert!(!world.oauth().store(store).build().unwrap().is_signed_in().await.unwrap());
}

#[tokio::test]
async fn what_another_process_renewed_is_taken_back() {
    let (world, store) = (revoking().await, MemoryStore::default());
    let build = || world.oauth().store(store.clone()).build().unwrap();
    let (one, other) = (build(), build());
    succeed(&one, &world).await;
    world.revoke();
    succeed(&other, &world).await;
    one.sign_out().await.unwrap();
    assert_eq!(revoked(&world), both("token-2"));
}

#[tokio::test]
async fn an_authorization_server_that_takes_none_back_is_not_asked() {
    let world = World::start().await;
    let oauth = world.oauth().build().unwrap();
    succeed(&oauth, &world).await;
    let before = world.paths().len();
    oauth.sign_out().await.unwrap();
    assert_eq!(world.paths().len(), before);
}

#[tokio::test]
async fn tokens_are_forgotten_even_if_they_are_not_taken_back() {
    let (world, store) = (revoking().await, MemoryStore::default());
    world.on("/revoke", |_| reply(503, &json!({})));
    let oauth = world.oauth().store(store.clone()).build().unwrap();
    succeed(&oauth, &world).await;
    let error = oauth.sign_out().await.unwrap_err();
    assert!(matches!(&error, OAuthError::RevocationRefused { error, .. } if error.code() == "status 503"));
    assert!(!oauth.is_signed_in().await.unwrap());
    assert!(!world.oauth().store(store).build().unwrap().is_signed_in().await.unwrap());
}

#[tokio::test]
async fn access_tokens_that_nobody_can_take_back_are_left_to_expire() {
    let world = revoking().await;
    world.on("/revoke", |seen| match seen.param("token_type_hint") {
        Some("access_token") => reply(400, &json!({ "error": "unsupported_token_type" })),
        _ => Response::default(),
    });
    let oauth = world.oauth().build().unwrap();
    succeed(&oauth, &world).await;
    oauth.sign_out().await.unwrap();
    world.on("/revoke", |_| reply(400, &json!({ "error": "unsupported_token_type" })));
    succeed(&oauth, &world).await;
    assert!(matches!(oauth.sign_out().await, Err(OAuthError::RevocationRefused { .. })), "a refresh token");
}

#[tokio::test]
async fn a_sign_in_that_waits_for_the_user_is_broken_off() {
    let (world, user) = (revoking().await, Slow::new());
    let oauth = world.oauth().user_agent(user.clone()).build().unwrap();
    let signing_in = {
        let oauth = oauth.clone();
        tokio::spawn(async move { oauth.sign_in().await })
    };
    until(&world, "/register", 1).await;
    oauth.sign_out().await.unwrap();
    assert!(matches!(signing_in.await.unwrap(), Err(OAuthError::Interrupted)));
    user.come_back();
    succeed(&oauth, &world).await;
    assert_eq!(world.seen("/token").len(), 1);
}

/// A store that takes its time to save tokens.
#[derive(Clone)]
struct Busy {
    store: MemoryStore,
    saves: Arc<Semaphore>,
    begun: Arc<Semaphore>,
}

impl TokenStore for Busy {
    async fn load(&self, key: &str) -> Result<Option<Secret>, TokenStoreError> {
        self.store.load(key).await
    }

    async fn save(&self, key: &str, value: Secret) -> Result<(), TokenStoreError> {
        self.begun.add_permits(1);
        self.saves.acquire().await.unwrap().forget();
        self.store.save(key, value).await
    }

    async fn remove(&self, key: &str) -> Result<(), TokenStoreError> {
        self.store.remove(key).await
    }
}

#[tokio::test]
async fn what_a_renewal_brings_meanwhile_is_forgotten_and_taken_back_too() {
    let world = revoking().await;
    let busy = Busy {
        store: MemoryStore::default(),
        saves: Arc::new(Semaphore::new(2)),
        begun: Arc::new(Semaphore::new(0)),
    };
    let build = || world.oauth().store(busy.clone()).build().unwrap();
    let oauth: OAuth = build();
    succeed(&oauth, &world).await;
    world.revoke();
    let call = {
        let (oauth, url) = (oauth.clone(), world.mcp());
        tokio::spawn(
            async move { crate::world::request(&oauth, &url).await.map_err(|error| error.to_string()) },
        )
    };
    // The registration, the first tokens and now their successors.
    busy.begun.acquire_many(3).await.unwrap().forget();
    let signing_out = {
        let oauth = oauth.clone();
        tokio::spawn(async move { oauth.sign_out().await })
    };
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    busy.saves.add_permits(8);
    signing_out.await.unwrap().unwrap();
    call.await.unwrap().unwrap();
    assert_eq!(revoked(&world)[..2], both("token-2"));
}
