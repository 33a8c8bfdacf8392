use std::sync::{Arc, Mutex};

use toolwright::{
    Client,
    client::Refusal,
    core::{
        era::Revision,
        model::{
            ContentBlock, CreateMessageParams, CreateMessageResult, JsonObject, OneOrMany, SamplingContent,
            StopReason,
        },
    },
    prelude::*,
    sampling::Answers,
    testing::Eras,
};

use super::server;

/// Revisions whose clients let a model use tools.
const WITH_TOOLS: [Revision; 2] = [Revision::V2026_07_28, Revision::V2025_11_25];

fn object(value: serde_json::Value) -> JsonObject {
    serde_json::from_value(value).unwrap()
}

fn uses(tool: &str, input: serde_json::Value) -> CreateMessageResult {
    CreateMessageResult::new("test", SamplingContent::tool_use("use-1", tool, object(input)))
        .stop_reason(StopReason::ToolUse)
}

fn says(text: String) -> CreateMessageResult {
    CreateMessageResult::new("test", SamplingContent::text(text))
}

/// A model that looks up the weather and repeats what it is told.
async fn thinks(params: CreateMessageParams) -> Result<CreateMessageResult, Refusal> {
    let last = params.messages.last().unwrap();
    Ok(match last.content.as_slice() {
        [SamplingContent::ToolResult(result)] => {
            let told = result.content.iter().filter_map(ContentBlock::as_text).collect::<String>();
            says(format!("They say: {told}"))
        }
        _ => uses("weather", json!({ "city": "Bergen" })),
    })
}

#[tokio::test]
async fn the_clients_model_looks_up_the_weather() -> toolwright::Result<()> {
    Eras::new(server(None::<Answers>)?)
        .only(WITH_TOOLS)
        .client(|| Client::builder().on_sample(thinks).sampling_tools())
        .run(async |client| {
            let advice = client.call("wear", json!({ "city": "Bergen" })).await?.text();
            assert_eq!(advice, r#"They say: {"sky":"rain","celsius":9}"#);
            Ok::<_, toolwright::Error>(())
        })
        .await;
    Ok(())
}

#[tokio::test]
async fn the_servers_model_answers_for_clients_that_have_none() -> toolwright::Result<()> {
    for revision in Revision::ALL {
        let weather = uses("weather", json!({ "city": "Oslo" }));
        let model = Answers::default().result(weather).text("Stay at home.");
        let client = Client::builder().era(revision).connect(server(Some(model.clone()))?).await?;
        assert_eq!(client.call("wear", json!({ "city": "Oslo" })).await?.text(), "Stay at home.");

        let asked = model.asked();
        assert_eq!(asked.len(), 2, "{revision}");
        let OneOrMany::Many(results) = &asked[1].messages[2].content else { panic!("{asked:?}") };
        let [SamplingContent::ToolResult(result)] = results.as_slice() else { panic!("{results:?}") };
        assert_eq!(result.is_error, Some(true));
        assert!(result.content[0].as_text().unwrap().contains("ask for Bergen or Seville"));
    }
    Ok(())
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_asked_for_again() -> toolwright::Result<()> {
    let trip = |hours| json!({ "city": "Seville", "hours": hours, "stops": ["Alcazar"] });
    let answers = [uses("final_answer", trip(25)), uses("final_answer", trip(6))];
    let (left, told) = (Arc::new(Mutex::new(answers.to_vec())), Arc::new(Mutex::new(String::new())));
    let heard = Arc::clone(&told);
    let client = Client::builder()
        .era(WITH_TOOLS[0])
        .on_sample(move |params| {
            *heard.lock().unwrap() = json!(params.messages).to_string();
            std::future::ready(Ok(left.lock().unwrap().remove(0)))
        })
        .sampling_tools()
        .connect(server(None::<Answers>)?)
        .await?;
    let planned: serde_json::Value = client.call("plan", json!({ "wishes": "sun" })).await?.data()?;
    assert_eq!(planned, trip(6));
    assert!(told.lock().unwrap().contains("$.hours"), "{told:?}");
    Ok(())
}

#[tokio::test]
async fn without_any_model_the_client_is_told_so() -> toolwright::Result<()> {
    let client = Client::builder().era(WITH_TOOLS[0]).connect(server(None::<Answers>)?).await?;
    let error = client.call("wear", json!({ "city": "Bergen" })).await.unwrap_err().to_string();
    assert!(error.contains("sampling"), "{error}");
    Ok(())
}
