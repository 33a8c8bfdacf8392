use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{Arc, LazyLock, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::Request,
    response::Response,
};
use http::{HeaderMap, Method, StatusCode, header::AUTHORIZATION};
use serde_json::{Value, json};
use toolwright_auth::client::{FollowRedirect, MemoryStore, OAuth, OAuthBuilder, OAuthError};
use toolwright_core::joint::{Answer, Attempt, Credentials, CredentialsError};
use url::form_urlencoded;

/// One request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) query: HashMap<String, String>,
    pub(crate) headers: HeaderMap,
    pub(crate) form: HashMap<String, String>,
    pub(crate) body: Bytes,
}

impl Seen {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        Some(self.headers.get(name)?.to_str().unwrap())
    }

    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query.get(name).or_else(|| self.form.get(name)).map(String::as_str)
    }
}

type Handler = Arc<dyn Fn(&Seen) -> Response + Send + Sync>;

/// A server at `/mcp` and its authorization server, on one port of this machine. Each path can be told what to answer.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) url: String,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    seen: Vec<Seen>,
    handlers: HashMap<String, Handler>,
    metadata: Value,
    resource: Value,
    good: Option<String>,
    issued: usize,
}

pub(crate) const PRM: &str = "/.well-known/oauth-protected-resource/mcp";
pub(crate) const AS: &str = "/.well-known/oauth-authorization-server";

pub(crate) fn reply(status: u16, body: &Value) -> Response {
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

pub(crate) fn redirect(location: String) -> Response {
    Response::builder().status(302).header("location", location).body(Body::empty()).unwrap()
}

pub(crate) fn challenge(status: u16, value: &str) -> Response {
    Response::builder().status(status).header("www-authenticate", value).body(Body::empty()).unwrap()
}

/// The redirect that ends an authorization, with `extra` behind code and state.
pub(crate) fn come_back(seen: &Seen, extra: &str) -> Response {
    let (to, state) = (seen.param("redirect_uri").unwrap(), seen.param("state").unwrap());
    redirect(format!("{to}?code=the-code&state={state}{extra}"))
}

impl World {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let world = Self { url: url.clone(), inner: Arc::default() };
        world.publish(json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/authorize"),
            "token_endpoint": format!("{url}/token"),
            "registration_endpoint": format!("{url}/register"),
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
        }));
        world.protect(json!({ "resource": format!("{url}/mcp"), "authorization_servers": [url] }));
        let served = world.clone();
        let router = Router::new().fallback(move |request: Request| {
            let world = served.clone();
            async move { world.serve(request).await }
        });
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        world
    }

    /// Changes members of the authorization server's metadata; `null` takes one out.
    pub(crate) fn publish(&self, members: Value) {
        merge(&mut self.inner.lock().unwrap().metadata, members);
    }

    /// The same for the metadata of the protected resource.
    pub(crate) fn protect(&self, members: Value) {
        merge(&mut self.inner.lock().unwrap().resource, members);
    }

    pub(crate) fn on(&self, path: &str, handler: impl Fn(&Seen) -> Response + Send + Sync + 'static) {
        self.inner.lock().unwrap().handlers.insert(path.to_owned(), Arc::new(handler));
    }

    pub(crate) fn absent(&self, path: &str) {
        self.on(path, |_| reply(404, &json!({})));
    }

    /// Refuses all tokens that were issued before.
    pub(crate) fn revoke(&self) {
        self.inner.lock().unwrap().good = None;
    }

    pub(crate) fn mcp(&self) -> String {
        format!("{}/mcp", self.url)
    }

    pub(crate) fn seen(&self, path: &str) -> Vec<Seen> {
        self.inner.lock().unwrap().seen.iter().filter(|seen| seen.path == path).cloned().collect()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.inner.lock().unwrap().seen.iter().map(|seen| seen.path.clone()).collect()
    }

    pub(crate) fn oauth(&self) -> OAuthBuilder {
        OAuth::builder(self.mcp()).user_agent(FollowRedirect::default()).store(MemoryStore::default())
    }

    /// A token that is good from now on, in place of the last one.
    pub(crate) fn issue(&self) -> String {
        let mut inner = self.inner.lock().unwrap();
        inner.issued += 1;
        let token = format!("token-{}", inner.issued);
        inner.good = Some(token.clone());
        token
    }

    pub(crate) fn is_good(&self, seen: &Seen) -> bool {
        let good = self.inner.lock().unwrap().good.clone();
        let shown = seen.header(AUTHORIZATION.as_str()).and_then(|value| value.split_once(' '));
        shown.is_some_and(|(_, token)| Some(token.to_owned()) == good)
    }

    async fn serve(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let pairs = |text: &[u8]| form_urlencoded::parse(text).into_owned().collect();
        let form = if parts
            .headers
            .get("content-type")
            .is_some_and(|kind| kind == "application/x-www-form-urlencoded")
        {
            pairs(&body)
        } else {
            HashMap::new()
        };
        let seen = Seen {
            path: parts.uri.path().to_owned(),
            query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
            headers: parts.headers,
            form,
            body,
        };
        let handler = {
            let mut inner = self.inner.lock().unwrap();
            inner.seen.push(seen.clone());
            inner.handlers.get(&seen.path).cloned()
        };
        match handler {
            Some(handler) => handler(&seen),
            None => self.by_default(&seen),
        }
    }

    fn by_default(&self, seen: &Seen) -> Response {
        match &*seen.path {
            PRM => reply(200, &self.inner.lock().unwrap().resource),
            AS => reply(200, &self.inner.lock().unwrap().metadata),
            "/authorize" => come_back(seen, ""),
            "/register" => reply(201, &json!({ "client_id": "registered" })),
            "/token" => reply(200, &json!({ "access_token": self.issue(), "token_type": "Bearer" })),
            "/mcp" if self.is_good(seen) => reply(200, &json!({})),
            "/mcp" => challenge(401, &format!("Bearer resource_metadata=\"{}{PRM}\"", self.url)),
            _ => reply(404, &json!({})),
        }
    }
}

fn merge(into: &mut Value, members: Value) {
    if into.is_null() {
        *into = json!({});
    }
    for (name, value) in members.as_object().unwrap() {
        if value.is_null() {
            into.as_object_mut().unwrap().remove(name);
        } else {
            into[name] = value.clone();
        }
    }
}

/// A request as a transport sends it: authorized, told what came of it, and sent again if that is asked for.
pub(crate) async fn request(oauth: &OAuth, url: &str) -> Result<StatusCode, CredentialsError> {
    static HTTP: LazyLock<reqwest::Client> =
        LazyLock::new(|| reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap());
    let mut retries = 0;
    loop {
        let attempt = Attempt::new(Method::POST, url).retries(retries);
        let headers = oauth.authorize(&attempt).await?;
        let response = HTTP.post(url).headers(headers.clone()).send().await.unwrap();
        let answer = Answer::new(response.status(), response.headers());
        if !oauth.answered(&attempt.sent(&headers), &answer).await? {
            return Ok(response.status());
        }
        retries += 1;
    }
}

/// The same, at the world's server, where it has to succeed.
pub(crate) async fn succeed(oauth: &OAuth, world: &World) {
    let status = request(oauth, &world.mcp()).await.unwrap();
    assert_eq!(status, 200);
}

/// The same, where it has to fail.
pub(crate) async fn fail(oauth: &OAuth, world: &World) -> OAuthError {
    let error = request(oauth, &world.mcp()).await.unwrap_err();
    *error.downcast().unwrap()
}
