//! The four lists, page by page.
use serde_json::{Value, json};
use toolwright_core::{
    joint::Limits,
    model::{CacheHint, CacheScope, GetPromptResult, ReadResourceResult},
};
use toolwright_server::{
    Prompt, Resource, Server,
    component::{ComponentKey, Kind},
};

use crate::each::{Client, MODERN, each, says};

const LISTS: [(&str, &str, &str); 4] = [
    ("tools/list", "tools", "name"),
    ("resources/list", "resources", "uri"),
    ("resources/templates/list", "resourceTemplates", "uriTemplate"),
    ("prompts/list", "prompts", "name"),
];

fn resource(address: String) -> Resource {
    Resource::new(address).raw_handler(|_, _| async { Ok(ReadResourceResult::new([])) })
}

/// Seven of each, in no alphabetical order, on pages of three.
fn server() -> Server {
    let names = ["g", "b", "f", "a", "e", "c", "d"];
    Server::builder("demo")
        .limits(Limits::default().page(3))
        .cache(CacheHint::new(1000, CacheScope::Public))
        .tools(names.map(|name| says(name, "x")))
        .resources(names.map(|name| resource(format!("x:/{name}"))))
        .resources(names.map(|name| resource(format!("y:/{name}/{{id}}"))))
        .prompts(
            names.map(|name| Prompt::new(name).raw_handler(|_, _| async { Ok(GetPromptResult::default()) })),
        )
        .build()
        .unwrap()
}

/// One page: what is on it, and the cursor of the next.
async fn page(
    client: &Client,
    list: (&str, &str, &str),
    cursor: Option<&Value>,
) -> (Vec<String>, Option<Value>) {
    let (method, member, name) = list;
    let params = cursor.map_or_else(|| json!({}), |cursor| json!({ "cursor": cursor }));
    let result = client.result(method, params).await;
    let short = |item: &Value| {
        let name = item[name].as_str().unwrap();
        name.trim_start_matches("x:/").trim_start_matches("y:/").trim_end_matches("/{id}").to_owned()
    };
    let items = result[member].as_array().unwrap().iter().map(short).collect();
    (items, result.get("nextCursor").cloned())
}

async fn pages(client: &Client, list: (&str, &str, &str)) -> Vec<Vec<String>> {
    let (first, mut next) = page(client, list, None).await;
    let mut pages = vec![first];
    while let Some(cursor) = next {
        let (items, after) = page(client, list, Some(&cursor)).await;
        pages.push(items);
        next = after;
        assert!(pages.len() < 20, "the list does not end");
    }
    pages
}

#[tokio::test]
async fn pages_hold_everything_once_in_the_order_of_registration() {
    for client in each(&server()).await {
        for list in LISTS {
            let pages = pages(&client, list).await;
            let expected = [vec!["g", "b", "f"], vec!["a", "e", "c"], vec!["d"]];
            assert_eq!(pages, expected, "{} {}", client.revision, list.0);
        }
    }
}

#[tokio::test]
async fn a_list_that_fills_its_last_page_has_no_page_after_it() {
    let server = Server::builder("demo")
        .limits(Limits::default().page(2))
        .tools(["a", "b", "c", "d"].map(|name| says(name, "x")))
        .build()
        .unwrap();
    let client = Client::new(&server, MODERN).await;
    assert_eq!(pages(&client, LISTS[0]).await, [["a", "b"], ["c", "d"]]);
}

#[tokio::test]
async fn a_list_is_the_same_bytes_each_time() {
    let server = server();
    for client in each(&server).await {
        for (method, ..) in LISTS {
            let message = client.message(1, method, json!({})).to_string();
            let first = client.wire.raw(message.clone()).await.body.unwrap();
            assert_eq!(client.wire.raw(message.clone()).await.body.unwrap(), first, "{method}");
            let other = Client::new(&server, client.revision).await;
            assert_eq!(other.wire.raw(message).await.body.unwrap(), first, "{method}");
        }
    }
}

#[tokio::test]
async fn servers_that_are_built_alike_understand_each_others_cursors() {
    for (one, two) in each(&server()).await.into_iter().zip(each(&server()).await) {
        for list in LISTS {
            let (_, cursor) = page(&one, list, None).await;
            let (items, _) = page(&two, list, cursor.as_ref()).await;
            assert_eq!(items, ["a", "e", "c"], "{} {}", one.revision, list.0);
        }
    }
}

#[tokio::test]
async fn a_cursor_of_nobody_is_an_error() {
    for client in each(&server()).await {
        for (method, ..) in LISTS {
            for cursor in [json!(""), json!("3"), json!("bm9uc2Vuc2U"), json!("\u{0}"), json!(3), json!({})] {
                let (error, _) = client.error(method, json!({ "cursor": cursor })).await;
                assert_eq!(error["code"], -32602, "{} {method} {cursor}", client.revision);
            }
        }
        let (items, _) = page(&client, LISTS[0], Some(&Value::Null)).await;
        assert_eq!(items, ["g", "b", "f"], "null is no cursor");
    }
}

#[tokio::test]
async fn what_comes_and_goes_between_pages_neither_skips_nor_repeats_the_rest() {
    let kinds = [Kind::Tool, Kind::Resource, Kind::Template, Kind::Prompt];
    for revision in ["2025-06-18", MODERN] {
        for (list, kind) in LISTS.into_iter().zip(kinds) {
            let key = |name: &str| match kind {
                Kind::Resource => ComponentKey::new(kind, format!("x:/{name}")),
                Kind::Template => ComponentKey::new(kind, format!("y:/{name}/{{id}}")),
                _ => ComponentKey::new(kind, name),
            };
            // Before the boundary, the boundary itself, and the one that would come next.
            for (gone, rest) in [("g", ["a", "e", "c"]), ("f", ["a", "e", "c"]), ("a", ["e", "c", "d"])] {
                let server = server();
                let client = Client::new(&server, revision).await;
                let (first, cursor) = page(&client, list, None).await;
                assert_eq!(first, ["g", "b", "f"]);
                assert!(server.remove(&key(gone)));
                let (second, _) = page(&client, list, cursor.as_ref()).await;
                assert_eq!(second, rest, "{revision} {} without `{gone}`", list.0);
            }
        }
    }
}

#[tokio::test]
async fn a_replaced_component_keeps_its_place() {
    let server = server();
    server.add_tool(says("b", "other").description("Another one.")).unwrap();
    let client = Client::new(&server, MODERN).await;
    assert_eq!(pages(&client, LISTS[0]).await.concat(), ["g", "b", "f", "a", "e", "c", "d"]);
    assert_eq!(client.text("b").await, "other");
}

#[tokio::test]
async fn stateless_lists_say_how_long_they_stay_fresh_on_each_page() {
    let server = server();
    let client = Client::new(&server, MODERN).await;
    let old = Client::new(&server, "2025-11-25").await;
    for list in LISTS {
        let first = client.result(list.0, json!({})).await;
        let second = client.result(list.0, json!({ "cursor": first["nextCursor"] })).await;
        for page in [first, second] {
            assert_eq!((&page["ttlMs"], &page["cacheScope"]), (&json!(1000), &json!("public")), "{}", list.0);
        }
        let page = old.result(list.0, json!({})).await;
        assert_eq!((&page["ttlMs"], &page["cacheScope"]), (&Value::Null, &Value::Null));
    }
}

#[tokio::test]
async fn a_list_that_differs_by_caller_is_private() {
    let server = Server::builder("demo")
        .cache(CacheHint::new(1000, CacheScope::Public))
        .tool(says("open", "x"))
        .tool(says("secret", "x").access(|caller: Option<&_>| caller.is_some()))
        .build()
        .unwrap();
    let client = Client::new(&server, MODERN).await;
    let result = client.result("tools/list", json!({})).await;
    assert_eq!((&result["ttlMs"], &result["cacheScope"]), (&json!(1000), &json!("private")));
}

#[tokio::test]
async fn a_page_holds_at_least_one() {
    let server = Server::builder("demo")
        .limits(Limits::default().page(0))
        .tools([says("a", "x"), says("b", "x")])
        .build()
        .unwrap();
    let client = Client::new(&server, MODERN).await;
    assert_eq!(pages(&client, LISTS[0]).await, [["a"], ["b"]]);
}
