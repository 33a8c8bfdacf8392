//! How long clients may keep what, and who may share it. What depends on the caller is never public.
use std::time::Duration;

use serde_json::{Value, json};
use toolwright_core::{
    joint::{Limits, Principal},
    model::{CacheHint, CacheScope, ReadResourceResult, RequestMeta},
};
use toolwright_server::{
    Call, Context, Reply, Resource, Server, ServerBuilder, ServerResult,
    arguments::Args,
    extract::{Ext, FromCall, HttpParts, Needs, Session},
    middleware::Next,
    provider::{Caller, Provider, ProviderError},
};

use crate::{
    each::{Client, MODERN, says},
    wire::Wire,
};

const HOUR: CacheHint = CacheHint::public(Duration::from_secs(3600));

fn public_by_default() -> ServerBuilder {
    Server::builder("demo").cache(HOUR)
}

fn hint(result: &Value) -> (u64, &str) {
    (result["ttlMs"].as_u64().unwrap(), result["cacheScope"].as_str().unwrap())
}

async fn ask(server: &Server, method: &str, params: Value) -> Value {
    let wire = Wire::stateless(server).principal(Principal::new("ada"));
    Client { revision: MODERN, wire }.result(method, params).await
}

async fn read(server: &Server, uri: &str) -> Value {
    ask(server, "resources/read", json!({ "uri": uri })).await
}

#[test]
fn a_hint_counts_milliseconds() {
    assert_eq!(HOUR, CacheHint::new(3_600_000, CacheScope::Public));
    assert_eq!(CacheHint::private(Duration::from_millis(5)), CacheHint::new(5, CacheScope::Private));
    let most = CacheHint::public(Duration::MAX).ttl_ms;
    assert_eq!(most as f64 as u64, most, "every client can read it");
}

#[tokio::test]
async fn the_hint_of_the_server_holds_for_what_it_says_of_itself_and_for_its_lists() {
    let server = public_by_default().tool(says("open", "x")).build().unwrap();
    assert_eq!(hint(&ask(&server, "server/discover", json!({})).await), (3_600_000, "public"));
    assert_eq!(hint(&ask(&server, "tools/list", json!({})).await), (3_600_000, "public"));
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Mail {
    #[serde(rename = "name")]
    _name: String,
}

/// Someone whom the author's own code knows.
struct Tenant;

impl FromCall for Tenant {
    async fn from_call(_: &Context) -> Result<Self, toolwright_server::HandlerError> {
        Ok(Self)
    }

    fn needs(needs: &mut Needs) {
        needs.caller();
    }
}

#[tokio::test]
async fn what_is_read_by_a_handler_that_looks_at_the_caller_is_private_whatever_its_hint_says() {
    let at = |uri: &str| Resource::new(uri).cache(HOUR);
    let server = public_by_default()
        .resource(at("x:/everyone").handler(async || "x"))
        .resource(at("x:/meta").handler(async |_: RequestMeta| "x"))
        .resource(at("x:/principal").handler(async |_: Principal| "x"))
        .resource(at("x:/anyone").handler(async |_: Option<Principal>| "x"))
        .resource(at("x:/session").handler(async |_: Session<u8>| "x"))
        .resource(at("x:/perhaps").handler(async |_: Option<Session<u8>>| "x"))
        .resource(at("x:/http").handler(async |_: Option<HttpParts>| "x"))
        .resource(at("x:/layer").handler(async |_: Option<Ext<u8>>| "x"))
        .resource(at("x:/own").handler(async |_: Tenant| "x"))
        .resource(Resource::new("x:/{name}/mail").handler(async |_: Principal, _: Args<Mail>| "x"))
        .build()
        .unwrap();
    for uri in ["x:/everyone", "x:/meta"] {
        assert_eq!(hint(&read(&server, uri).await), (3_600_000, "public"), "{uri}");
    }
    for name in ["principal", "anyone", "session", "perhaps", "http", "layer", "own", "ada/mail"] {
        assert_eq!(hint(&read(&server, &format!("x:/{name}")).await), (3_600_000, "private"), "{name}");
    }
}

#[tokio::test]
async fn what_not_everyone_may_read_is_private_whoever_says_otherwise() {
    let says_public = |uri: &str| {
        Resource::new(uri).cache(HOUR).raw_handler(|_, _| async {
            Ok(ReadResourceResult::new([]).ttl_ms(9).cache_scope(CacheScope::Public))
        })
    };
    let server = public_by_default()
        .resource(says_public("x:/everyone"))
        .resource(says_public("x:/rule").access(|caller: Option<&_>| caller.is_some()))
        .resource(says_public("x:/scopes").scopes(["notes:read"]))
        .build()
        .unwrap();
    assert_eq!(hint(&read(&server, "x:/everyone").await), (9, "public"));
    assert_eq!(hint(&read(&server, "x:/rule").await), (9, "private"));
    assert_eq!(hint(&read(&server, "x:/scopes").await), (9, "private"));
}

/// A catalog that is told who asks.
struct PerUser;

impl Provider for PerUser {
    fn name(&self) -> String {
        "per-user".into()
    }

    async fn resources(&self, _: &Caller) -> Result<Vec<Resource>, ProviderError> {
        Ok(vec![Resource::new("x:/live").cache(HOUR).handler(async || "x")])
    }
}

#[tokio::test]
async fn what_a_live_provider_has_is_private() {
    let server = public_by_default().provider(PerUser).build().unwrap();
    assert_eq!(hint(&read(&server, "x:/live").await), (3_600_000, "private"));
    for list in ["tools/list", "resources/list", "resources/templates/list", "prompts/list"] {
        assert_eq!(hint(&ask(&server, list, json!({})).await), (3_600_000, "private"), "{list}");
    }
}

#[tokio::test]
async fn one_component_with_a_rule_makes_every_page_of_its_list_private_and_no_other_list() {
    let server = public_by_default()
        .limits(Limits::default().page(1))
        .tools([says("open", "x"), says("secret", "x").access(|caller: Option<&_>| caller.is_some())])
        .resource(Resource::new("x:/open").handler(async || "x"))
        .build()
        .unwrap();
    let first = ask(&server, "tools/list", json!({})).await;
    let second = ask(&server, "tools/list", json!({ "cursor": first["nextCursor"] })).await;
    assert_eq!((hint(&first), hint(&second)), ((3_600_000, "private"), (3_600_000, "private")));
    assert_eq!(hint(&ask(&server, "resources/list", json!({})).await), (3_600_000, "public"));
}

#[tokio::test]
async fn a_list_that_a_layer_takes_to_edit_is_private_until_it_says_otherwise() {
    async fn edit(call: Call, next: Next) -> Reply {
        match next.run(call).await {
            Reply::Result(result) => result.edit().into(),
            other => other,
        }
    }
    async fn the_same_for_everyone(call: Call, next: Next) -> Reply {
        match next.run(call).await {
            Reply::Result(result) => match result.edit() {
                ServerResult::ListTools(list) => {
                    ServerResult::ListTools(Box::new(list.cache_scope(CacheScope::Public))).into()
                }
                other => other.into(),
            },
            other => other,
        }
    }
    let server = public_by_default().tool(says("open", "x")).layer(edit).build().unwrap();
    assert_eq!(hint(&ask(&server, "tools/list", json!({})).await), (3_600_000, "private"));
    let server = public_by_default().tool(says("open", "x")).layer(the_same_for_everyone).build().unwrap();
    assert_eq!(hint(&ask(&server, "tools/list", json!({})).await), (3_600_000, "public"));
}
