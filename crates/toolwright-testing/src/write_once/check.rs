use std::{fmt, sync::Arc};

use serde::Serialize;
use serde_json::Value;
use toolwright_core::joint::BoxFuture;
use toolwright_server::{Links, ServerBuilder, links::LinkError};

use super::{
    Differences, Effects, Fault, Incident, Report, Setting,
    call::Call,
    difference::compare,
    faults::broken,
    trial::{Page, Trial},
};
use crate::Script;

/// More points of one round than any handler has that comes to its end.
const MOST_POINTS: usize = 256;

/// Checks that a call behaves alike wherever its handler runs: in sessions, for stateless clients, and in a fleet of servers that
/// share nothing but a key, or a key and a store. And, if it is told to, whatever goes [wrong](Fault) there.
///
/// The same call is made in every [`Setting`], on servers of its own each time, with the same answers to what is asked. Compared are
/// the answer byte for byte, the questions, the progress, and the [`Effects`]: those that must happen once did so everywhere, others
/// wherever they did at all.
///
/// With [`faults`](Self::faults) it is then made once more in each fleet for each fault and each round that it can strike (and each
/// point of the round), and compared with what the [table of promises](Fault) says.
///
/// # Example
/// ```
/// use serde_json::json;
/// use toolwright_core::model::ElicitResult;
/// use toolwright_server::{Context, HandlerError, Server, Tool};
/// use toolwright_testing::{Effects, Fault, Script, WriteOnce};
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
///     .faults(Fault::ALL)
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
    faults: Vec<Fault>,
    page: Option<Page>,
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
        let settings = Setting::ALL.to_vec();
        Self { call, script: Box::new(Script::new), settings, faults: Vec::new(), page: None }
    }

    /// The answers to what is asked, made anew for each run. The server has to ask for all of them, and for no more.
    pub fn answers(mut self, script: impl Fn() -> Script + 'static) -> Self {
        self.script = Box::new(script);
        self
    }

    /// What the web page does that the user opens when [`elicit_url`](toolwright_server::Context::elicit_url) asks to: it gets the
    /// links of one of the servers, in a fleet of each in turn, and the URL. Only then the user agrees, or not, as the script has it.
    ///
    /// Servers of a fleet see what a page of another one did if they share a [store](toolwright_server::ServerBuilder::store), which
    /// is for the builder to say.
    ///
    /// # Example
    /// ```
    /// use serde_json::json;
    /// use toolwright_core::model::{ElicitAction, ElicitResult};
    /// use toolwright_server::{Context, HandlerError, Server, Tool};
    /// use toolwright_store::{MemoryKeyValue, SharedKeyValue};
    /// use toolwright_testing::{Script, WriteOnce};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let connect = Tool::new("connect").handler(|context: Context| async move {
    ///     let url = |link: &_| format!("https://app.example/connect?state={link}");
    ///     context.elicit_url("Connect your account", url).completed::<String>().await
    /// });
    /// let store = SharedKeyValue::new(MemoryKeyValue::new());
    /// let report = WriteOnce::tool("connect", json!({}))
    ///     .answers(|| Script::new().elicit_url(ElicitResult::new(ElicitAction::Accept)))
    ///     .visits(|links, url| async move {
    ///         let link = url.split_once("state=").map(|(_, link)| link).unwrap_or_default();
    ///         links.open(link, None).await?.complete("ada@example.org").await
    ///     })
    ///     .check(|_| Server::builder("accounts").store(store.clone()).tool(connect.clone()))
    ///     .await;
    /// assert_eq!(report.text(), "ada@example.org");
    /// # }
    /// ```
    pub fn visits<F, R>(mut self, page: F) -> Self
    where
        F: Fn(Links, String) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), LinkError>> + Send + 'static,
    {
        self.page = Some(Arc::new(move |links, url| -> BoxFuture<'static, _> { Box::pin(page(links, url)) }));
        self
    }

    /// Just these settings; the others are compared with the first.
    pub fn only(mut self, settings: impl IntoIterator<Item = Setting>) -> Self {
        self.settings = settings.into_iter().collect();
        self
    }

    /// What is to go wrong, in each round of the call: `Fault::ALL` for everything. Default nothing.
    ///
    /// It strikes in those settings that have several servers. A round that strikes at each point is run as often as it has points, so
    /// handlers should not take real time there; the clock of the replica that is killed is the real one even in a test whose clock is
    /// paused.
    pub fn faults<'f>(mut self, faults: impl IntoIterator<Item = &'f Fault>) -> Self {
        self.faults = faults.into_iter().copied().collect();
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
    /// When the call behaves in one setting unlike in the first, or a fault breaks a promise. Faults strike only where the settings
    /// are alike.
    ///
    /// # Panics
    /// When a server cannot be built, or there is no setting at all.
    pub async fn compare(self, server: impl Fn(Effects) -> ServerBuilder) -> Result<Report, Differences> {
        assert!(!self.settings.is_empty(), "a check in no setting shows nothing");
        let mut trials = Vec::with_capacity(self.settings.len());
        for &setting in &self.settings {
            trials.push(self.trial(setting, None, &server).await);
        }
        let mut found: Vec<_> = trials.iter().flat_map(|trial| trial.differences.clone()).collect();
        found.extend(compare(trials.iter().map(|trial| &trial.run)));
        let mut disturbed = Vec::new();
        if found.is_empty() {
            for calm in trials.iter().filter(|trial| trial.run.setting().is_fleet()) {
                for &fault in &self.faults {
                    for trial in self.disturbed(calm, fault, &server).await {
                        found.extend(trial.differences.iter().cloned());
                        found.extend(broken(calm, &trial));
                        disturbed.push(trial.run);
                    }
                }
            }
        }
        let runs = trials.into_iter().map(|trial| trial.run).collect();
        if found.is_empty() { Ok(Report { runs, disturbed }) } else { Err(Differences(found)) }
    }

    /// The call with this fault in each of its rounds.
    async fn disturbed(
        &self,
        calm: &Trial,
        fault: Fault,
        server: &impl Fn(Effects) -> ServerBuilder,
    ) -> Vec<Trial> {
        let mut trials = Vec::new();
        for round in 1..calm.noted.rounds.len() {
            for point in 0..MOST_POINTS {
                let incident = Incident { fault, round, point };
                let trial = self.trial(calm.run.setting(), Some(incident), server).await;
                let over = !fault.strikes_anywhere() || trial.noted.too_late || !trial.differences.is_empty();
                trials.push(trial);
                if over {
                    break;
                }
            }
        }
        trials
    }

    async fn trial(
        &self,
        setting: Setting,
        incident: Option<Incident>,
        server: &impl Fn(Effects) -> ServerBuilder,
    ) -> Trial {
        let script = (self.script)();
        Trial::run(setting, incident, &self.call, &script, self.page.as_ref(), server).await
    }
}

fn value(arguments: impl Serialize) -> Value {
    serde_json::to_value(arguments).unwrap_or_else(|error| panic!("the arguments are no JSON: {error}"))
}

impl fmt::Debug for WriteOnce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteOnce")
            .field("call", &self.call)
            .field("settings", &self.settings)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}
