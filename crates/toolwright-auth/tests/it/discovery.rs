use serde_json::json;
use toolwright_auth::client::OAuthError;

use crate::world::{AS, PRM, World, challenge, fail, reply, succeed};

const ROOT: &str = "/.well-known/oauth-protected-resource";
const OPENID: &str = "/.well-known/openid-configuration";

/// Refuses without saying where the metadata is.
fn say_nothing(world: &World) {
    let told = world.clone();
    world.on(
        "/mcp",
        move |seen| {
            if told.is_good(seen) { reply(200, &json!({})) } else { challenge(401, "Bearer") }
        },
    );
}

/// The metadata of the authorization server at another place, for another issuer.
fn serve_metadata_at(world: &World, issuer: &str, place: &str) {
    let url = world.url.clone();
    let metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "registration_endpoint": format!("{url}/register"),
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
    });
    world.on(place, move |_| reply(200, &metadata));
}

#[tokio::test]
async fn metadata_is_where_the_challenge_says() {
    let world = World::start().await;
    let (url, told) = (world.url.clone(), world.clone());
    world.on("/mcp", move |seen| {
        let value = format!("Bearer realm=\"a, b\", resource_metadata=\"{url}/custom.json\"");
        if told.is_good(seen) { reply(200, &json!({})) } else { challenge(401, &value) }
    });
    let resource = json!({ "resource": world.mcp(), "authorization_servers": [world.url] });
    world.on("/custom.json", move |_| reply(200, &resource));
    succeed(&world.oauth().build().unwrap(), &world).await;
    assert_eq!((world.seen("/custom.json").len(), world.seen(PRM).len()), (1, 0));
}

#[tokio::test]
async fn without_a_word_it_is_at_the_path_and_then_at_the_root() {
    let world = World::start().await;
    say_nothing(&world);
    succeed(&world.oauth().build().unwrap(), &world).await;
    assert_eq!((world.seen(PRM).len(), world.seen(ROOT).len()), (1, 0));

    let world = World::start().await;
    say_nothing(&world);
    world.absent(PRM);
    let resource = json!({ "resource": world.url, "authorization_servers": [world.url] });
    world.on(ROOT, move |_| reply(200, &resource));
    succeed(&world.oauth().build().unwrap(), &world).await;
    assert_eq!(world.paths()[1..3], [PRM, ROOT]);
}

#[tokio::test]
async fn metadata_of_another_resource_is_not_followed() {
    let world = World::start().await;
    world.protect(json!({ "resource": "https://evil.example.com/mcp" }));
    let error = fail(&world.oauth().build().unwrap(), &world).await;
    assert!(matches!(error, OAuthError::ResourceMismatch { .. }), "{error}");
    assert_eq!(world.seen(AS).len(), 0);
}

#[tokio::test]
async fn metadata_of_an_issuer_with_a_path_is_looked_for_in_three_places() {
    let places = [
        "/.well-known/oauth-authorization-server/tenant",
        "/.well-known/openid-configuration/tenant",
        "/tenant/.well-known/openid-configuration",
    ];
    for (at, place) in places.iter().enumerate() {
        let world = World::start().await;
        let issuer = format!("{}/tenant", world.url);
        world.protect(json!({ "authorization_servers": [issuer] }));
        serve_metadata_at(&world, &issuer, place);
        succeed(&world.oauth().build().unwrap(), &world).await;
        assert_eq!(world.paths()[2..3 + at], places[..=at]);
        assert_eq!(world.seen(AS).len(), 0);
    }
}

#[tokio::test]
async fn metadata_of_an_issuer_without_a_path_is_looked_for_in_two_places() {
    let world = World::start().await;
    world.absent(AS);
    serve_metadata_at(&world, &world.url, OPENID);
    succeed(&world.oauth().build().unwrap(), &world).await;
    assert_eq!(world.paths()[2..4], [AS, OPENID]);
}

#[tokio::test]
async fn metadata_that_says_it_is_of_somebody_else_is_discarded() {
    for other in ["https://attacker.example.com".to_owned(), "/".to_owned()] {
        let world = World::start().await;
        let issuer = if other == "/" { format!("{}/", world.url) } else { other };
        world.publish(json!({ "issuer": issuer }));
        let error = fail(&world.oauth().build().unwrap(), &world).await;
        assert!(matches!(error, OAuthError::IssuerMismatch { .. }), "{error}");
        assert_eq!((world.seen("/register").len(), world.seen("/authorize").len()), (0, 0));
    }
}

#[tokio::test]
async fn of_several_authorization_servers_the_first_good_one_is_taken() {
    let world = World::start().await;
    let gone = format!("{}/gone", world.url);
    world.protect(json!({ "authorization_servers": [gone, world.url] }));
    succeed(&world.oauth().build().unwrap(), &world).await;
    assert_eq!(world.seen("/gone/.well-known/openid-configuration").len(), 1);
}

#[tokio::test]
async fn metadata_without_an_authorization_server_leads_nowhere() {
    let world = World::start().await;
    world.protect(json!({ "authorization_servers": [] }));
    let error = fail(&world.oauth().build().unwrap(), &world).await;
    assert!(matches!(error, OAuthError::NoAuthorizationServer { .. }), "{error}");
}

#[tokio::test]
async fn a_broken_place_is_no_absent_one() {
    let world = World::start().await;
    say_nothing(&world);
    world.on(PRM, |_| reply(500, &json!({})));
    let error = fail(&world.oauth().build().unwrap(), &world).await;
    assert!(matches!(error, OAuthError::Malformed { .. }), "{error}");
    assert_eq!(world.seen(AS).len(), 0, "a server that fails is not taken for an old one");
}

#[tokio::test]
async fn an_old_server_is_its_own_authorization_server() {
    let world = World::start().await;
    say_nothing(&world);
    world.absent(PRM);
    succeed(&world.oauth().build().unwrap(), &world).await;
    assert_eq!(world.paths()[1..4], [PRM, ROOT, AS]);
    assert_eq!(world.seen(AS)[0].header("mcp-protocol-version"), Some("2025-03-26"));
}

#[tokio::test]
async fn an_old_server_names_an_issuer_of_its_own_origin() {
    for (issuer, fine) in [("/oauth", true), ("https://as.example.com", false)] {
        let world = World::start().await;
        say_nothing(&world);
        world.absent(PRM);
        let issuer = if fine { format!("{}{issuer}", world.url) } else { issuer.to_owned() };
        world.publish(json!({ "issuer": issuer }));
        let oauth = world.oauth().build().unwrap();
        if fine {
            succeed(&oauth, &world).await;
        } else {
            let error = fail(&oauth, &world).await;
            assert!(matches!(error, OAuthError::IssuerMismatch { .. }), "{error}");
        }
    }
}

#[tokio::test]
async fn an_old_server_without_metadata_has_endpoints_at_known_places() {
    let world = World::start().await;
    say_nothing(&world);
    world.absent(PRM);
    world.absent(AS);
    world.on("/register", |_| reply(201, &json!({ "client_id": "id", "client_secret": "secret" })));
    succeed(&world.oauth().build().unwrap(), &world).await;
    assert_eq!(world.paths()[1..7], [PRM, ROOT, AS, "/register", "/authorize", "/token"]);
    assert_eq!(world.seen("/token")[0].header("authorization"), Some("Basic aWQ6c2VjcmV0"));
}

#[tokio::test]
async fn sites_that_answer_everything_have_no_metadata() {
    for answer in [
        || axum::response::Response::new("<!doctype html>".into()),
        || crate::world::redirect("/login".to_owned()),
    ] {
        let world = World::start().await;
        say_nothing(&world);
        for place in [PRM, ROOT, AS] {
            world.on(place, move |_| answer());
        }
        succeed(&world.oauth().build().unwrap(), &world).await;
        assert_eq!(world.paths()[1..6], [PRM, ROOT, AS, "/register", "/authorize"]);
    }
}

#[tokio::test]
async fn malformed_metadata_is_told_without_its_content() {
    for (place, body) in [
        (PRM, json!({ "resource": 5, "authorization_servers": "s3cret" })),
        (AS, json!({ "issuer": "x", "scopes_supported": "s3cret" })),
    ] {
        let world = World::start().await;
        say_nothing(&world);
        world.on(place, move |_| reply(200, &body));
        let error = fail(&world.oauth().build().unwrap(), &world).await;
        assert!(matches!(error, OAuthError::Malformed { .. }), "{error}");
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
    }
}

#[tokio::test]
async fn members_that_are_null_are_as_good_as_absent() {
    let world = World::start().await;
    let url = world.url.clone();
    world.on(AS, move |_| {
        reply(
            200,
            &json!({
                "issuer": url,
                "authorization_endpoint": format!("{url}/authorize"),
                "token_endpoint": format!("{url}/token"),
                "registration_endpoint": format!("{url}/register"),
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": null,
                "authorization_response_iss_parameter_supported": null,
                "client_id_metadata_document_supported": null,
            }),
        )
    });
    world.on("/register", |_| {
        reply(201, &json!({ "client_id": "i", "client_secret": null, "client_secret_expires_at": null, "redirect_uris": null }))
    });
    succeed(&world.oauth().build().unwrap(), &world).await;
}
