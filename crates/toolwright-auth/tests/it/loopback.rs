use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::mpsc,
};
use toolwright_auth::client::{
    LoopbackRedirect, OAuth, OAuthError, UserAgent as _, UserAgentError, Visit as _,
};
use url::Url;

use crate::world::{World, fail, succeed};

/// A browser that this test plays: it hears which page is opened.
fn browser() -> (LoopbackRedirect, mpsc::UnboundedReceiver<Url>) {
    let (opened, pages) = mpsc::unbounded_channel();
    let user_agent = LoopbackRedirect::new()
        .open_with(move |url| opened.send(url.parse().unwrap()).map_err(|_| io::ErrorKind::Other.into()));
    (user_agent, pages)
}

fn parameter(page: &Url, name: &str) -> String {
    page.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned()
}

async fn ask(redirect_uri: &str, target: &str, host: Option<&str>) -> String {
    let url: Url = redirect_uri.parse().unwrap();
    let authority = format!("127.0.0.1:{}", url.port().unwrap());
    let mut stream = TcpStream::connect(&authority).await.unwrap();
    let host = host.unwrap_or(&authority);
    stream.write_all(format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn signing_in(oauth: &OAuth) -> tokio::task::JoinHandle<Result<(), OAuthError>> {
    let oauth = oauth.clone();
    tokio::spawn(async move { oauth.sign_in().await })
}

#[tokio::test]
async fn the_browser_comes_back_and_sees_a_page() {
    let world = World::start().await;
    let (user_agent, mut pages) = browser();
    let oauth = world.oauth().user_agent(user_agent).build().unwrap();
    let signed_in = signing_in(&oauth);
    let page = pages.recv().await.unwrap();
    let (uri, state) = (parameter(&page, "redirect_uri"), parameter(&page, "state"));
    assert!(uri.starts_with("http://127.0.0.1:"), "{uri}");
    let answer = ask(&uri, &format!("/callback?code=c&state={state}"), None).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains(&world.mcp()), "{answer}");
    signed_in.await.unwrap().unwrap();
    assert_eq!(world.seen("/token")[0].param("code"), Some("c"));
    succeed(&oauth, &world).await;
}

#[tokio::test]
async fn what_belongs_to_no_sign_in_ends_none() {
    let world = World::start().await;
    let (user_agent, mut pages) = browser();
    let oauth = world.oauth().user_agent(user_agent).build().unwrap();
    let signed_in = signing_in(&oauth);
    let page = pages.recv().await.unwrap();
    let (uri, state) = (parameter(&page, "redirect_uri"), parameter(&page, "state"));
    let right = format!("/callback?code=c&state={state}");
    // A connection that a browser opens ahead, and never uses.
    let idle =
        TcpStream::connect(uri.trim_start_matches("http://").trim_end_matches("/callback")).await.unwrap();
    for (target, host, status) in [
        ("/favicon.ico", None, 404),
        ("/callback", None, 404),
        ("/callback?code=evil&state=guessed", None, 400),
        ("/callback?error=access_denied", None, 400),
        (&*right, Some("evil.example.com"), 404),
    ] {
        let answer = ask(&uri, target, host).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{target}: {answer}");
        assert!(!answer.contains("evil") && !answer.contains("guessed"), "{answer}");
    }
    ask(&uri, &right, None).await;
    signed_in.await.unwrap().unwrap();
    assert_eq!(world.seen("/token")[0].param("code"), Some("c"));
    drop(idle);
}

#[tokio::test]
async fn a_refusal_is_shown_without_its_words() {
    let world = World::start().await;
    let (user_agent, mut pages) = browser();
    let oauth = world.oauth().user_agent(user_agent).build().unwrap();
    let signed_in = signing_in(&oauth);
    let page = pages.recv().await.unwrap();
    let state = parameter(&page, "state");
    let target = format!("/callback?error=denied&error_description=%3Cscript%3E&state={state}");
    let answer = ask(&parameter(&page, "redirect_uri"), &target, None).await;
    assert!(answer.contains("You are not signed in") && !answer.contains("script"), "{answer}");
    assert!(matches!(signed_in.await.unwrap(), Err(OAuthError::Redirect(_))));
}

#[tokio::test]
async fn a_user_who_does_not_come_back_is_not_waited_for() {
    let world = World::start().await;
    let user_agent = LoopbackRedirect::new().open_with(|_| Ok(())).timeout(Duration::ZERO);
    let error = fail(&world.oauth().user_agent(user_agent).build().unwrap(), &world).await;
    assert!(matches!(error, OAuthError::UserAgent(UserAgentError::TimedOut)), "{error}");
}

#[tokio::test]
async fn the_port_of_the_last_time_is_tried_first() {
    let user_agent = LoopbackRedirect::new();
    let first = user_agent.prepare(None).await.unwrap();
    let uri = first.redirect_uri().to_owned();
    let taken = user_agent.prepare(Some(&uri)).await.unwrap();
    assert_ne!(taken.redirect_uri(), uri, "it is in use");
    drop(first);
    assert_eq!(user_agent.prepare(Some(&uri)).await.unwrap().redirect_uri(), uri);
}

#[tokio::test]
async fn a_redirect_uri_is_https_or_on_this_machine() {
    use toolwright_auth::client::FollowRedirect;
    for uri in ["http://app.example.com/callback", "myapp:/callback", "callback"] {
        let world = World::start().await;
        let error = fail(&world.oauth().user_agent(FollowRedirect::new(uri)).build().unwrap(), &world).await;
        assert!(matches!(error, OAuthError::UserAgent(UserAgentError::RedirectUri(_))), "{error}");
        assert_eq!(world.seen("/register").len(), 0);
    }
}
