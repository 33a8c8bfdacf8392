//! `completion/complete`.
use serde_json::{Value, json};
use toolwright_core::model::{GetPromptResult, PromptArgument, ReadResourceResult};
use toolwright_server::{Completion, HandlerError, Prompt, Resource, Server, ServerBuilder};

use crate::each::{Client, each, says};

fn builder() -> ServerBuilder {
    let forecast = Prompt::new("forecast")
        .argument(PromptArgument::new("country"))
        .argument(PromptArgument::new("city"))
        .argument(PromptArgument::new("units"))
        .raw_handler(|_, _| async { Ok(GetPromptResult::default()) });
    let now = Resource::new("weather://{city}/now")
        .name("now")
        .raw_handler(|_, _| async { Ok(ReadResourceResult::new([])) });
    Server::builder("weather").prompt(forecast).resource(now)
}

fn server() -> Server {
    builder()
        .completion(Completion::prompt("forecast", "city").handler(|_, typed, chosen| async move {
            let cities: &[&str] = match chosen.get("country") {
                Some("fr") => &["Paris", "Brest"],
                _ => &["Bonn", "Berlin", "Brest"],
            };
            Ok(cities.iter().filter(|city| city.starts_with(&typed)).map(|&city| city.to_owned()).collect())
        }))
        .completion(Completion::prompt("forecast", "country").handler(|_, typed, _| async move {
            let count: usize = typed.parse()?;
            Ok((0..count).map(|n| n.to_string()).collect())
        }))
        .completion(Completion::resource("now", "city").handler(|_, _, _| async { Ok(vec!["Rome".into()]) }))
        .build()
        .unwrap()
}

fn of_prompt(argument: &str, typed: &str) -> Value {
    json!({ "ref": { "type": "ref/prompt", "name": "forecast" }, "argument": { "name": argument, "value": typed } })
}

async fn values(client: &Client, params: Value) -> Vec<String> {
    let result = client.result("completion/complete", params).await;
    serde_json::from_value(result["completion"]["values"].clone()).unwrap()
}

#[tokio::test]
async fn what_was_typed_and_chosen_decides_what_is_suggested() {
    for client in each(&server()).await {
        let result = client.result("completion/complete", of_prompt("city", "B")).await;
        assert_eq!(
            result,
            json!({ "completion": { "values": ["Bonn", "Berlin", "Brest"], "total": 3, "hasMore": false } }),
            "{}",
            client.revision
        );
        let mut params = of_prompt("city", "B");
        params["context"] = json!({ "arguments": { "country": "fr" } });
        assert_eq!(values(&client, params).await, ["Brest"]);
        assert_eq!(values(&client, of_prompt("city", "x")).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn at_most_a_hundred_values_are_sent() {
    for client in each(&server()).await {
        for (count, sent, more) in [(99, 99, false), (100, 100, false), (101, 100, true), (1000, 100, true)] {
            let result = client.result("completion/complete", of_prompt("country", &count.to_string())).await;
            let completion = &result["completion"];
            assert_eq!(completion["values"].as_array().unwrap().len(), sent);
            assert_eq!((&completion["total"], &completion["hasMore"]), (&json!(count), &json!(more)));
            assert_eq!(completion["values"][0], "0", "the first ones are kept");
        }
    }
}

#[tokio::test]
async fn templates_are_named_by_their_uri_template() {
    for client in each(&server()).await {
        let of = |uri: &str| json!({ "ref": { "type": "ref/resource", "uri": uri }, "argument": { "name": "city", "value": "" } });
        assert_eq!(values(&client, of("weather://{city}/now")).await, ["Rome"]);
        assert_eq!(
            values(&client, of("weather://rome/now")).await,
            Vec::<String>::new(),
            "a URI has no variables"
        );
        for unknown in ["weather://{city}", "other://x", ""] {
            let (error, _) = client.error("completion/complete", of(unknown)).await;
            assert_eq!(error, json!({ "code": -32602, "message": format!("unknown template `{unknown}`") }));
        }
    }
}

#[tokio::test]
async fn a_wrong_reference_is_an_error_and_an_argument_without_suggestions_is_none() {
    for client in each(&server()).await {
        let unknown = json!({ "ref": { "type": "ref/prompt", "name": "no_such" }, "argument": { "name": "city", "value": "" } });
        let (error, _) = client.error("completion/complete", unknown).await;
        assert_eq!(
            error,
            json!({ "code": -32602, "message": "unknown prompt `no_such`" }),
            "{}",
            client.revision
        );
        for params in [
            json!({}),
            json!({ "ref": { "type": "ref/prompt", "name": "forecast" } }),
            json!({ "ref": { "type": "ref/tool", "name": "x" }, "argument": { "name": "city", "value": "" } }),
            json!({ "ref": { "name": "forecast" }, "argument": { "name": "city", "value": "" } }),
            json!({ "ref": { "type": "ref/prompt", "name": "forecast" }, "argument": { "name": "city" } }),
        ] {
            let (error, _) = client.error("completion/complete", params.clone()).await;
            assert_eq!(error["code"], -32602, "{} {params}", client.revision);
        }
        assert_eq!(values(&client, of_prompt("units", "")).await, Vec::<String>::new());
        assert_eq!(values(&client, of_prompt("no_such", "")).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_failed_completion_is_an_internal_error() {
    for client in each(&server()).await {
        let (error, _) = client.error("completion/complete", of_prompt("country", "many")).await;
        assert_eq!(error, json!({ "code": -32603, "message": "invalid digit found in string" }));
    }
    let missing = Completion::prompt("forecast", "city")
        .handler(|_, _, _| async { Err(HandlerError::from("no such country").not_found()) });
    let server = builder().completion(missing).build().unwrap();
    for client in each(&server).await {
        let (error, _) = client.error("completion/complete", of_prompt("city", "")).await;
        assert_eq!(error, json!({ "code": -32602, "message": "no such country" }), "{}", client.revision);
    }
}

#[tokio::test]
async fn without_any_completion_the_method_does_not_exist() {
    let server = builder().tool(says("hello", "hi")).build().unwrap();
    for client in each(&server).await {
        assert_eq!(client.error("completion/complete", of_prompt("city", "")).await.0["code"], -32601);
    }
}
