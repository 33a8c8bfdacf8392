//! A travel guide that has a model think: the client's, or one of its own for clients that have none.
//!
//! `MODEL_URL=http://127.0.0.1:11434/v1 MODEL=llama3.2 cargo run --example sampling --features sampling-openai` lets a model behind any
//! OpenAI-compatible API answer where the client cannot; `MODEL_KEY` is its key. Without `MODEL_URL`, such clients are told so.
use std::env;

use toolwright::{
    core::model::ModelPreferences,
    prelude::*,
    sampling::{OpenAi, SamplingFallback},
};

#[cfg(test)]
mod tests;

/// The weather of a day.
#[model]
struct Weather {
    sky: String,
    celsius: i8,
}

/// The weather of tomorrow in a city.
#[tool(annotations(read_only))]
fn weather(city: &str) -> Result<Weather, HandlerError> {
    match city {
        "Bergen" => Ok(Weather { sky: "rain".into(), celsius: 9 }),
        "Seville" => Ok(Weather { sky: "sun".into(), celsius: 31 }),
        _ => Err(HandlerError::from(format!("nobody knows the weather of {city}"))
            .hint("ask for Bergen or Seville")),
    }
}

/// What to wear tomorrow. The model looks up the weather by itself, as often as it likes.
#[tool(annotations(read_only), requires(sampling_tools))]
async fn wear(ctx: &Context, city: &str) -> Result<String, HandlerError> {
    let advice = ctx
        .sample(format!("What should one wear in {city} tomorrow?"))
        .system("You advise travellers in one sentence. Look up the weather, do not guess it.")
        .preferences(ModelPreferences::new().speed_priority(0.8))
        .max_tokens(200)
        .tools(["weather"])
        .turns(4)
        .await?;
    Ok(advice.text())
}

/// A day out.
#[model]
struct Trip {
    city: String,
    /// How many hours it takes.
    #[arg(range(1..=16))]
    hours: u8,
    stops: Vec<String>,
}

/// Plan a day out. The model answers with a value, which is checked, and not with prose.
#[tool(annotations(read_only), requires(sampling))]
async fn plan(ctx: &Context, wishes: &str) -> Result<Trip, HandlerError> {
    ctx.sample(format!("Plan a day out in Bergen or Seville for somebody who wishes: {wishes}")).data().await
}

fn server(fallback: Option<impl SamplingFallback>) -> toolwright::Result<Server> {
    let builder = Server::builder("travel").tools(tools![weather, wear, plan]);
    let builder = match fallback {
        Some(model) => builder.sampling_fallback(model),
        None => builder,
    };
    Ok(builder.build()?)
}

/// The model that the environment names.
fn model() -> Option<OpenAi> {
    let model =
        OpenAi::new(env::var("MODEL_URL").ok()?, env::var("MODEL").unwrap_or_else(|_| "llama3.2".into()));
    Some(match env::var("MODEL_KEY") {
        Ok(key) => model.key(key),
        Err(_) => model,
    })
}

#[tokio::main]
async fn main() -> toolwright::Result<()> {
    server(model())?.run().await
}
