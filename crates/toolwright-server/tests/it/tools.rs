//! `tools/list` and `tools/call`.
use http::StatusCode;
use serde_json::{Value, json};
use toolwright_core::{
    Raw,
    jsonrpc::RpcError,
    model::{
        CallToolResult, ContentBlock, Icon, Meta, Resource as Link, ResourceContents, TextContent,
        ToolAnnotations,
    },
};
use toolwright_server::{Context, HandlerError, Server, Tool, component::Requirement};

use crate::each::{Client, LEGACY, MODERN, each, says};

fn fails(name: &str, error: fn() -> HandlerError) -> Tool {
    Tool::new(name).handler(move |_: Context| async move { Err::<String, _>(error()) })
}

fn call(name: &str) -> Value {
    json!({ "name": name, "arguments": {} })
}

#[tokio::test]
async fn an_unknown_tool_is_an_error_of_the_protocol() {
    let server = Server::builder("demo").tool(says("hello", "hi")).build().unwrap();
    for client in each(&server).await {
        let (error, status) = client.error("tools/call", call("Hello")).await;
        assert_eq!(
            error,
            json!({ "code": -32602, "message": "unknown tool `Hello`" }),
            "{}",
            client.revision
        );
        assert_eq!(status, StatusCode::OK);
        for params in [json!({}), json!({ "name": 7 }), json!({ "uri": "hello" }), json!({ "name": null })] {
            let (error, status) = client.error("tools/call", params.clone()).await;
            assert_eq!(error["code"], -32602, "{} {params}", client.revision);
            assert_eq!(status, StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn arguments_are_an_object_or_nothing() {
    let echo = Tool::new("echo").raw_handler(|_, arguments| async move {
        Ok(CallToolResult::new([ContentBlock::text(
            String::from_utf8(arguments.as_bytes().to_vec()).unwrap(),
        )]))
    });
    let server = Server::builder("demo").tool(echo).build().unwrap();
    for client in each(&server).await {
        for arguments in [json!([1]), json!("{}"), json!(7), json!(true)] {
            let params = json!({ "name": "echo", "arguments": arguments });
            assert_eq!(
                client.error("tools/call", params).await.0["code"],
                -32602,
                "{} {arguments}",
                client.revision
            );
        }
        for params in [json!({ "name": "echo" }), json!({ "name": "echo", "arguments": null }), call("echo")]
        {
            assert_eq!(client.result("tools/call", params).await["content"][0]["text"], "{}");
        }
    }
}

#[tokio::test]
async fn arguments_reach_the_handler_as_they_were_written() {
    let echo = Tool::new("echo").raw_handler(|_, arguments| async move {
        Ok(CallToolResult::new([ContentBlock::text(
            String::from_utf8(arguments.as_bytes().to_vec()).unwrap(),
        )]))
    });
    let server = Server::builder("demo").tool(echo).build().unwrap();
    let text = r#"{ "big": 123456789012345678901234567890, "b":1.50, "a":"ü\u0041" }"#;
    for client in each(&server).await {
        let message = client.message(1, "tools/call", json!({ "name": "echo", "arguments": "HERE" }));
        let outbound = client.wire.raw(message.to_string().replace("\"HERE\"", text)).await;
        let answer: Value = serde_json::from_slice(&outbound.body.unwrap()).unwrap();
        assert_eq!(answer["result"]["content"][0]["text"], text, "{}", client.revision);
    }
}

#[tokio::test]
async fn what_goes_wrong_in_a_tool_is_a_result_that_the_model_can_read() {
    let server = Server::builder("demo")
        .tools([
            fails("plain", || "no seats left".into()),
            fails("hint", || HandlerError::from("no such city").hint("list the cities first")),
            fails("missing", || HandlerError::from("no such show").not_found()),
            fails("io", || std::io::Error::other("disk on fire").into()),
        ])
        .build()
        .unwrap();
    for client in each(&server).await {
        for (name, text) in [
            ("plain", "no seats left"),
            ("hint", "no such city (list the cities first)"),
            ("missing", "no such show"),
            ("io", "disk on fire"),
        ] {
            let expected = json!({ "content": [{ "type": "text", "text": text }], "isError": true });
            assert_eq!(client.result("tools/call", call(name)).await, expected, "{}", client.revision);
        }
    }
}

#[tokio::test]
async fn a_tool_can_choose_the_error_of_the_protocol() {
    let server = Server::builder("demo")
        .tool(fails("teapot", || {
            HandlerError::rpc(RpcError::new(418, "short and stout").data(Raw::from(json!({ "spout": true }))))
        }))
        .build()
        .unwrap();
    for client in each(&server).await {
        let (error, status) = client.error("tools/call", call("teapot")).await;
        assert_eq!(error, json!({ "code": 418, "message": "short and stout", "data": { "spout": true } }));
        assert_eq!(status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_result_may_say_itself_that_it_failed() {
    let tool = Tool::new("half").raw_handler(|_, _| async {
        Ok(CallToolResult::new([ContentBlock::text("half done")]).is_error(true))
    });
    let server = Server::builder("demo").tool(tool).build().unwrap();
    for client in each(&server).await {
        assert_eq!(
            client.result("tools/call", call("half")).await,
            json!({ "content": [{ "type": "text", "text": "half done" }], "isError": true })
        );
    }
}

fn structured(name: &str, schema: Option<Value>, value: Value) -> Tool {
    Tool::new(name).output_schema(schema.map(Raw::from)).raw_handler(move |_, _| {
        let value = value.clone();
        async move {
            Ok(CallToolResult::new([ContentBlock::text(value.to_string())])
                .structured_content(Raw::from(value)))
        }
    })
}

#[tokio::test]
async fn structured_results_are_what_their_revision_can_carry() {
    let object = json!({ "type": "object", "properties": { "n": { "type": "integer" } } });
    let list = json!({ "type": "array", "items": { "$ref": "#/$defs/Item" }, "$defs": { "Item": { "type": "integer" } } });
    let server = Server::builder("demo")
        .tools([
            structured("object", Some(object.clone()), json!({ "n": 1 })),
            structured("list", Some(list.clone()), json!([1, 2])),
            structured("either", Some(json!({ "type": ["object", "null"] })), json!({ "n": 1 })),
            structured("untyped", None, json!({ "n": 1 })),
            structured("loose", None, json!(7)),
        ])
        .build()
        .unwrap();
    let wrapped = json!({
        "type": "object",
        "properties": { "result": { "type": "array", "items": { "$ref": "#/$defs/Item" } } },
        "required": ["result"],
        "x-fastmcp-wrap-result": true,
        "$defs": { "Item": { "type": "integer" } },
    });
    for client in each(&server).await {
        let list_result = client.result("tools/list", json!({})).await;
        let schema = |at: usize| list_result["tools"][at]["outputSchema"].clone();
        let mut values = Vec::new();
        for name in ["object", "list", "either", "untyped", "loose"] {
            let result = client.result("tools/call", call(name)).await;
            assert!(result["content"][0]["text"].is_string(), "the text is always there");
            values.push(result["structuredContent"].clone());
        }
        match client.revision {
            "2024-11-05" | "2025-03-26" => {
                assert_eq!(values, vec![Value::Null; 5], "{}", client.revision);
                assert_eq!((schema(0), schema(1)), (Value::Null, Value::Null));
            }
            MODERN => {
                assert_eq!(
                    values,
                    [json!({ "n": 1 }), json!([1, 2]), json!({ "n": 1 }), json!({ "n": 1 }), json!(7)]
                );
                assert_eq!((schema(0), schema(1)), (object.clone(), list.clone()));
            }
            _ => {
                assert_eq!(
                    values,
                    [
                        json!({ "n": 1 }),
                        json!({ "result": [1, 2] }),
                        json!({ "result": { "n": 1 } }),
                        json!({ "n": 1 }),
                        json!({ "result": 7 }),
                    ],
                    "{}",
                    client.revision
                );
                assert_eq!((schema(0), schema(1)), (object.clone(), wrapped.clone()));
            }
        }
    }
}

#[tokio::test]
async fn content_that_a_revision_lacks_is_said_in_words() {
    let tool = Tool::new("rich").raw_handler(|_, _| async {
        let mut link = Link::new("notes://1", "first").description("A note").title("First");
        link.icons = Some(vec![Icon::new("https://example.org/i.png")]);
        Ok(CallToolResult::new([
            ContentBlock::from(TextContent::new("hi").meta(Meta::new().member("com.example/x", 1))),
            ContentBlock::image(b"img", "image/png"),
            ContentBlock::audio(b"snd", "audio/wav"),
            ContentBlock::resource_link(link),
            ContentBlock::resource(ResourceContents::text("notes://2", "two")),
        ]))
    });
    let server = Server::builder("demo").tool(tool).build().unwrap();
    for client in each(&server).await {
        let content = client.result("tools/call", call("rich")).await["content"].clone();
        let kinds: Vec<_> =
            content.as_array().unwrap().iter().map(|block| block["type"].as_str().unwrap()).collect();
        let has_meta = content[0]["_meta"].is_object();
        let link = &content[3];
        match client.revision {
            "2024-11-05" => {
                assert_eq!(kinds, ["text", "image", "text", "text", "resource"]);
                assert!(content[2]["text"].as_str().unwrap().contains("audio/wav"));
                assert!(link["text"].as_str().unwrap().contains("notes://1"));
                assert!(!has_meta);
            }
            "2025-03-26" => {
                assert_eq!(kinds, ["text", "image", "audio", "text", "resource"]);
                assert!(!has_meta);
            }
            revision => {
                assert_eq!(kinds, ["text", "image", "audio", "resource_link", "resource"]);
                assert!(has_meta);
                assert_eq!(link["title"], "First");
                assert_eq!(link["icons"].is_array(), revision != "2025-06-18", "{revision}");
            }
        }
        assert_eq!(content[1], json!({ "type": "image", "data": "aW1n", "mimeType": "image/png" }));
        assert_eq!(content[4]["resource"], json!({ "uri": "notes://2", "text": "two" }));
    }
}

#[tokio::test]
async fn definitions_say_what_their_revision_knows() {
    let tool = says("draw", "ok")
        .title("Draw")
        .description("Draws.")
        .icon(Icon::new("https://example.org/i.png"))
        .meta(Meta::new().member("com.example/x", 1))
        .annotations(ToolAnnotations::new().read_only_hint(true))
        .output_schema(Raw::from(json!({ "type": "object" })))
        .tags(["art"]);
    let server = Server::builder("demo").tool(tool).build().unwrap();
    for client in each(&server).await {
        let tool = client.result("tools/list", json!({})).await["tools"][0].clone();
        let mut members: Vec<_> = tool.as_object().unwrap().keys().map(String::as_str).collect();
        members.sort_unstable();
        let expected: &[&str] = match client.revision {
            "2024-11-05" => &["description", "inputSchema", "name"],
            "2025-03-26" => &["annotations", "description", "inputSchema", "name"],
            "2025-06-18" => {
                &["_meta", "annotations", "description", "inputSchema", "name", "outputSchema", "title"]
            }
            _ => &[
                "_meta",
                "annotations",
                "description",
                "icons",
                "inputSchema",
                "name",
                "outputSchema",
                "title",
            ],
        };
        assert_eq!(members, expected, "{}", client.revision);
        assert_eq!(tool["inputSchema"]["type"], "object");
    }
}

#[tokio::test]
async fn a_hand_written_schema_passes_verbatim() {
    let schema = r#"{"type":"object","$schema":"https://json-schema.org/draft/2020-12/schema","x-order":[2,1],"properties":{"n":{"type":"number","minimum":1.0}}}"#;
    let tool = says("strict", "ok").input_schema(Raw::parse(schema).unwrap());
    let server = Server::builder("demo").tool(tool).build().unwrap();
    for client in each(&server).await {
        let outbound = client.wire.raw(client.message(1, "tools/list", json!({})).to_string()).await;
        let text = String::from_utf8(outbound.body.unwrap().to_vec()).unwrap();
        assert!(text.contains(schema), "{}: {text}", client.revision);
    }
}

#[tokio::test]
async fn a_stateless_result_is_signed_and_keeps_its_own_meta() {
    let tool = Tool::new("tagged").raw_handler(|_, _| async {
        Ok(CallToolResult::new([]).meta(Meta::new().member("com.example/trace", "t-1")))
    });
    let server = Server::builder("demo").version("3.1.0").tool(tool).build().unwrap();
    let client = Client::new(&server, MODERN).await;
    let answer = client.ask("tools/call", call("tagged")).await;
    assert_eq!(
        answer["result"],
        json!({ "content": [], "resultType": "complete", "_meta": {
            "com.example/trace": "t-1",
            "io.modelcontextprotocol/serverInfo": { "name": "demo", "version": "3.1.0" } } })
    );
    for revision in LEGACY {
        let client = Client::new(&server, revision).await;
        let answer = client.ask("tools/call", call("tagged")).await;
        assert_eq!(answer["result"], json!({ "content": [], "_meta": { "com.example/trace": "t-1" } }));
    }
}

#[tokio::test]
async fn a_tool_that_needs_a_capable_client_is_not_run_for_another() {
    let tool = fails("ask", ran).requires([Requirement::Elicitation]);
    let server = Server::builder("demo").tool(tool).build().unwrap();
    for client in each(&server).await {
        if client.is_modern() {
            let (error, status) = client.error("tools/call", call("ask")).await;
            assert_eq!(error["code"], -32021);
            assert_eq!(error["data"], json!({ "requiredCapabilities": { "elicitation": { "form": {} } } }));
            assert_eq!(status, StatusCode::BAD_REQUEST);
        } else {
            let result = client.result("tools/call", call("ask")).await;
            assert_eq!(result["isError"], true, "{}", client.revision);
            assert!(result["content"][0]["text"].as_str().unwrap().contains("elicitation"));
        }
    }
}

fn ran() -> HandlerError {
    HandlerError::rpc(RpcError::new(1, "the handler ran"))
}
