use serde_json::{Value, json};
use toolwright_client::{Client, ClientError};

use crate::fake::{Fake, MODERN, Reaction};

fn fake(result: Value) -> Fake {
    Fake::new(MODERN, move |call| match call.method.as_str() {
        "tools/list" => Reaction::Result(json!({ "resultType": "complete", "tools": [{
            "name": "sum", "inputSchema": { "type": "object" },
            "outputSchema": { "type": "object", "properties": { "sum": { "type": "integer" } }, "required": ["sum"] },
        }, { "name": "free", "inputSchema": { "type": "object" } }] })),
        _ => Reaction::Result(result.clone()),
    })
}

fn structured(content: Value) -> Value {
    json!({ "resultType": "complete", "content": [], "structuredContent": content })
}

#[tokio::test]
async fn a_result_is_held_to_the_schema_of_its_tool_on_request() {
    let client = fake(structured(json!({ "sum": "many" }))).connect().await;
    client.call("sum", ()).await.unwrap();
    let error = client.call("sum", ()).validated().await.unwrap_err();
    assert!(matches!(&error, ClientError::OutputSchema { tool, .. } if &**tool == "sum"), "{error}");
    assert!(error.to_string().contains("/sum"), "{error}");
    client.call("free", ()).validated().await.unwrap();
}

#[tokio::test]
async fn all_results_can_be_held_to_their_schemas() {
    let fake = fake(structured(json!({ "sum": 5 })));
    let client = fake.connect_with(Client::builder().validate_results()).await.unwrap();
    for _ in 0..3 {
        client.call("sum", ()).await.unwrap();
    }
    assert_eq!(fake.sent_as("tools/list").len(), 1, "the schema is looked up once");
}

#[tokio::test]
async fn a_tool_that_promises_structure_has_to_give_it_unless_it_fails() {
    let text = json!([{ "type": "text", "text": "?" }]);
    let client = fake(json!({ "resultType": "complete", "content": text })).connect().await;
    let error = client.call("sum", ()).validated().await.unwrap_err();
    assert!(error.to_string().ends_with("it has no structured content"), "{error}");

    let client = fake(json!({ "resultType": "complete", "content": text, "isError": true })).connect().await;
    assert!(matches!(client.call("sum", ()).validated().await, Err(ClientError::Tool(_))));
}
