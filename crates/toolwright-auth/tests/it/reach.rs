use http::{HeaderMap, Method, StatusCode};
use serde_json::json;
use toolwright_auth::client::{OAuth, OAuthError};
use toolwright_core::joint::{Answer, Attempt, Credentials};

use crate::world::{PRM, World, challenge, fail, succeed};

#[tokio::test]
async fn metadata_of_a_local_server_does_not_lead_into_private_networks() {
    for address in [
        "http://10.0.0.1",
        "https://10.0.0.1",
        "https://169.254.169.254",
        "https://[fd00::1]",
        "ftp://127.0.0.1",
    ] {
        let world = World::start().await;
        world.protect(json!({ "authorization_servers": [address] }));
        let error = fail(&world.oauth().build().unwrap(), &world).await;
        assert!(matches!(error, OAuthError::Address { what: "authorization server", .. }), "{error}");
    }
}

#[tokio::test]
async fn no_endpoint_leads_anywhere_else() {
    for (member, value) in [
        ("token_endpoint", "http://as.example.com/token"),
        ("token_endpoint", "https://192.168.0.1/token"),
        ("registration_endpoint", "https://169.254.169.254/register"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("authorization_endpoint", "file:///etc/passwd"),
        ("authorization_endpoint", "http://as.example.com/authorize"),
    ] {
        let world = World::start().await;
        world.publish(json!({ member: value }));
        let error = fail(&world.oauth().build().unwrap(), &world).await;
        assert!(matches!(&error, OAuthError::Address { url, .. } if url == value), "{error}");
    }
}

#[tokio::test]
async fn a_challenge_does_not_lead_anywhere_else() {
    let world = World::start().await;
    world.on("/mcp", |_| challenge(401, "Bearer resource_metadata=\"http://169.254.169.254/latest\""));
    let error = fail(&world.oauth().build().unwrap(), &world).await;
    assert!(matches!(error, OAuthError::Address { .. }), "{error}");
}

#[tokio::test]
async fn a_public_server_does_not_lead_to_this_machine() {
    let world = World::start().await;
    let oauth = OAuth::builder("https://api.example.com/mcp").build().unwrap();
    let mut headers = HeaderMap::new();
    let value = format!("Bearer resource_metadata=\"{}{PRM}\"", world.url);
    headers.insert("www-authenticate", value.parse().unwrap());
    let attempt = Attempt::new(Method::POST, "https://api.example.com/mcp");
    let error = oauth.answered(&attempt, &Answer::new(StatusCode::UNAUTHORIZED, &headers)).await.unwrap_err();
    assert!(error.to_string().contains("leads to this machine"), "{error}");
    assert_eq!(world.paths().len(), 0);
}

#[tokio::test]
async fn a_server_is_https_or_on_this_machine() {
    for (url, fine) in [
        ("https://api.example.com/mcp", true),
        ("http://api.example.com/mcp", false),
        ("http://localhost:1/mcp", true),
        ("https://10.0.0.1/mcp", false),
        ("ws://localhost/mcp", false),
        ("mcp", false),
    ] {
        assert_eq!(OAuth::builder(url).build().is_ok(), fine, "{url}");
    }
    assert!(OAuth::builder("https://10.0.0.1/mcp").private_networks().build().is_ok());
    let error = OAuth::builder("https://10.0.0.1/mcp").build().unwrap_err();
    assert!(error.to_string().contains("OAuthBuilder::private_networks"), "{error}");
}

#[tokio::test]
async fn a_token_is_shown_to_its_server_alone() {
    let world = World::start().await;
    let oauth = world.oauth().build().unwrap();
    succeed(&oauth, &world).await;
    let port = world.url.rsplit(':').next().unwrap();
    for url in
        ["https://evil.example.com/mcp".to_owned(), format!("http://localhost:{port}/mcp"), "mcp".to_owned()]
    {
        let attempt = Attempt::new(Method::POST, &url);
        let error = oauth.authorize(&attempt).await.unwrap_err();
        assert!(matches!(error.downcast_ref(), Some(OAuthError::ForeignOrigin { .. })), "{error}");
        assert!(
            oauth
                .answered(&attempt, &Answer::new(StatusCode::UNAUTHORIZED, &HeaderMap::new()))
                .await
                .is_err()
        );
    }
}
