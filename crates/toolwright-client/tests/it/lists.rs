use serde_json::json;
use toolwright_client::ClientError;

use crate::fake::{Call, Fake, LEGACY, MODERN, Reaction, unknown};

/// Three pages, of which the second has an empty cursor.
fn pages(call: Call) -> Reaction {
    let (name, item) = match call.method.as_str() {
        "tools/list" => ("tools", json!({ "name": "t", "inputSchema": { "type": "object" } })),
        "prompts/list" => ("prompts", json!({ "name": "p" })),
        "resources/list" => ("resources", json!({ "uri": "a://b", "name": "r" })),
        "resources/templates/list" => ("resourceTemplates", json!({ "uriTemplate": "a://{b}", "name": "t" })),
        _ => return unknown(),
    };
    let next = match call.params.get("cursor").map(|cursor| cursor.as_str().unwrap()) {
        None => Some(""),
        Some("") => Some("last"),
        Some("last") => None,
        Some(other) => panic!("{other}"),
    };
    let mut page = json!({ "resultType": "complete", name: [item], "ttlMs": 0, "cacheScope": "private" });
    if let Some(next) = next {
        page["nextCursor"] = json!(next);
    }
    Reaction::Result(page)
}

#[tokio::test]
async fn every_list_is_followed_to_its_end() {
    for revision in [MODERN, LEGACY] {
        let client = Fake::new(revision, pages).connect().await;
        assert_eq!(client.tools().await.unwrap().len(), 3);
        assert_eq!(client.prompts().await.unwrap().len(), 3);
        assert_eq!(client.resources().await.unwrap().len(), 3);
        assert_eq!(client.templates().await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn a_single_page_says_how_to_go_on() {
    let client = Fake::new(MODERN, pages).connect().await;
    let page = client.list_tools(None).await.unwrap();
    assert_eq!((page.tools.len(), page.next_cursor.as_deref()), (1, Some("")));
    let page = client.list_tools(Some("last".to_owned())).await.unwrap();
    assert_eq!(page.next_cursor, None);
}

#[tokio::test]
async fn a_list_without_end_is_given_up() {
    let client = Fake::new(MODERN, |_| {
        Reaction::Result(json!({ "resultType": "complete", "tools": [], "nextCursor": "same" }))
    })
    .connect()
    .await;
    assert_eq!(
        client.tools().await.unwrap_err().to_string(),
        "the server broke the protocol: the pages of a list go round in a circle"
    );

    let client = Fake::new(MODERN, |call| {
        let next = if call.params["cursor"] == "a" { "b" } else { "a" };
        Reaction::Result(json!({ "resultType": "complete", "tools": [], "nextCursor": next }))
    })
    .connect()
    .await;
    assert!(client.tools().await.unwrap_err().to_string().contains("in a circle"));

    let count = std::sync::atomic::AtomicUsize::new(0);
    let client = Fake::new(MODERN, move |_| {
        let next = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string();
        Reaction::Result(json!({ "resultType": "complete", "tools": [], "nextCursor": next }))
    })
    .connect()
    .await;
    assert!(matches!(client.tools().await.unwrap_err(), ClientError::Protocol(_)));
}
