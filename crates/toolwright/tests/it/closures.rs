//! Closures and plain functions as handlers.
use toolwright::{Prompt, Resource, Tool, prelude::*};

use crate::support::{Db, call, connect};

#[model]
struct Add {
    a: i64,
    #[arg(default = 10)]
    b: i64,
}

#[model]
struct Id {
    id: u32,
}

async fn named(db: State<Db>, Args(add): Args<Add>, _: Context) -> Result<i64, std::num::TryFromIntError> {
    u8::try_from(add.a)?;
    Ok(add.a + add.b + i64::try_from(db.name.len())?)
}

#[tokio::test]
async fn closures_take_extractors_and_all_arguments() {
    let server = Server::builder("closures")
        .state(Db { name: "main" })
        .tool(Tool::new("add").handler(|_: Context, Args(add): Args<Add>| async move { add.a + add.b }))
        .tool(Tool::new("named").handler(named))
        .tool(Tool::new("raw").handler(|Args(any): Args<serde_json::Value>| async move { any.to_string() }))
        .resource(
            Resource::new("notes://{id}").handler(|Args(Id { id }): Args<Id>, db: State<Db>| async move {
                format!("{id} {}", db.name)
            }),
        )
        .prompt(Prompt::new("ask").handler(|Args(Id { id }): Args<Id>| async move { format!("Note {id}?") }))
        .build()
        .unwrap();
    let client = connect(server).await;
    assert_eq!(call(&client, "add", json!({ "a": 1 })).await.unwrap(), "11");
    assert_eq!(call(&client, "add", json!({ "a": "1", "b": 2 })).await.unwrap(), "3");
    let unknown = call(&client, "add", json!({ "a": 1, "c": 2 })).await.unwrap_err();
    assert!(unknown.contains("$.c: unknown"), "{unknown}");
    assert_eq!(call(&client, "named", json!({ "a": 1, "b": 1 })).await.unwrap(), "6");
    assert!(call(&client, "named", json!({ "a": 1000 })).await.unwrap_err().contains("out of range"));
    assert_eq!(call(&client, "raw", json!({ "x": [1] })).await.unwrap(), r#"{"x":[1]}"#);
    let read = client.read("notes://7").await.unwrap();
    assert_eq!(serde_json::to_value(&read.contents).unwrap()[0]["text"], "7 main");
    let said = client.prompt("ask", json!({ "id": "7" })).await.unwrap();
    assert_eq!(serde_json::to_value(&said.messages).unwrap()[0]["content"]["text"], "Note 7?");
    assert_eq!(client.prompts().await.unwrap()[0].arguments.as_ref().unwrap()[0].name, "id");
}

#[test]
fn a_schema_that_is_written_by_hand_stays() {
    let tool = Tool::new("any")
        .input_schema(json!({ "type": "object", "title": "Mine" }))
        .output_schema(toolwright::core::Raw::from(json!({ "type": "object" })))
        .handler(|Args(any): Args<serde_json::Value>| async move { Json(any) });
    assert_eq!(tool.schema().as_str(), r#"{"type":"object","title":"Mine"}"#);
    assert_eq!(tool.result_schema().unwrap().as_str(), r#"{"type":"object"}"#);
}
