//! `resources/read`, and what lists say about resources and templates.
use http::StatusCode;
use serde_json::{Value, json};
use toolwright_core::model::{
    Annotations, CacheHint, CacheScope, Icon, Meta, ReadResourceResult, ResourceContents,
};
use toolwright_server::{Context, HandlerError, Resource, Server, component::Requirement};

use crate::each::{Client, MODERN, each};

/// A resource whose text is `says`, and the variables of its template.
fn resource(address: &str, says: &'static str) -> Resource {
    Resource::new(address).raw_handler(move |_, variables| async move {
        let variables: Vec<_> = variables.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        Ok(ReadResourceResult::new([ResourceContents::text("x:/", format!("{says}{}", variables.concat()))]))
    })
}

async fn read(client: &Client, uri: &str) -> String {
    let result = client.result("resources/read", json!({ "uri": uri })).await;
    result["contents"][0]["text"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_fixed_uri_comes_before_templates_and_the_most_specific_template_before_others() {
    let server = Server::builder("demo")
        .resources([
            resource("notes://{+rest}", "rest"),
            resource("notes://{id}", "any"),
            resource("notes://{id}/raw", "raw"),
            resource("notes://today", "fixed"),
            resource("notes://draft-{id}", "draft"),
        ])
        .build()
        .unwrap();
    for client in each(&server).await {
        for (uri, expected) in [
            ("notes://today", "fixed"),
            ("notes://tomorrow", "any id=tomorrow"),
            ("notes://draft-7", "draft id=7"),
            ("notes://7/raw", "raw id=7"),
            ("notes://7/other", "rest rest=7/other"),
            ("notes://a%20b", "any id=a b"),
        ] {
            assert_eq!(read(&client, uri).await, expected, "{} {uri}", client.revision);
        }
    }
}

#[tokio::test]
async fn a_missing_resource_is_an_error_in_the_words_of_the_revision() {
    let gone = Resource::new("gone://{id}")
        .raw_handler(|_, _| async { Err(HandlerError::from("no such show").not_found()) });
    let server =
        Server::builder("demo").resource(resource("notes://today", "x")).resource(gone).build().unwrap();
    for client in each(&server).await {
        let code = if client.is_modern() { -32602 } else { -32002 };
        for (uri, text) in [
            ("notes://yesterday", "unknown resource `notes://yesterday`"),
            ("notes://today/", "unknown resource `notes://today/`"),
            ("", "unknown resource ``"),
            ("gone://7", "no such show"),
        ] {
            let (error, status) = client.error("resources/read", json!({ "uri": uri })).await;
            assert_eq!(
                error,
                json!({ "code": code, "message": text, "data": { "uri": uri } }),
                "{}",
                client.revision
            );
            assert_eq!(status, StatusCode::OK);
        }
        for params in [json!({}), json!({ "uri": 7 }), json!({ "name": "notes://today" })] {
            assert_eq!(client.error("resources/read", params).await.0["code"], -32602, "{}", client.revision);
        }
    }
}

#[tokio::test]
async fn a_name_beside_the_uri_changes_nothing() {
    let server = Server::builder("demo").resource(resource("notes://today", "x")).build().unwrap();
    for client in each(&server).await {
        for name in [json!("notes://other"), json!(7)] {
            let result =
                client.result("resources/read", json!({ "name": name, "uri": "notes://today" })).await;
            assert_eq!(result["contents"][0]["text"], "x", "{}", client.revision);
        }
    }
}

#[tokio::test]
async fn a_failed_read_is_an_internal_error() {
    let broken =
        Resource::new("notes://today").raw_handler(|_, _| async { Err(HandlerError::from("disk on fire")) });
    let server = Server::builder("demo").resource(broken).build().unwrap();
    for client in each(&server).await {
        let (error, status) = client.error("resources/read", json!({ "uri": "notes://today" })).await;
        assert_eq!(error, json!({ "code": -32603, "message": "disk on fire" }));
        assert_eq!(status, StatusCode::OK);
    }
}

#[tokio::test]
async fn text_and_bytes_are_carried_as_what_they_are() {
    let both = Resource::new("notes://both").raw_handler(|_, _| async {
        Ok(ReadResourceResult::new([
            ResourceContents::text("notes://both#1", "ü").mime_type("text/plain"),
            ResourceContents::blob("notes://both#2", [0, 255]).mime_type("application/octet-stream"),
        ]))
    });
    let text = Resource::new("notes://text").mime("text/markdown").handler(|_: Context| async { "# hi" });
    let server = Server::builder("demo").resources([both, text]).build().unwrap();
    for client in each(&server).await {
        let result = client.result("resources/read", json!({ "uri": "notes://both" })).await;
        assert_eq!(
            result["contents"],
            json!([
                { "uri": "notes://both#1", "mimeType": "text/plain", "text": "ü" },
                { "uri": "notes://both#2", "mimeType": "application/octet-stream", "blob": "AP8=" },
            ])
        );
        let result = client.result("resources/read", json!({ "uri": "notes://text" })).await;
        assert_eq!(
            result["contents"],
            json!([{ "uri": "notes://text", "mimeType": "text/markdown", "text": "# hi" }]),
            "{}",
            client.revision
        );
    }
}

#[tokio::test]
async fn contents_have_meta_from_the_revision_on_that_knows_it() {
    let tagged = Resource::new("notes://today").raw_handler(|_, _| async {
        let meta = Meta::new().member("com.example/x", 1);
        Ok(ReadResourceResult::new([ResourceContents::text("notes://today", "hi").meta(meta)]))
    });
    let server = Server::builder("demo").resource(tagged).build().unwrap();
    for client in each(&server).await {
        let result = client.result("resources/read", json!({ "uri": "notes://today" })).await;
        let knows = !["2024-11-05", "2025-03-26"].contains(&client.revision);
        assert_eq!(result["contents"][0]["_meta"].is_object(), knows, "{}", client.revision);
    }
}

#[tokio::test]
async fn how_long_a_read_stays_fresh_is_said_by_the_resource_before_the_server() {
    let own = CacheHint::new(5, CacheScope::Public);
    let build = |server: Option<CacheHint>| {
        let builder = Server::builder("demo")
            .resource(resource("x:/own", "x").cache(own))
            .resource(resource("x:/none", "x"))
            .resource(Resource::new("x:/result").raw_handler(|_, _| async {
                Ok(ReadResourceResult::new([]).ttl_ms(9).cache_scope(CacheScope::Public))
            }))
            .resource(resource("x:/secret", "x").access(|_: Option<&_>| true));
        match server {
            Some(hint) => builder.cache(hint).build().unwrap(),
            None => builder.build().unwrap(),
        }
    };
    async fn hint(server: &Server, uri: &str) -> (Value, Value) {
        let client = Client::new(server, MODERN).await;
        let result = client.result("resources/read", json!({ "uri": uri })).await;
        (result["ttlMs"].clone(), result["cacheScope"].clone())
    }
    let plain = build(None);
    assert_eq!(hint(&plain, "x:/own").await, (json!(5), json!("public")));
    assert_eq!(hint(&plain, "x:/none").await, (json!(0), json!("private")));
    let hinted = build(Some(CacheHint::new(60_000, CacheScope::Public)));
    assert_eq!(hint(&hinted, "x:/own").await, (json!(5), json!("public")));
    assert_eq!(hint(&hinted, "x:/none").await, (json!(60_000), json!("public")));
    assert_eq!(hint(&hinted, "x:/result").await, (json!(9), json!("public")));
    assert_eq!(
        hint(&hinted, "x:/secret").await,
        (json!(60_000), json!("private")),
        "what not everyone may read is not shared by default"
    );
    let old = Client::new(&hinted, "2025-11-25").await;
    let result = old.result("resources/read", json!({ "uri": "x:/own" })).await;
    assert_eq!(result.as_object().unwrap().len(), 1, "older revisions know no freshness: {result}");
}

#[tokio::test]
async fn definitions_say_what_their_revision_knows() {
    let decorate = |resource: Resource| {
        resource
            .name("first")
            .title("First")
            .description("A note")
            .mime("text/plain")
            .icon(Icon::new("https://example.org/i.png"))
            .meta(Meta::new().member("com.example/x", 1))
            .annotations(Annotations::new().priority(1).last_modified("2026-01-01T00:00:00Z"))
    };
    let server = Server::builder("demo")
        .resource(decorate(resource("notes://1", "x")).size(3))
        .resource(decorate(resource("notes://{id}", "x")))
        .build()
        .unwrap();
    for client in each(&server).await {
        let resources = client.result("resources/list", json!({})).await;
        let templates = client.result("resources/templates/list", json!({})).await;
        assert_eq!(resources["resources"].as_array().unwrap().len(), 1);
        assert_eq!(templates["resourceTemplates"].as_array().unwrap().len(), 1);
        let (resource, template) = (&resources["resources"][0], &templates["resourceTemplates"][0]);
        assert_eq!((&resource["uri"], &resource["size"]), (&json!("notes://1"), &json!(3)));
        assert_eq!((&template["uriTemplate"], &template["uri"]), (&json!("notes://{id}"), &Value::Null));
        let titles = !["2024-11-05", "2025-03-26"].contains(&client.revision);
        let icons = ["2025-11-25", MODERN].contains(&client.revision);
        for definition in [resource, template] {
            assert_eq!(definition["name"], "first");
            assert_eq!(definition["mimeType"], "text/plain");
            assert_eq!(definition["title"].is_string(), titles, "{}", client.revision);
            assert_eq!(definition["_meta"].is_object(), titles, "{}", client.revision);
            assert_eq!(definition["icons"].is_array(), icons, "{}", client.revision);
            assert_eq!(definition["annotations"]["priority"], 1);
            assert_eq!(definition["annotations"]["lastModified"].is_string(), titles, "{}", client.revision);
        }
    }
}

#[tokio::test]
async fn a_resource_that_needs_a_capable_client_is_refused_in_the_words_of_the_revision() {
    let server = Server::builder("demo")
        .resource(resource("x:/", "x").requires([Requirement::Sampling]))
        .build()
        .unwrap();
    for client in each(&server).await {
        let (error, status) = client.error("resources/read", json!({ "uri": "x:/" })).await;
        if client.is_modern() {
            assert_eq!((&error["code"], status), (&json!(-32021), StatusCode::BAD_REQUEST));
            assert_eq!(error["data"], json!({ "requiredCapabilities": { "sampling": {} } }));
        } else {
            assert_eq!(error["code"], -32602, "{}: older revisions have no code for it", client.revision);
            assert!(error["message"].as_str().unwrap().contains("sampling"));
        }
    }
}

#[tokio::test]
async fn a_session_hears_of_the_resources_it_subscribed_to() {
    let server = Server::builder("demo").resource(resource("notes://{id}", "x")).build().unwrap();
    let client = Client::new(&server, "2025-06-18").await;
    let (error, _) = client.error("resources/subscribe", json!({ "uri": "other://1" })).await;
    assert_eq!((&error["code"], &error["data"]), (&json!(-32002), &json!({ "uri": "other://1" })));

    assert_eq!(client.result("resources/subscribe", json!({ "uri": "notes://1" })).await, json!({}));
    server.notifier().resource_updated("notes://2");
    server.notifier().resource_updated("notes://1");
    assert_eq!(
        client.wire.said.all(),
        [json!({
        "jsonrpc": "2.0", "method": "notifications/resources/updated", "params": { "uri": "notes://1" } })]
    );

    assert_eq!(client.result("resources/unsubscribe", json!({ "uri": "notes://1" })).await, json!({}));
    server.notifier().resource_updated("notes://1");
    assert_eq!(client.wire.said.all().len(), 1);
    assert_eq!(
        client.result("resources/unsubscribe", json!({ "uri": "notes://never" })).await,
        json!({}),
        "leaving what was never joined is fine"
    );
}
