use serde_json::json;
use toolwright_auth::client::{
    ClientRegistration, EncryptedFile, MemoryStore, OAuth, OAuthBuilder, StoreKey,
};

use crate::world::{World, reply, succeed};

/// Issues tokens of this lifetime with refresh tokens that are good once.
fn rotate(world: &World, lifetime: u64) {
    let issuer = world.clone();
    world.on("/token", move |seen| {
        let shown = seen.param("refresh_token");
        let rotated = issuer.seen("/token").len();
        if shown.is_some_and(|token| token != format!("refresh-{}", rotated - 1)) {
            return reply(400, &json!({ "error": "invalid_grant" }));
        }
        reply(
            200,
            &json!({
                "access_token": issuer.issue(),
                "token_type": "Bearer",
                "expires_in": lifetime,
                "refresh_token": format!("refresh-{rotated}"),
            }),
        )
    });
}

fn grants(world: &World) -> Vec<String> {
    world.seen("/token").iter().map(|seen| seen.param("grant_type").unwrap().to_owned()).collect()
}

async fn signed_in(world: &World, lifetime: u64) -> OAuth {
    rotate(world, lifetime);
    let oauth = world.oauth().build().unwrap();
    succeed(&oauth, world).await;
    oauth
}

#[tokio::test]
async fn a_refused_token_is_refreshed_without_the_user() {
    let world = World::start().await;
    let oauth = signed_in(&world, 3600).await;
    for _ in 0..3 {
        world.revoke();
        succeed(&oauth, &world).await;
    }
    assert_eq!(grants(&world)[1..], ["refresh_token"; 3]);
    assert_eq!(world.seen("/authorize").len(), 1);
    let told = &world.seen("/token")[3];
    assert_eq!(told.param("refresh_token"), Some("refresh-3"), "it is rotated");
    assert_eq!(told.param("resource"), Some(&*world.mcp()));
    assert_eq!(told.param("client_id"), Some("registered"));
}

#[tokio::test]
async fn a_token_is_refreshed_before_it_expires() {
    let world = World::start().await;
    let oauth = signed_in(&world, 1).await;
    // Its whole life of one second lies within the margin.
    succeed(&oauth, &world).await;
    assert_eq!(grants(&world), ["authorization_code", "refresh_token", "refresh_token"]);
    assert_eq!(
        world.seen("/mcp").iter().filter(|seen| !world.is_good(seen)).count(),
        2,
        "none was refused but the first"
    );
}

#[tokio::test]
async fn a_refresh_token_that_is_not_rotated_stays_good() {
    let world = World::start().await;
    let issuer = world.clone();
    world.on("/token", move |seen| {
        let mut body = json!({ "access_token": issuer.issue(), "token_type": "Bearer" });
        if seen.param("grant_type") == Some("authorization_code") {
            body["refresh_token"] = "stays".into();
        }
        reply(200, &body)
    });
    let oauth = world.oauth().build().unwrap();
    for _ in 0..3 {
        succeed(&oauth, &world).await;
        world.revoke();
    }
    let shown: Vec<_> =
        world.seen("/token").iter().map(|seen| seen.param("refresh_token").map(str::to_owned)).collect();
    assert_eq!(shown, [None, Some("stays".to_owned()), Some("stays".to_owned())]);
}

#[tokio::test]
async fn a_refresh_token_that_is_refused_leads_to_a_sign_in() {
    let world = World::start().await;
    let oauth = signed_in(&world, 3600).await;
    let issuer = world.clone();
    world.on("/token", move |seen| match seen.param("grant_type") {
        Some("refresh_token") => reply(400, &json!({ "error": "invalid_grant" })),
        _ => reply(200, &json!({ "access_token": issuer.issue(), "token_type": "Bearer" })),
    });
    world.revoke();
    succeed(&oauth, &world).await;
    assert_eq!(world.seen("/authorize").len(), 2);
}

#[tokio::test]
async fn a_useless_refresh_token_does_not_delay_each_request() {
    let world = World::start().await;
    let oauth = signed_in(&world, 0).await;
    world.on("/token", |_| reply(400, &json!({ "error": "invalid_grant" })));
    for _ in 0..3 {
        succeed(&oauth, &world).await;
    }
    assert_eq!(grants(&world), ["authorization_code", "refresh_token", "refresh_token"]);
    assert_eq!(world.seen("/mcp").len(), 5, "the old token was tried all the same");
}

#[tokio::test]
async fn a_refreshed_token_that_is_refused_leads_to_a_sign_in() {
    let world = World::start().await;
    let oauth = signed_in(&world, 3600).await;
    let issuer = world.clone();
    world.on("/token", move |seen| match seen.param("grant_type") {
        Some("refresh_token") => {
            reply(200, &json!({ "access_token": "bad", "token_type": "Bearer", "refresh_token": "more" }))
        }
        _ => reply(200, &json!({ "access_token": issuer.issue(), "token_type": "Bearer" })),
    });
    world.revoke();
    succeed(&oauth, &world).await;
    assert_eq!(grants(&world), ["authorization_code", "refresh_token", "authorization_code"]);
}

#[tokio::test]
async fn tokens_are_kept_for_the_next_run_of_the_program() {
    let world = World::start().await;
    rotate(&world, 3600);
    let store = MemoryStore::default();
    succeed(&world.oauth().store(store.clone()).build().unwrap(), &world).await;
    let next = world.oauth().store(store.clone()).build().unwrap();
    succeed(&next, &world).await;
    assert_eq!(world.seen("/token").len(), 1);
    world.revoke();
    succeed(&next, &world).await;
    assert_eq!(
        (grants(&world)[1..].to_vec(), world.seen("/authorize").len()),
        (vec!["refresh_token".to_owned()], 1)
    );
}

#[tokio::test]
async fn a_token_that_another_process_renewed_is_taken_over() {
    let world = World::start().await;
    rotate(&world, 3600);
    let store = MemoryStore::default();
    let (one, other) =
        (world.oauth().store(store.clone()).build().unwrap(), world.oauth().store(store).build().unwrap());
    succeed(&one, &world).await;
    succeed(&other, &world).await;
    world.revoke();
    succeed(&one, &world).await;
    succeed(&other, &world).await;
    assert_eq!(grants(&world), ["authorization_code", "refresh_token"], "a refresh token is not used twice");
}

#[tokio::test]
async fn processes_that_renew_at_the_same_time_use_a_refresh_token_once() {
    let folder = tempfile::tempdir().unwrap();
    let (file, key) = (folder.path().join("tokens"), StoreKey::random());
    let memory = MemoryStore::default();
    let stores: [&dyn Fn(OAuthBuilder) -> OAuthBuilder; 2] = [
        &|oauth| oauth.store(memory.clone()),
        // Each has the file opened by itself, as processes have.
        &|oauth| oauth.store(EncryptedFile::new(&file, key.clone())),
    ];
    for shared in stores {
        let world = World::start().await;
        rotate(&world, 3600);
        let processes: Vec<_> = (0..4).map(|_| shared(world.oauth()).build().unwrap()).collect();
        for oauth in &processes {
            succeed(oauth, &world).await;
        }
        world.revoke();
        let calls = processes.into_iter().map(|oauth| {
            let world = world.clone();
            tokio::spawn(async move { succeed(&oauth, &world).await })
        });
        for call in calls.collect::<Vec<_>>() {
            call.await.unwrap();
        }
        assert_eq!(grants(&world), ["authorization_code", "refresh_token"]);
    }
}

#[tokio::test]
async fn a_confidential_client_shows_its_secret_when_it_refreshes() {
    let world = World::start().await;
    world.publish(json!({ "token_endpoint_auth_methods_supported": ["client_secret_basic"] }));
    rotate(&world, 3600);
    let oauth = world.oauth().client(ClientRegistration::new("i").secret("s")).build().unwrap();
    succeed(&oauth, &world).await;
    world.revoke();
    succeed(&oauth, &world).await;
    let shown: Vec<_> =
        world.seen("/token").iter().map(|seen| seen.header("authorization").map(str::to_owned)).collect();
    assert_eq!(shown, [Some("Basic aTpz".to_owned()), Some("Basic aTpz".to_owned())]);
}
