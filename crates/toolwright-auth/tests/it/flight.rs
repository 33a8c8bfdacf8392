use std::sync::Arc;

use http::{HeaderMap, Method, StatusCode, header::AUTHORIZATION};
use serde_json::json;
use tokio::sync::Semaphore;
use toolwright_auth::client::{AuthorizationRequest, OAuth, UserAgent, UserAgentError, Visit};
use toolwright_core::joint::{Answer, Attempt, Credentials};

use crate::world::{World, fail, redirect, request, succeed};

/// A user who takes their time.
#[derive(Clone)]
pub(crate) struct Slow(Arc<Semaphore>);

impl Slow {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }

    pub(crate) fn come_back(&self) {
        self.0.add_permits(1);
    }
}

impl UserAgent for Slow {
    type Visit = Self;

    async fn prepare(&self, _before: Option<&str>) -> Result<Self, UserAgentError> {
        Ok(self.clone())
    }
}

impl Visit for Slow {
    fn redirect_uri(&self) -> &str {
        "http://127.0.0.1:3000/callback"
    }

    async fn authorize(self, request: &AuthorizationRequest) -> Result<String, UserAgentError> {
        self.0.acquire().await.unwrap().forget();
        let url = url::Url::parse(request.url()).unwrap();
        let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        Ok(format!("state={state}&code=the-code"))
    }
}

/// Waits until the world was asked for `path` this often.
pub(crate) async fn until(world: &World, path: &str, times: usize) {
    while world.seen(path).len() < times {
        tokio::task::yield_now().await;
    }
}

fn many(oauth: &OAuth, world: &World) -> Vec<tokio::task::JoinHandle<Result<StatusCode, String>>> {
    (0..50)
        .map(|_| {
            let (oauth, url) = (oauth.clone(), world.mcp());
            tokio::spawn(async move { request(&oauth, &url).await.map_err(|error| error.to_string()) })
        })
        .collect()
}

#[tokio::test]
async fn fifty_refusals_at_the_same_time_cause_one_sign_in() {
    let (world, user) = (World::start().await, Slow::new());
    let oauth = world.oauth().user_agent(user.clone()).build().unwrap();
    let calls = many(&oauth, &world);
    until(&world, "/mcp", 50).await;
    user.come_back();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), 200);
    }
    assert_eq!((world.seen("/register").len(), world.seen("/token").len()), (1, 1));
    assert_eq!(world.seen("/mcp").len(), 100);
}

#[tokio::test]
async fn fifty_refusals_at_the_same_time_cause_one_refresh() {
    let world = World::start().await;
    let issuer = world.clone();
    world.on("/token", move |_| {
        crate::world::reply(
            200,
            &json!({ "access_token": issuer.issue(), "token_type": "Bearer", "refresh_token": "r" }),
        )
    });
    let oauth = world.oauth().build().unwrap();
    succeed(&oauth, &world).await;
    world.revoke();
    for call in many(&oauth, &world) {
        assert_eq!(call.await.unwrap().unwrap(), 200);
    }
    assert_eq!(world.seen("/token").len(), 2);
}

#[tokio::test]
async fn all_who_waited_hear_of_one_failure() {
    let (world, user) = (World::start().await, Slow::new());
    world.on("/token", |_| crate::world::reply(400, &json!({ "error": "invalid_grant" })));
    let oauth = world.oauth().user_agent(user.clone()).build().unwrap();
    let calls = many(&oauth, &world);
    until(&world, "/mcp", 50).await;
    // All wait for the one task before it goes on.
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    user.come_back();
    for call in calls {
        assert!(call.await.unwrap().unwrap_err().contains("invalid_grant"));
    }
    assert_eq!(world.seen("/token").len(), 1);
}

#[tokio::test]
async fn a_request_that_is_given_up_takes_no_sign_in_with_it() {
    let (world, user) = (World::start().await, Slow::new());
    let oauth = world.oauth().user_agent(user.clone()).build().unwrap();
    let call = {
        let (oauth, url) = (oauth.clone(), world.mcp());
        tokio::spawn(async move { request(&oauth, &url).await.map_err(|error| error.to_string()) })
    };
    until(&world, "/register", 1).await;
    call.abort();
    user.come_back();
    until(&world, "/token", 1).await;
    succeed(&oauth, &world).await;
    assert_eq!(world.seen("/token").len(), 1);
}

#[tokio::test]
async fn a_late_refusal_of_an_old_token_causes_nothing() {
    let world = World::start().await;
    let oauth = world.oauth().build().unwrap();
    succeed(&oauth, &world).await;
    let (url, mut old, headers) = (world.mcp(), HeaderMap::new(), HeaderMap::new());
    old.insert(AUTHORIZATION, "Bearer older".parse().unwrap());
    let attempt = Attempt::new(Method::POST, &url).sent(&old);
    let refused = Answer::new(StatusCode::UNAUTHORIZED, &headers);
    assert!(oauth.answered(&attempt, &refused).await.unwrap(), "it is sent again with the present token");
    assert_eq!(world.seen("/token").len(), 1);
}

#[tokio::test]
async fn a_failure_is_no_answer_for_ever() {
    let world = World::start().await;
    world.on("/authorize", |seen| redirect(format!("{}?state=wrong", seen.param("redirect_uri").unwrap())));
    let oauth = world.oauth().build().unwrap();
    fail(&oauth, &world).await;
    world.on("/authorize", |seen| crate::world::come_back(seen, ""));
    succeed(&oauth, &world).await;
}
