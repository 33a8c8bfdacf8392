use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::json;
use toolwright_auth::client::OAuthError;

use crate::world::{PRM, World, challenge, fail, redirect, reply, succeed};

fn asked(world: &World) -> Vec<Option<String>> {
    world.seen("/authorize").iter().map(|seen| seen.param("scope").map(str::to_owned)).collect()
}

/// Demands one scope to get in, and each of `more` in turn once a token is shown.
fn demand(world: &World, more: &'static [&'static str]) {
    let (told, url, at) = (world.clone(), world.url.clone(), Arc::new(AtomicUsize::new(0)));
    world.on("/mcp", move |seen| {
        let metadata = format!("resource_metadata=\"{url}{PRM}\"");
        if !told.is_good(seen) {
            return challenge(401, &format!("Bearer scope=\"basic\", {metadata}"));
        }
        match more.get(at.fetch_add(1, Ordering::Relaxed)) {
            Some(scope) => {
                challenge(403, &format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\", {metadata}"))
            }
            None => reply(200, &json!({})),
        }
    });
}

#[tokio::test]
async fn scopes_of_the_challenge_come_before_those_of_the_resource() {
    let world = World::start().await;
    world.protect(json!({ "scopes_supported": ["a", "b"] }));
    succeed(&world.oauth().build().unwrap(), &world).await;
    demand(&world, &[]);
    succeed(&world.oauth().build().unwrap(), &world).await;
    assert_eq!(asked(&world), [Some("a b".to_owned()), Some("basic".to_owned())]);
}

#[tokio::test]
async fn scopes_of_the_application_are_always_among_them() {
    let world = World::start().await;
    demand(&world, &[]);
    succeed(&world.oauth().scopes(["x y", "basic"]).build().unwrap(), &world).await;
    assert_eq!(asked(&world), [Some("x y basic".to_owned())]);
}

#[tokio::test]
async fn offline_access_is_asked_for_where_the_authorization_server_lists_it() {
    let world = World::start().await;
    demand(&world, &[]);
    world.publish(json!({ "scopes_supported": ["basic", "offline_access"] }));
    succeed(&world.oauth().build().unwrap(), &world).await;
    world.publish(json!({ "scopes_supported": ["basic"] }));
    succeed(&world.oauth().build().unwrap(), &world).await;
    assert_eq!(asked(&world), [Some("basic offline_access".to_owned()), Some("basic".to_owned())]);
    let prompts: Vec<_> =
        world.seen("/authorize").iter().map(|seen| seen.param("prompt").map(str::to_owned)).collect();
    assert_eq!(prompts, [Some("consent".to_owned()), None]);
    // Alone it would stand in place of what is granted without any scope.
    let world = World::start().await;
    world.publish(json!({ "scopes_supported": ["offline_access"] }));
    succeed(&world.oauth().build().unwrap(), &world).await;
    assert_eq!(asked(&world), [None]);
}

#[tokio::test]
async fn a_step_up_asks_for_what_it_had_and_what_is_demanded() {
    let world = World::start().await;
    demand(&world, &["write", "admin"]);
    succeed(&world.oauth().build().unwrap(), &world).await;
    assert_eq!(
        asked(&world),
        [Some("basic".to_owned()), Some("basic write".to_owned()), Some("basic write admin".to_owned())]
    );
}

#[tokio::test]
async fn scopes_that_did_not_help_are_not_asked_for_again() {
    let world = World::start().await;
    demand(&world, &["write"; 20]);
    let oauth = world.oauth().build().unwrap();
    let error = fail(&oauth, &world).await;
    assert!(matches!(&error, OAuthError::InsufficientScope { scope, .. } if scope == "write"), "{error}");
    assert_eq!(asked(&world).len(), 2);
    fail(&oauth, &world).await;
    assert_eq!(asked(&world).len(), 2);
}

#[tokio::test]
async fn demands_that_grow_without_end_are_given_up() {
    let world = World::start().await;
    demand(&world, &["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]);
    let error = fail(&world.oauth().build().unwrap(), &world).await;
    assert!(matches!(error, OAuthError::TooManyAttempts { .. }), "{error}");
    assert_eq!(asked(&world).len(), 3);
}

#[tokio::test]
async fn a_step_up_that_the_user_refused_is_not_tried_again() {
    let world = World::start().await;
    let oauth = world.oauth().build().unwrap();
    succeed(&oauth, &world).await;
    demand(&world, &["write"; 20]);
    world.on("/authorize", |seen| {
        let (to, state) = (seen.param("redirect_uri").unwrap(), seen.param("state").unwrap());
        redirect(format!("{to}?error=access_denied&state={state}"))
    });
    let error = fail(&oauth, &world).await;
    assert!(matches!(error, OAuthError::Redirect(_)), "{error}");
    let error = fail(&oauth, &world).await;
    assert!(matches!(error, OAuthError::InsufficientScope { .. }), "{error}");
    assert_eq!(asked(&world).len(), 2);
}

#[tokio::test]
async fn other_refusals_are_left_to_the_caller() {
    let world = World::start().await;
    let oauth = world.oauth().build().unwrap();
    succeed(&oauth, &world).await;
    world.on("/mcp", |_| reply(403, &json!({})));
    assert_eq!(crate::world::request(&oauth, &world.mcp()).await.unwrap(), 403);
    world.on("/mcp", |_| reply(500, &json!({})));
    assert_eq!(crate::world::request(&oauth, &world.mcp()).await.unwrap(), 500);
    assert_eq!(asked(&world).len(), 1);
}
