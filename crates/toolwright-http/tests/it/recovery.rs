//! A whole client, and servers that are replaced, forget, or know other tools than before.
use std::sync::{Arc, Mutex};

use axum::{Router, extract::Request};
use serde_json::json;
use toolwright_client::{Change, Client, EraChoice};
use toolwright_core::{
    Raw,
    era::Revision,
    model::{CallToolResult, ContentBlock, SubscriptionFilter},
};
use toolwright_http::{HttpHandle, ServeHttp, client::Http};
use toolwright_server::{Context, Server, Tool};
use tower_service::Service as _;

/// A place where one server stands after the other.
#[derive(Clone)]
struct Place(Arc<Mutex<Router>>);

impl Place {
    fn new(server: &Server) -> (Self, HttpHandle) {
        let (router, handle) = router(server);
        (Self(Arc::new(Mutex::new(router))), handle)
    }

    /// Another server takes the place, which knows no session of the one before.
    fn replace(&self, server: &Server) -> HttpHandle {
        let (router, handle) = router(server);
        *self.0.lock().unwrap() = router;
        handle
    }

    fn http(&self) -> Http {
        let place = self.clone();
        let forward = move |request: Request| {
            let mut router = place.0.lock().unwrap().clone();
            async move { router.call(request).await.unwrap_or_else(|never| match never {}) }
        };
        Http::in_process(Router::new().fallback(forward), "/mcp")
    }
}

fn router(server: &Server) -> (Router, HttpHandle) {
    let http = server.clone().http();
    let handle = http.handle();
    (http.router("/mcp"), handle)
}

fn server(name: &'static str) -> Server {
    let name = Tool::new("name").handler(move |_: Context| async move { name });
    Server::builder("demo").tool(name).build().unwrap()
}

#[tokio::test]
async fn a_session_that_the_server_does_not_know_is_opened_anew_without_anybody_noticing() {
    for revision in Revision::ALL {
        let (place, _) = Place::new(&server("one"));
        let client = Client::builder().era(revision).connect(place.http()).await.unwrap();
        assert_eq!(client.call("name", ()).await.unwrap().text(), "one");
        let handle = place.replace(&server("two"));
        let calls: Vec<_> = (0..8).map(|_| tokio::spawn(client.call("name", ()).into_future())).collect();
        for call in calls {
            assert_eq!(call.await.unwrap().unwrap().text(), "two", "{revision}");
        }
        assert_eq!(handle.sessions(), usize::from(!revision.era().is_stateless()), "{revision}");
    }
}

#[tokio::test]
async fn a_client_that_does_not_reconnect_hears_that_its_session_is_gone() {
    let (place, _) = Place::new(&server("one"));
    let builder = Client::builder().era(EraChoice::Legacy).reconnect(false);
    let client = builder.connect(place.http()).await.unwrap();
    place.replace(&server("two"));
    let error = client.call("name", ()).await.unwrap_err();
    assert_eq!(error.to_string(), "the server ended the session");
}

#[tokio::test]
async fn a_subscription_goes_on_at_the_server_that_takes_the_place() {
    for choice in [EraChoice::Modern, EraChoice::Legacy] {
        let one = server("one");
        let (place, handle) = Place::new(&one);
        let client = Client::builder().era(choice).connect(place.http()).await.unwrap();
        let filter = SubscriptionFilter::new().tools_list_changed(true);
        let mut changes = client.listen(filter).await.unwrap();
        while handle.streams() == 0 {
            tokio::task::yield_now().await;
        }
        let two = server("two");
        let next = place.replace(&two);
        handle.stop().await;
        if choice == EraChoice::Modern {
            // One that ends its subscriptions in good order has nothing more to tell.
            assert_eq!(changes.next().await.unwrap(), None);
            continue;
        }
        assert_eq!(changes.next().await.unwrap(), Some(Change::Lost));
        assert_eq!(changes.next().await.unwrap(), Some(Change::Resumed));
        while next.streams() == 0 {
            tokio::task::yield_now().await;
        }
        two.notifier().tools_changed();
        assert_eq!(changes.next().await.unwrap(), Some(Change::Tools));
    }
}

#[tokio::test]
async fn a_call_whose_headers_were_unknown_finds_them_by_itself() {
    let schema = |header: &str| {
        Raw::from(&json!({ "type": "object", "properties": {
            "region": { "type": "string", "x-mcp-header": header },
        } }))
    };
    let server = |header: &str| {
        let found = |_, _| async { Ok(CallToolResult::new([ContentBlock::text("found")])) };
        let query = Tool::new("query").input_schema(schema(header)).raw_handler(found);
        Server::builder("demo").tool(query).build().unwrap()
    };
    let (place, _) = Place::new(&server("Region"));
    let client = Client::connect(place.http()).await.unwrap();
    let query = async || client.call("query", json!({ "region": "Zürich" })).await.unwrap().text();
    assert_eq!(query().await, "found", "the server refuses it without the header, and the list names that");
    place.replace(&server("Place"));
    assert_eq!(query().await, "found", "the header has another name now");
}
