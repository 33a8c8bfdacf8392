use axum::{
    Form, Json, Router,
    extract::Query,
    http::{HeaderMap, StatusCode},
    response::Redirect,
    routing::{get, post},
};
use reqwest::{Response, header, redirect::Policy};
use tokio::net::TcpListener;
use toolwright::{
    Client,
    core::{
        era::Revision,
        model::{ElicitAction, ElicitResult, ElicitUrlParams},
    },
    prelude::*,
};

use super::{Users, server, service::Service};

/// Those whose clients open URLs.
const ERAS: [Revision; 2] = [Revision::V2026_07_28, Revision::V2025_11_25];

type Pairs = std::collections::HashMap<String, String>;

/// Another service whose user agrees at once, unless the client is called `unwanted`.
async fn other_service() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let metadata = json!({
        "issuer": base, "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"), "userinfo_endpoint": format!("{base}/me"),
    });
    let authorize = async |Query(asked): Query<Pairs>| {
        let answer = if asked["client_id"] == "unwanted" { "error=access_denied" } else { "code=c-1" };
        Redirect::to(&format!("{}?{answer}&state={}", asked["redirect_uri"], asked["state"]))
    };
    let token = async |Form(sent): Form<Pairs>| {
        let is_right =
            sent["code"] == "c-1" && sent["client_secret"] == "s-1" && sent["code_verifier"].len() == 43;
        if is_right { Ok(Json(json!({ "access_token": "t-1" }))) } else { Err(StatusCode::BAD_REQUEST) }
    };
    let me = async |headers: HeaderMap| {
        assert_eq!(headers["authorization"], "Bearer t-1");
        Json(json!({ "sub": "ada@example.org" }))
    };
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(async move || Json(metadata)))
        .route("/authorize", get(authorize))
        .route("/token", post(token))
        .route("/me", get(me));
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

/// The server, and where its pages are.
async fn app(client: &str) -> (Server, String) {
    let service = Service::discover(&other_service().await, client.into(), Some("s-1".into())).await.unwrap();
    let users = Users::from([
        ("key-of-ada".to_owned(), Principal::new("ada")),
        ("key-of-bob".to_owned(), Principal::new("bob")),
    ]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (server, http) = server(users, service, Some(base.clone())).unwrap();
    tokio::spawn(async move { axum::serve(listener, http.router("/mcp")).await });
    (server, base)
}

/// A browser whose user signs in with this key.
struct Browser {
    http: reqwest::Client,
    cookies: String,
}

impl Browser {
    fn of(key: &str) -> Self {
        let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        Self { http, cookies: format!("key={key}") }
    }

    async fn get(&mut self, url: &str) -> Response {
        let response = self.http.get(url).header(header::COOKIE, &self.cookies).send().await.unwrap();
        if let Some(cookie) = response.headers().get(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            self.cookies = format!("{}; {}", self.cookies, cookie.split(';').next().unwrap());
        }
        response
    }

    /// Goes where it is sent, and says what it finds there.
    async fn visit(&mut self, url: &str) -> (u16, String) {
        let mut url = url.to_owned();
        loop {
            let response = self.get(&url).await;
            let Some(next) = response.headers().get(header::LOCATION) else {
                return (response.status().as_u16(), response.text().await.unwrap());
            };
            url = next.to_str().unwrap().to_owned();
        }
    }
}

/// A client of ada's whose user opens URLs with the browser of `key`.
async fn client(server: Server, revision: Revision, key: &'static str) -> Client {
    let open = move |asked: ElicitUrlParams| async move {
        assert_eq!(asked.message, "Connect your account");
        Browser::of(key).visit(&asked.url).await;
        ElicitResult::new(ElicitAction::Accept)
    };
    let builder = Client::builder().era(revision).principal(Principal::new("ada")).on_elicit_url(open);
    builder.connect(server).await.unwrap()
}

#[tokio::test]
async fn a_user_connects_an_account_once() -> toolwright::Result<()> {
    for revision in ERAS {
        let (server, _) = app("wanted").await;
        let client = client(server, revision, "key-of-ada").await;
        assert_eq!(client.call("profile", ()).await?.text(), "ada is ada@example.org there", "{revision}");
        // From now on no browser is needed.
        assert_eq!(client.call("profile", ()).await?.text(), "ada is ada@example.org there");
        assert!(client.call("disconnect", ()).await?.data::<bool>()?);
    }
    Ok(())
}

#[tokio::test]
async fn a_service_that_says_no_is_told_to_the_user() {
    for revision in ERAS {
        let (server, _) = app("unwanted").await;
        let client = client(server, revision, "key-of-ada").await;
        let error = client.call("profile", ()).await.unwrap_err().to_string();
        assert!(error.contains("the other service did not connect the account"), "{revision}: {error}");
    }
}

/// The URL that ada's client is told to open, in an era that says so by an error.
async fn link(server: Server) -> String {
    let (send, receive) = std::sync::mpsc::channel();
    let client = Client::builder()
        .era(Revision::V2025_11_25)
        .principal(Principal::new("ada"))
        .on_elicit_url(move |asked| {
            send.send(asked.url).unwrap();
            std::future::ready(ElicitResult::decline())
        })
        .connect(server)
        .await
        .unwrap();
    client.call("profile", ()).await.unwrap_err();
    receive.recv().unwrap()
}

#[tokio::test]
async fn a_link_is_for_the_user_who_called() {
    let (server, _) = app("wanted").await;
    let url = link(server).await;
    let (status, text) = Browser::of("key-of-bob").visit(&url).await;
    assert_eq!(
        (status, text.as_str()),
        (403, "this link belongs to somebody else; sign in as the one who got it")
    );
    let (status, text) = Browser::of("key-of-nobody").visit(&url).await;
    assert!(status == 200 && text.contains("Sign in"), "{status} {text}");
    let (status, text) = Browser::of("key-of-ada").visit(&url).await;
    assert!(status == 200 && text.contains("is connected"), "{status} {text}");
    let (status, text) = Browser::of("key-of-ada").visit(&url).await;
    assert_eq!(
        (status, text.as_str()),
        (403, "this link has been used already; start again where you got it")
    );
}

#[tokio::test]
async fn an_answer_is_for_the_browser_that_asked() {
    let (server, base) = app("wanted").await;
    let url = link(server).await;
    let state = url.split_once("state=").unwrap().1;
    let (status, text) =
        Browser::of("key-of-ada").visit(&format!("{base}/connected?code=c-1&state={state}")).await;
    assert_eq!((status, text.as_str()), (400, "This browser has not asked for it."));
}

#[tokio::test]
async fn who_signs_in_goes_on_where_they_were() {
    let (_, base) = app("wanted").await;
    let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let sign_in = |state: &str, key: &str| {
        http.post(format!("{base}/connect?state={state}")).form(&[("key", key)]).send()
    };
    let response = sign_in("abc", "key-of-ada").await.unwrap();
    assert_eq!(response.headers()["location"], "/connect?state=abc");
    assert_eq!(response.headers()["set-cookie"], "key=key-of-ada; HttpOnly; SameSite=Lax; Path=/");
    let response = sign_in("%0d%0ax:y", "key-of-ada").await.unwrap();
    assert_eq!(response.headers()["location"], "/connect");
    assert_eq!(sign_in("abc", "wrong").await.unwrap().status(), 403);
}
