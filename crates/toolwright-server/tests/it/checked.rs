//! Hand-written schemas are held to (feature `validation`).
#![cfg(feature = "validation")]
use serde_json::{Value, json};
use toolwright_core::{Raw, model::CallToolResult};
use toolwright_server::{Server, Tool};

use crate::wire::Wire;

fn tool(output: Value) -> Tool {
    Tool::new("weigh")
        .input_schema(Raw::from(json!({
            "type": "object",
            "properties": { "code": { "type": "string", "pattern": "^[A-Z]{2}$" } },
            "required": ["code"],
        })))
        .output_schema(Raw::from(
            json!({ "type": "object", "properties": { "grams": { "type": "integer" } } }),
        ))
        .raw_handler(move |_, _| {
            let result = CallToolResult::new([]).structured_content(Raw::from(&output));
            async move { Ok(result) }
        })
}

async fn call(output: Value, arguments: Value) -> Value {
    let server = Server::builder("post").tool(tool(output)).build().unwrap();
    Wire::stateless(&server).modern("tools/call", json!({ "name": "weigh", "arguments": arguments })).await
}

#[tokio::test]
async fn untyped_arguments_are_refused_in_words() {
    let answer = call(json!({ "grams": 7 }), json!({ "code": "de" })).await;
    assert_eq!(answer["result"]["isError"], true);
    let text = answer["result"]["content"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("invalid arguments: $.code: "), "{text}");
    assert_eq!(
        call(json!({ "grams": 7 }), json!({ "code": "DE" })).await["result"]["structuredContent"]["grams"],
        7
    );
}

#[tokio::test]
async fn a_result_that_its_schema_forbids_is_the_servers_fault() {
    let answer = call(json!({ "grams": "seven" }), json!({ "code": "DE" })).await;
    assert_eq!(answer["error"]["code"], -32603);
}

#[test]
fn a_schema_that_is_none_fails_the_build_by_name() {
    let broken = tool(json!({}))
        .input_schema(Raw::from(json!({ "type": "object", "properties": { "a": { "type": "text" } } })));
    let error = Server::builder("post").tool(broken).build().unwrap_err().to_string();
    assert!(
        error.contains("tool `weigh`: its input schema cannot be used: the schema is not valid"),
        "{error}"
    );
    let remote = tool(json!({}))
        .input_schema(Raw::from(json!({ "type": "object", "$ref": "https://example.com/s.json" })));
    let error = Server::builder("post").tool(remote).build().unwrap_err().to_string();
    assert!(error.contains("nothing outside of a schema is fetched"), "{error}");
}
