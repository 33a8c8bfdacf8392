use std::sync::{Arc, Mutex, PoisonError};

use toolwright_client::Client;
use toolwright_core::{era::Revision, joint::BoxFuture, model::ProgressParams};
use toolwright_server::{Links, ServerBuilder, links::LinkError};

use super::{Difference, Effects, Incident, Run, Setting, call::Call, faults::Noted, target::Target};
use crate::{Asked, Recorder, Script, script::Visit};

/// What a page does with links and the URL that it was opened by.
pub(super) type Page = Arc<dyn Fn(Links, String) -> BoxFuture<'static, Result<(), LinkError>> + Send + Sync>;

/// One call, and what is wrong with it by itself.
pub(super) struct Trial {
    pub(super) run: Run,
    pub(super) noted: Noted,
    pub(super) differences: Vec<Difference>,
}

impl Trial {
    pub(super) async fn run(
        setting: Setting,
        incident: Option<Incident>,
        call: &Call,
        script: &Script,
        page: Option<&Page>,
        server: &impl Fn(Effects) -> ServerBuilder,
    ) -> Self {
        let effects = Effects::new();
        let recorder = Recorder::new();
        let target = Target::new(setting, incident, &effects, || server(effects.clone()));
        let failures = Failures::default();
        let visit = page.map(|page| visit(Arc::clone(page), target.clone(), failures.clone()));
        let era = if setting.is_legacy() { Revision::V2025_11_25 } else { Revision::V2026_07_28 };
        let builder = script.install_visiting(recorder.record(Client::builder().era(era)), visit);
        let answer = match builder.connect_shared(&target.connect()).await {
            Ok(client) => {
                let answer = call.run(&client).await;
                target.after().await;
                client.close().await;
                answer
            }
            Err(error) => serde_json::json!({ "failure": format!("cannot connect: {error}") }),
        };
        let noted = target.end().await;
        let mut questions: Vec<_> = script.asked().iter().map(described).collect();
        questions.sort();
        // A session may keep the roots, which say when they change.
        questions.dedup_by(|one, other| one == "roots" && other == "roots");
        let progress = recorder.progress().iter().map(reported).collect();
        let run = Run { setting, incident, answer, effects: effects.taken(), questions, progress };
        let mut differences: Vec<_> = script
            .unfinished()
            .map(|got| Difference::of(&run, "the questions", "as many as the script has answers", got))
            .into_iter()
            .collect();
        let failures = failures.0.lock().unwrap_or_else(PoisonError::into_inner);
        differences.extend(failures.iter().map(|got| Difference::of(&run, "the page", "no error", got)));
        Self { run, noted, differences }
    }
}

/// Errors of pages.
#[derive(Clone, Default)]
struct Failures(Arc<Mutex<Vec<String>>>);

fn visit(page: Page, target: Target, failures: Failures) -> Visit {
    Arc::new(move |url| {
        let visiting = page(target.links(), url);
        let failures = failures.clone();
        Box::pin(async move {
            if let Err(error) = visiting.await {
                failures.0.lock().unwrap_or_else(PoisonError::into_inner).push(error.to_string());
            }
        })
    })
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
