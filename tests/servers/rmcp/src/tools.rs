//! The tools.
use rmcp::{
    ErrorData, Json, RoleServer,
    handler::server::{
        tool::{InputResponses, RequestState},
        wrapper::Parameters,
    },
    model::{
        CallToolResponse, CallToolResult, ContentBlock, ElicitRequest, ElicitRequestParams, InputRequest,
        InputRequests, InputRequiredResult, LoggingLevel, LoggingMessageNotificationParam,
        ProgressNotificationParam, ProtocolVersion,
    },
    service::RequestContext,
    tool, tool_router,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Fixture;

#[derive(Deserialize, JsonSchema)]
struct Add {
    a: i64,
    b: i64,
}

#[derive(Deserialize, JsonSchema)]
struct City {
    city: String,
}

#[derive(Serialize, JsonSchema)]
struct Forecast {
    city: String,
    degrees: f64,
}

#[derive(Deserialize, JsonSchema)]
struct Work {
    steps: u32,
}

#[derive(Deserialize, JsonSchema)]
struct Book {
    show: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Seats {
    row: String,
    count: Option<u32>,
}

rmcp::elicit_safe!(Seats);

#[tool_router(router = tools, vis = "pub")]
impl Fixture {
    #[tool(description = "Add two numbers.")]
    fn add(&self, Parameters(Add { a, b }): Parameters<Add>) -> String {
        (a + b).to_string()
    }

    #[tool(description = "The weather in a city.")]
    fn forecast(&self, Parameters(City { city }): Parameters<City>) -> Json<Forecast> {
        Json(Forecast { city, degrees: 21.5 })
    }

    #[tool(description = "Always fails.")]
    fn fail(&self) -> CallToolResult {
        CallToolResult::error(vec![ContentBlock::text("this tool fails")])
    }

    #[tool(description = "Reports progress and logs.")]
    async fn work(
        &self,
        Parameters(Work { steps }): Parameters<Work>,
        context: RequestContext<RoleServer>,
    ) -> Result<String, ErrorData> {
        let failed = |error: rmcp::ServiceError| ErrorData::internal_error(error.to_string(), None);
        if let Some(token) = context.meta.get_progress_token() {
            for step in 1..=steps {
                let report = ProgressNotificationParam::new(token.clone(), f64::from(step))
                    .with_total(f64::from(steps))
                    .with_message(format!("step {step}"));
                context.peer.notify_progress(report).await.map_err(failed)?;
            }
        }
        let log = LoggingMessageNotificationParam::new(LoggingLevel::Info, json!({ "done": steps }));
        context.peer.notify_logging_message(log).await.map_err(failed)?;
        Ok(format!("{steps} steps"))
    }

    #[tool(description = "Asks for seats.")]
    async fn book(
        &self,
        Parameters(Book { show }): Parameters<Book>,
        RequestState(state): RequestState,
        InputResponses(responses): InputResponses,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let message = format!("Which seats for {show}?");
        let answer = if context
            .protocol_version()
            .is_some_and(|version| version >= ProtocolVersion::V_2026_07_28)
        {
            let Some(responses) = responses else {
                let form = ElicitRequestParams::FormElicitationParams {
                    meta: None,
                    message,
                    requested_schema: serde_json::from_value(json!({
                        "type": "object",
                        "properties": { "row": { "type": "string" }, "count": { "type": "integer", "default": 2 } },
                        "required": ["row"],
                    }))
                    .expect("it is a form"),
                };
                let mut requests = InputRequests::new();
                requests.insert("seats".into(), InputRequest::Elicitation(ElicitRequest::new(form)));
                return Ok(InputRequiredResult::new(Some(requests), Some(format!("seats of {show}"))).into());
            };
            if state != Some(format!("seats of {show}")) {
                return Err(ErrorData::invalid_params("the state was lost", None));
            }
            json!(responses.get("seats")).to_string()
        } else {
            match context.peer.elicit::<Seats>(message).await {
                Ok(seats) => json!(seats).to_string(),
                Err(error) => error.to_string(),
            }
        };
        Ok(CallToolResult::success(vec![ContentBlock::text(answer)]).into())
    }
}
