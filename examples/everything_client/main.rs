//! A client that does what each scenario of the official conformance suite wants to see.
//!
//! The suite runs it with the URL of a mock server as its last argument. The environment says what to do:
//! `MCP_CONFORMANCE_SCENARIO` names the scenario, `MCP_CONFORMANCE_PROTOCOL_VERSION` the revision to speak, and
//! `MCP_CONFORMANCE_CONTEXT` has what else it takes, as JSON. `tests/conformance/run.py client` runs all of them.
#![expect(clippy::print_stdout, reason = "a command talks to its user")]

mod auth;
mod calls;
mod headers;
mod questions;

use std::env;

use serde_json::Value;
use toolwright::{
    client::{Builder, EraChoice, Http},
    core::era::Revision,
    prelude::*,
};

/// Any error ends the program, with the text of it on stderr and a status that the suite counts.
type Done = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// What the suite asks for.
struct Task {
    url: String,
    scenario: String,
    revision: Revision,
    context: Value,
}

impl Task {
    fn read() -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let url = env::args().nth(1).ok_or("usage: everything_client URL")?;
        let scenario = env::var("MCP_CONFORMANCE_SCENARIO")?;
        // Older versions of the suite know of no revision but this one.
        let revision = match env::var("MCP_CONFORMANCE_PROTOCOL_VERSION") {
            Ok(version) => version.parse()?,
            Err(_) => Revision::V2025_11_25,
        };
        let context = match env::var("MCP_CONFORMANCE_CONTEXT") {
            Ok(context) => serde_json::from_str(&context)?,
            Err(_) => Value::Null,
        };
        Ok(Self { url, scenario, revision, context })
    }

    /// A client that speaks just the revision asked for.
    fn client(&self) -> Builder {
        Client::builder().era(self.revision)
    }

    fn server(&self) -> Http {
        Http::new(&self.url)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Done {
    let task = Task::read()?;
    match task.scenario.as_str() {
        "initialize" => calls::list(&task).await,
        "tools_call" => calls::add(&task).await,
        "sse-retry" => calls::reconnect(&task).await,
        "json-schema-2020-12-preservation" => calls::echo_schema(&task).await,
        "json-schema-ref-no-deref" => calls::list(&task).await,
        "elicitation-sep1034-client-defaults" => questions::defaults(&task).await,
        "request-metadata" => questions::capabilities(&task).await,
        "sep-2322-client-request-state" => questions::rounds(&task).await,
        "http-standard-headers" => headers::standard(&task).await,
        "http-custom-headers" => headers::mirrored(&task).await,
        "http-invalid-tool-headers" => headers::refused(&task).await,
        auth if auth.starts_with("auth/") => auth::sign_in(&task).await,
        unknown => Err(format!("this client knows no scenario `{unknown}`").into()),
    }
}

/// The older sessions that some scenarios want whatever revision is asked for.
const SESSION: EraChoice = EraChoice::Legacy;
