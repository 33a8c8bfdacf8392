use std::fmt;

use serde::Serialize;
use serde_json::Value;
use toolwright_client::{Client, ClientError};
use toolwright_core::{era::Revision, joint::SharedConnect, model::ProgressParams};
#[cfg(feature = "http")]
use toolwright_http::{ServeHttp as _, client::Http};
use toolwright_server::{Server, ServerBuilder, StateKeys};

use super::{Difference, Differences, Effects, Fleet, Report, Run, Setting, call::Call, difference::compare};
use crate::{Asked, Recorder, Script};

/// Checks that a call behaves alike wherever its handler runs: in sessions, for stateless clients, and in a fleet of servers that
/// share nothing but a key.
///
/// The same call is made in every [`Setting`], on servers of its own each time, with the same answers to what is asked. Compared are
/// the answer byte for byte, the questions, the progress, and the [`Effects`]: those that must happen once did so everywhere, others
/// wherever they did at all.
///
/// # Example
/// ```
/// use serde_json::json;
/// use toolwright_core::model::ElicitResult;
/// use toolwright_server::{Context, HandlerError, Server, Tool};
/// use toolwright_testing::{Effects, Script, WriteOnce};
///
/// fn book(effects: Effects) -> Tool {
///     Tool::new("book").handler(move |context: Context| {
///         let effects = effects.clone();
///         async move {
///             let row: String = context.elicit("Which row?").await?.accepted()?;
///             effects.at_least_once("look for a seat");
///             Ok::<_, HandlerError>(format!("a seat in row {row}"))
///         }
///     })
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let report = WriteOnce::tool("book", json!({}))
///     .answers(|| Script::new().elicit(ElicitResult::accept([("value", "B")])))
///     .check(|effects| Server::builder("theatre").tool(book(effects)))
///     .await;
/// assert_eq!(report.text(), "a seat in row B");
/// # }
/// ```
#[must_use = "nothing is checked before `check`"]
pub struct WriteOnce {
    call: Call,
    script: Box<dyn Fn() -> Script>,
    settings: Vec<Setting>,
}

impl WriteOnce {
    /// A call of a tool. Arguments are anything that serializes to an object, or to `null` for none.
    ///
    /// # Panics
    /// When the arguments cannot be written as JSON.
    pub fn tool(name: impl Into<String>, arguments: impl Serialize) -> Self {
        Self::new(Call::Tool { name: name.into(), arguments: value(arguments) })
    }

    /// A prompt that is got.
    ///
    /// # Panics
    /// When the arguments cannot be written as JSON.
    pub fn prompt(name: impl Into<String>, arguments: impl Serialize) -> Self {
        Self::new(Call::Prompt { name: name.into(), arguments: value(arguments) })
    }

    /// A resource that is read.
    pub fn resource(uri: impl Into<String>) -> Self {
        Self::new(Call::Resource { uri: uri.into() })
    }

    fn new(call: Call) -> Self {
        Self { call, script: Box::new(Script::new), settings: Setting::ALL.to_vec() }
    }

    /// The answers to what is asked, made anew for each setting. The server has to ask for all of them, and for no more.
    pub fn answers(mut self, script: impl Fn() -> Script + 'static) -> Self {
        self.script = Box::new(script);
        self
    }

    /// Just these settings; the others are compared with the first.
    pub fn only(mut self, settings: impl IntoIterator<Item = Setting>) -> Self {
        self.settings = settings.into_iter().collect();
        self
    }

    /// Makes the call in each setting. `server` makes the servers; what their handlers do is counted in the [`Effects`] that it gets.
    ///
    /// # Panics
    /// When the call behaves in one setting unlike in the first; the text has all [`Differences`]. Also when a server cannot be built.
    pub async fn check(self, server: impl Fn(Effects) -> ServerBuilder) -> Report {
        self.compare(server).await.unwrap_or_else(|differences| panic!("{differences}"))
    }

    /// Like [`check`](Self::check), for those who want to look at the differences.
    ///
    /// # Errors
    /// When the call behaves in one setting unlike in the first.
    ///
    /// # Panics
    /// When a server cannot be built, or there is no setting at all.
    pub async fn compare(self, server: impl Fn(Effects) -> ServerBuilder) -> Result<Report, Differences> {
        assert!(!self.settings.is_empty(), "a check in no setting shows nothing");
        let mut runs = Vec::with_capacity(self.settings.len());
        let mut found = Vec::new();
        for &setting in &self.settings {
            let script = (self.script)();
            let run = self.run(setting, &script, &server).await;
            found.extend(script.unfinished().map(|got| Difference {
                setting,
                what: "the questions".to_owned(),
                expected: "as many as the script has answers".to_owned(),
                got,
            }));
            runs.push(run);
        }
        found.extend(compare(&runs));
        if found.is_empty() { Ok(Report(runs)) } else { Err(Differences(found)) }
    }

    async fn run(
        &self,
        setting: Setting,
        script: &Script,
        server: &impl Fn(Effects) -> ServerBuilder,
    ) -> Run {
        let effects = Effects::new();
        let recorder = Recorder::new();
        let target = target(setting, || server(effects.clone()));
        let era = if setting.is_legacy() { Revision::V2025_11_25 } else { Revision::V2026_07_28 };
        let builder = script.install(recorder.record(Client::builder().era(era)));
        let answer = match builder.connect_shared(&target).await {
            Ok(client) => {
                let answer = self.call.run(&client).await;
                client.close().await;
                answer
            }
            Err(error) => unreachable(&error),
        };
        let mut questions: Vec<_> = script.asked().iter().map(described).collect();
        questions.sort();
        // A session may keep the roots, which say when they change.
        questions.dedup_by(|one, other| one == "roots" && other == "roots");
        let progress = recorder.progress().iter().map(reported).collect();
        Run { setting, answer, effects: effects.taken(), questions, progress }
    }
}

fn target(setting: Setting, server: impl Fn() -> ServerBuilder) -> SharedConnect {
    match setting {
        Setting::Legacy | Setting::Modern => SharedConnect::new(built(server())),
        #[cfg(feature = "http")]
        Setting::LegacyHttp | Setting::ModernHttp => {
            let service = built(server()).http().service();
            SharedConnect::new(Http::in_process(service, "/mcp"))
        }
        Setting::Fleet => {
            let keys = StateKeys::random();
            SharedConnect::new(Fleet::new([(); 2].map(|()| built(server().state_keys(keys.clone())))))
        }
    }
}

fn built(builder: ServerBuilder) -> Server {
    builder.build().unwrap_or_else(|error| panic!("cannot build the server: {error}"))
}

fn unreachable(error: &ClientError) -> Value {
    serde_json::json!({ "failure": format!("cannot connect: {error}") })
}

fn value(arguments: impl Serialize) -> Value {
    serde_json::to_value(arguments).unwrap_or_else(|error| panic!("the arguments are no JSON: {error}"))
}

/// The part of a question that is the same in every revision.
fn described(asked: &Asked) -> String {
    match asked {
        Asked::Form(form) => format!("form: {}", form.message),
        Asked::Url(url) => format!("URL: {}", url.message),
        Asked::Sample(params) => {
            let messages = serde_json::to_string(&params.messages).unwrap_or_default();
            format!("sample: {messages}")
        }
        Asked::Roots => "roots".to_owned(),
    }
}

fn reported(progress: &ProgressParams) -> String {
    let total = progress.total.as_ref().map(|total| format!(" of {total}")).unwrap_or_default();
    let message = progress.message.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
    format!("{}{total}{message}", progress.progress)
}

impl fmt::Debug for WriteOnce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteOnce")
            .field("call", &self.call)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
