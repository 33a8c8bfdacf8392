//! What lets a client in.
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use http::HeaderMap;
use toolwright_core::joint::{self, Attempt, BoxFuture, Credentials, CredentialsError, LinkError};
use toolwright_http::client::Bearer;

use super::script::{Answer, Script, call, connect};

/// Counts its tokens, and wants to try again as often as the server refuses.
#[derive(Default)]
struct Counting {
    tokens: AtomicUsize,
    told: Arc<AtomicUsize>,
    fails: bool,
}

impl Credentials for Counting {
    fn authorize<'a>(&'a self, _: &'a Attempt<'a>) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        let number = self.tokens.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            let mut headers = HeaderMap::new();
            headers.insert("authorization", format!("Bearer t{number}").parse().unwrap());
            Ok(headers)
        })
    }

    fn answered<'a>(
        &'a self,
        attempt: &'a Attempt<'a>,
        answer: &'a joint::Answer<'a>,
    ) -> BoxFuture<'a, Result<bool, CredentialsError>> {
        assert!(attempt.sent.unwrap().contains_key("authorization"));
        self.told.fetch_add(1, Ordering::Relaxed);
        let refused = answer.status == 401;
        let outcome = if refused && self.fails { Err("no more tokens".into()) } else { Ok(refused) };
        Box::pin(async move { outcome })
    }
}

fn tokens(script: &Script) -> Vec<String> {
    script.seen().iter().map(|seen| seen.header("authorization").unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_token_goes_along_with_every_request() {
    let script =
        Script::new([Answer::done().header("mcp-session-id", "1"), Answer::done(), Answer::status(200)]);
    let (link, _inbox) = connect(script.http().auth(Bearer::new("s3cret"))).await;
    link.exchange(call("initialize")).await.unwrap();
    link.exchange(call("ping")).await.unwrap();
    link.close().await;
    assert_eq!(tokens(&script), ["Bearer s3cret"; 3]);
}

#[tokio::test]
async fn a_refused_request_is_sent_again_when_the_credentials_ask_for_it() {
    let script = Script::new([Answer::status(401), Answer::done(), Answer::done()]);
    let credentials = Counting::default();
    let told = credentials.told.clone();
    let (link, _inbox) = connect(script.http().auth(credentials)).await;
    assert_eq!(link.exchange(call("ping")).await.unwrap().status.unwrap(), 200);
    link.exchange(call("ping")).await.unwrap();
    assert_eq!(tokens(&script), ["Bearer t0", "Bearer t1", "Bearer t2"]);
    assert_eq!(told.load(Ordering::Relaxed), 3, "answers that are no refusal are told, too");
}

#[tokio::test]
async fn credentials_that_never_stop_asking_are_stopped() {
    let script = Script::new((0..50).map(|_| Answer::status(401)));
    let (link, _inbox) = connect(script.http().auth(Counting::default())).await;
    assert_eq!(link.exchange(call("ping")).await.unwrap().status.unwrap(), 401);
    assert_eq!(script.seen().len(), 1 + 5);
}

#[tokio::test]
async fn credentials_that_give_up_say_why() {
    let script = Script::new([Answer::status(401)]);
    let credentials = Counting { fails: true, ..Counting::default() };
    let (link, _inbox) = connect(script.http().auth(credentials)).await;
    let error = link.exchange(call("ping")).await.unwrap_err();
    assert!(matches!(error, LinkError::Unauthorized(_)));
    assert_eq!(error.to_string(), "not authorized: no more tokens");
}

#[tokio::test]
async fn without_credentials_a_refusal_is_the_callers_to_judge() {
    let script = Script::new([Answer::status(401)]);
    let (link, _inbox) = script.connect().await;
    assert_eq!(link.exchange(call("ping")).await.unwrap().status.unwrap(), 401);
}
