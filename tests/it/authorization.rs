//! What a client declares of how it is authorized.
use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    middleware::{Next, from_fn},
};
use serde_json::{Map, Value, json};
use toolwright::{
    auth::client::{ClientRegistration, IdentityProvider, OAuth, OAuthBuilder},
    client::{Client, EraChoice, Http},
    prelude::*,
};

/// What a client of this kind and era declares in its first request.
async fn declared(
    era: EraChoice,
    how: impl FnOnce(OAuthBuilder) -> OAuthBuilder,
    own: Option<Map<String, Value>>,
) -> Value {
    let first = Arc::new(Mutex::new(None));
    let heard = Arc::clone(&first);
    let hear = from_fn(move |request: Request, next: Next| {
        let heard = Arc::clone(&heard);
        async move {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            heard.lock().unwrap().get_or_insert_with(|| body.clone());
            next.run(Request::from_parts(parts, Body::from(body))).await
        }
    });
    let app: Router = Server::builder("demo").build().unwrap().http().router("/mcp").layer(hear);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let oauth = how(OAuth::builder(&url)).build().unwrap();
    let mut client = Client::builder().era(era);
    if let Some(settings) = own {
        client = client.extension("io.modelcontextprotocol/oauth-client-credentials", settings);
    }
    client.connect(Http::new(&url).auth(oauth)).await.unwrap();
    let first: Value = serde_json::from_slice(&first.lock().unwrap().take().unwrap()).unwrap();
    let params = &first["params"];
    match &params["_meta"]["io.modelcontextprotocol/clientCapabilities"] {
        Value::Null => params["capabilities"]["extensions"].clone(),
        capabilities => capabilities["extensions"].clone(),
    }
}

const ERAS: [EraChoice; 2] = [EraChoice::Modern, EraChoice::Legacy];

#[tokio::test]
async fn client_credentials_are_declared() {
    for era in ERAS {
        let robot = |oauth: OAuthBuilder| oauth.client(ClientRegistration::new("i")).client_credentials();
        let expected = json!({ "io.modelcontextprotocol/oauth-client-credentials": {} });
        assert_eq!(declared(era, robot, None).await, expected);
        let own = Map::from_iter([("level".to_owned(), json!(2))]);
        let expected = json!({ "io.modelcontextprotocol/oauth-client-credentials": { "level": 2 } });
        assert_eq!(declared(era, robot, Some(own)).await, expected, "what the application says counts");
    }
}

#[tokio::test]
async fn enterprise_managed_authorization_is_declared() {
    for era in ERAS {
        let provider = IdentityProvider::new("http://127.0.0.1:1", ClientRegistration::new("i"), || async {
            Ok::<_, std::io::Error>("token")
        });
        let employee = |oauth: OAuthBuilder| oauth.client(ClientRegistration::new("i")).enterprise(provider);
        let expected = json!({ "io.modelcontextprotocol/enterprise-managed-authorization": {} });
        assert_eq!(declared(era, employee, None).await, expected);
    }
}

#[tokio::test]
async fn a_sign_in_of_a_user_is_no_extension() {
    for era in ERAS {
        assert_eq!(declared(era, |oauth| oauth, None).await, Value::Null);
    }
}
