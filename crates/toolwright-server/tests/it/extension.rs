use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};
use toolwright_core::{
    Raw,
    era::Revision,
    joint::Endpoint,
    model::{CallToolResult, ContentBlock, JsonObject},
};
use toolwright_server::{
    Call, Reply, Server, ServerResult, Tool,
    extension::{Extension, ExtensionMethod, Gate},
    middleware::Next,
};

use crate::wire::{Wire, modern};

const ID: &str = "com.example/parcels";

/// Uses everything that an extension can.
#[derive(Clone, Default)]
struct Parcels(Arc<Counts>);

#[derive(Default)]
struct Counts {
    started: AtomicUsize,
    stopped: AtomicUsize,
    told: AtomicUsize,
}

impl Extension for Parcels {
    fn id(&self) -> &str {
        ID
    }

    fn settings(&self, revision: Revision) -> Option<JsonObject> {
        let since = [Revision::V2025_11_25, Revision::V2026_07_28];
        since.contains(&revision).then(|| JsonObject::from_iter([("maxParcels".to_owned(), json!(3))]))
    }

    fn methods(&self) -> Vec<ExtensionMethod> {
        vec![
            ExtensionMethod::request("parcels/get").name_from("parcelId"),
            ExtensionMethod::request("parcels/list").revisions([Revision::V2026_07_28]).gate(Gate::Open),
            ExtensionMethod::notification("notifications/parcels/seen"),
        ]
    }

    fn result_types(&self) -> Vec<String> {
        vec!["parcel".into()]
    }

    fn meta_keys(&self) -> Vec<String> {
        vec!["com.example/weight".into()]
    }

    fn listen_members(&self) -> Vec<String> {
        vec!["parcelIds".into()]
    }

    async fn handle(&self, call: Call) -> Reply {
        match call.method().as_str() {
            "notifications/parcels/seen" => {
                self.0.told.fetch_add(1, Ordering::SeqCst);
                Reply::Nothing
            }
            "parcels/get" => {
                let params: Value = match call.params() {
                    Ok(params) => params,
                    Err(error) => return error.into(),
                };
                ServerResult::Other(Raw::from(json!({ "parcelId": params["parcelId"] }))).into()
            }
            _ => ServerResult::Other(Raw::from(json!({ "parcels": [] }))).into(),
        }
    }

    fn intercepts(&self) -> bool {
        true
    }

    async fn intercept(&self, call: Call, next: Next) -> Reply {
        if call.target() == Some("ship") {
            let raw = Raw::from(json!({ "resultType": "parcel", "parcelId": "p1" }));
            return ServerResult::Other(raw).into();
        }
        next.run(call).await
    }

    async fn start(&self) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        self.0.started.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    async fn stop(&self) {
        self.0.stopped.fetch_add(1, Ordering::SeqCst);
    }
}

fn tools() -> [Tool; 2] {
    ["ship", "weigh"].map(|name| {
        Tool::new(name)
            .raw_handler(move |_, _| async move { Ok(CallToolResult::new([ContentBlock::text(name)])) })
    })
}

fn server(parcels: &Parcels) -> Server {
    Server::builder("post").tools(tools()).extension(parcels.clone()).build().unwrap()
}

fn declared() -> Value {
    json!({ "extensions": { ID: {} } })
}

#[tokio::test]
async fn without_it_nothing_of_it_exists() {
    let plain = Server::builder("post").tools(tools()).build().unwrap();
    let wire = Wire::stateless(&plain);
    assert_eq!(
        wire.modern("server/discover", json!({})).await["result"]["capabilities"]["extensions"],
        Value::Null
    );
    let answer = wire.ask(modern(1, "parcels/get", json!({ "parcelId": "p1" }), declared())).await;
    assert_eq!(answer["error"]["code"], -32601);
    let shipped = wire.ask(modern(1, "tools/call", json!({ "name": "ship" }), declared())).await;
    assert_eq!(shipped["result"]["content"][0]["text"], "ship");
}

#[tokio::test]
async fn it_is_declared_with_its_settings_in_the_revisions_that_it_is_offered_in() {
    let server = server(&Parcels::default());
    let discovered = Wire::stateless(&server).modern("server/discover", json!({})).await;
    assert_eq!(discovered["result"]["capabilities"]["extensions"], json!({ ID: { "maxParcels": 3 } }));
    for (revision, extensions) in
        [("2025-11-25", json!({ ID: { "maxParcels": 3 } })), ("2025-06-18", Value::Null)]
    {
        let hello = json!({ "protocolVersion": revision, "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
        let answer = Wire::stdio(&server).request("initialize", hello).await;
        assert_eq!(answer["result"]["capabilities"]["extensions"], extensions, "{revision}");
    }
}

#[tokio::test]
async fn its_methods_serve_clients_that_declare_it() {
    let server = server(&Parcels::default());
    let wire = Wire::stateless(&server);
    let get = |capabilities| modern(1, "parcels/get", json!({ "parcelId": "p7" }), capabilities);
    let answer = wire.ask(get(declared())).await;
    assert_eq!(answer["result"]["parcelId"], "p7");
    assert_eq!(answer["result"]["resultType"], "complete");
    let answer = wire.ask(get(json!({}))).await;
    assert_eq!(answer["error"]["code"], -32021);
    assert_eq!(answer["error"]["data"]["requiredCapabilities"], declared());
    let open = wire.ask(modern(1, "parcels/list", json!({}), json!({}))).await;
    assert_eq!(open["result"]["parcels"], json!([]));

    let session = Wire::session_with(&server, "2025-11-25", declared()).await;
    let answer = session.request("parcels/get", json!({ "parcelId": "p8" })).await;
    assert_eq!(answer["result"], json!({ "parcelId": "p8" }));
    assert_eq!(
        session.request("parcels/list", json!({})).await["error"]["code"],
        -32601,
        "only in 2026-07-28"
    );
    let stranger = Wire::session(&server, "2025-11-25").await;
    assert_eq!(stranger.request("parcels/get", json!({})).await["error"]["code"], -32601);
}

#[tokio::test]
async fn it_hears_its_notifications_and_runs_with_the_server() {
    let parcels = Parcels::default();
    let server = server(&parcels);
    server.start().await.unwrap();
    server.start().await.unwrap();
    let session = Wire::session_with(&server, "2025-11-25", declared()).await;
    session.tell(json!({ "jsonrpc": "2.0", "method": "notifications/parcels/seen" })).await;
    server.stop().await;
    let counts =
        [&parcels.0.started, &parcels.0.told, &parcels.0.stopped].map(|count| count.load(Ordering::SeqCst));
    assert_eq!(counts, [1, 1, 1]);
}

#[tokio::test]
async fn it_takes_over_calls_of_tools_by_clients_that_declare_it() {
    let server = server(&Parcels::default());
    let wire = Wire::stateless(&server);
    let ship = |capabilities| modern(1, "tools/call", json!({ "name": "ship" }), capabilities);
    let answer = wire.ask(ship(declared())).await;
    assert_eq!(answer["result"]["resultType"], "parcel");
    assert_eq!(answer["result"]["parcelId"], "p1");
    assert_eq!(wire.ask(ship(json!({}))).await["result"]["content"][0]["text"], "ship");
    let weigh = modern(1, "tools/call", json!({ "name": "weigh" }), declared());
    assert_eq!(wire.ask(weigh).await["result"]["content"][0]["text"], "weigh");
}

#[tokio::test]
async fn its_notices_reach_listeners_whose_filter_names_them() {
    let server = server(&Parcels::default());
    let wire = Wire::stateless(&server);
    let filter = json!({ "notifications": { "parcelIds": ["p1"], "unknownIds": ["x"] } });
    let _running =
        tokio::spawn(wire.call(modern("l1", "subscriptions/listen", filter, declared()).to_string()));
    let acknowledged = wire.said.at_least(1).await.remove(0);
    assert_eq!(acknowledged["params"]["notifications"], json!({ "parcelIds": ["p1"] }));
    let notifier = server.notifier();
    for id in ["p2", "p1"] {
        notifier.extension("parcelIds", "notifications/parcels", &Raw::from(json!({ "parcelId": id })));
    }
    let heard = wire.said.at_least(2).await;
    assert_eq!(heard[1]["method"], "notifications/parcels");
    assert_eq!(heard[1]["params"]["parcelId"], "p1");
    assert_eq!(heard[1]["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"], "l1");
}

#[test]
fn it_may_not_shadow_the_protocol_or_another_extension() {
    struct Shadow(&'static str, &'static str);

    impl Extension for Shadow {
        fn id(&self) -> &str {
            self.0
        }

        fn methods(&self) -> Vec<ExtensionMethod> {
            vec![ExtensionMethod::request(self.1)]
        }
    }

    let build = |extensions: [Shadow; 2]| {
        let [one, two] = extensions;
        Server::builder("s").extension(one).extension(two).build().unwrap_err().to_string()
    };
    let text = build([Shadow("com.example/a", "tools/call"), Shadow("bad", "a/b")]);
    assert!(text.contains("extension `com.example/a`: `tools/call` is a method of the protocol"), "{text}");
    assert!(text.contains("extension `bad`: `bad` is no legal extension identifier"), "{text}");
    let text = build([Shadow("com.example/a", "a/b"), Shadow("com.example/b", "a/b")]);
    assert!(
        text.contains("extension `com.example/b`: another extension has the method `a/b` already"),
        "{text}"
    );
    let text = build([Shadow("com.example/a", "a/b"), Shadow("com.example/a", "a/c")]);
    assert!(text.contains("extension `com.example/a` is added twice"), "{text}");
}
