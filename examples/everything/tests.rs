use toolwright::{
    Client,
    core::{
        era::Revision,
        model::{
            CompleteParams, CompletionReference, CreateMessageResult, ElicitResult, Root, SamplingContent,
        },
    },
    prelude::*,
    testing::{Eras, Recorder, Script, in_every_era},
};

use super::server;

#[tokio::test]
async fn lists_keep_their_order() -> toolwright::Result<()> {
    in_every_era(server()?, async |client| {
        let tools = client.tools().await?;
        assert_eq!(tools[0].name, "test_simple_text", "header checks call the first tool");
        assert_eq!(tools.len(), 30);
        assert!(tools == client.tools().await?, "the order is always the same");
        assert!(tools.iter().all(|tool| tool.description.is_some()));
        let uris: Vec<_> = client.resources().await?.into_iter().map(|resource| resource.uri).collect();
        assert_eq!(uris, ["test://static-text", "test://static-binary", "test://watched-resource"]);
        assert_eq!(client.templates().await?[0].uri_template, "test://template/{id}/data");
        assert_eq!(client.prompts().await?.len(), 5);
        Ok::<_, toolwright::Error>(())
    })
    .await;
    Ok(())
}

#[tokio::test]
async fn content_of_every_kind() -> toolwright::Result<()> {
    in_every_era(server()?, async |client| {
        let simple = client.call("test_simple_text", ()).await?.text();
        assert_eq!(simple, "This is a simple text response for testing.");
        let mixed = json!(client.call("test_multiple_content_types", ()).await?.content());
        assert_eq!(mixed[0]["text"], "Multiple content types test:");
        assert_eq!(mixed[1]["mimeType"], "image/png");
        assert_eq!(mixed[2]["resource"]["text"], r#"{"test":"data","value":123}"#);
        let error = client.call("test_error_handling", ()).await.unwrap_err().to_string();
        assert!(error.contains("This tool intentionally returns an error for testing"), "{error}");
        let data = json!(client.read("test://template/123/data").await?.contents);
        assert_eq!(data[0]["text"], r#"{"id":"123","templateTest":true,"data":"Data for ID: 123"}"#);
        assert!(client.read("test://nonexistent").await.unwrap_err().is_not_found());
        let prompt = json!({ "resourceUri": "test://example" });
        let messages = json!(client.prompt("test_prompt_with_embedded_resource", prompt).await?.messages);
        assert_eq!(messages[0]["content"]["resource"]["uri"], "test://example");
        let argument = CompletionReference::prompt("test_prompt_with_arguments");
        let values = client.complete(CompleteParams::new(argument, "arg1", "teste")).await?.values;
        assert_eq!(values, ["tested"]);
        Ok::<_, toolwright::Error>(())
    })
    .await;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn signals_come_before_the_answer() -> toolwright::Result<()> {
    let heard = Recorder::new();
    let client = heard.record(Client::builder()).connect(server()?).await?;
    client.call("test_tool_with_progress", ()).await?;
    let steps: Vec<_> = heard.progress().iter().map(|report| json!(report.progress)).collect();
    assert_eq!(steps, [json!(0), json!(50), json!(100)]);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn where_no_client_can_come_back_the_answer_comes_at_once() -> toolwright::Result<()> {
    in_every_era(server()?, async |client| {
        let answer = client.call("test_reconnection", ()).await?.text();
        assert_eq!(answer, "Reconnection test completed successfully");
        let answer = client.call("wait", json!({ "milliseconds": 5000 })).await?.text();
        assert_eq!(answer, "Waited for 5000 ms");
        assert!(client.call("wait", json!({ "milliseconds": 5001 })).await.is_err());
        Ok::<_, toolwright::Error>(())
    })
    .await;
    Ok(())
}

#[tokio::test]
async fn questions_are_asked_in_sessions() -> toolwright::Result<()> {
    let sample = CreateMessageResult::new("test", SamplingContent::text("Paris"));
    let script = || {
        Script::new()
            .elicit(ElicitResult::accept([("name", "Ada")]))
            .elicit(ElicitResult::accept([("name", "Grace")]))
            .elicit(ElicitResult::accept([("color", "green")]))
            .elicit(ElicitResult::decline())
            .sample(sample.clone())
            .roots([Root::new("file:///tmp")])
    };
    Eras::new(server()?)
        .only([Revision::V2025_11_25, Revision::V2025_06_18])
        .client(|| script().install(Client::builder()))
        .run(async |client| {
            let text = async |tool: &str| Ok::<_, toolwright::Error>(client.call(tool, ()).await?.text());
            assert_eq!(text("test_input_required_result_multiple_inputs").await?, "Ada: Paris (1 roots)");
            assert_eq!(text("test_input_required_result_multi_round").await?, "Grace likes green");
            let declined = "Elicitation completed: action=decline, content=null";
            assert_eq!(text("test_elicitation_sep1034_defaults").await?, declined);
            Ok::<_, toolwright::Error>(())
        })
        .await;
    Ok(())
}

#[tokio::test]
async fn clients_without_sampling_are_refused() -> toolwright::Result<()> {
    let client = Client::builder().era(Revision::V2026_07_28).connect(server()?).await?;
    let error = client.call("test_missing_capability", ()).await.unwrap_err();
    let error = json!(error.rpc().expect("a capability is missing"));
    assert_eq!(error["code"], -32021);
    assert_eq!(error["data"]["requiredCapabilities"], json!({ "sampling": {} }));
    Ok(())
}

#[tokio::test]
async fn a_changed_list_is_another_list() -> toolwright::Result<()> {
    let server = server()?;
    in_every_era(server, async |client| {
        let before = client.tools().await?.len();
        client.call("test_trigger_tool_change", ()).await?;
        assert_eq!(client.tools().await?.len(), before + 1);
        client.call("test_trigger_tool_change", ()).await?;
        assert_eq!(client.tools().await?.len(), before);
        Ok::<_, toolwright::Error>(())
    })
    .await;
    Ok(())
}
