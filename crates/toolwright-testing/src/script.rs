use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use toolwright_client::{Builder, Refusal};
use toolwright_core::{
    joint::BoxFuture,
    model::{
        CreateMessageParams, CreateMessageResult, ElicitFormParams, ElicitResult, ElicitUrlParams, Root,
    },
};

/// What a user does with a URL.
pub(crate) type Visit = Arc<dyn Fn(String) -> BoxFuture<'static, ()> + Send + Sync>;

/// Answers for what a server asks, in order, one queue for each kind. A kind without answers is not declared.
///
/// # Example
/// ```
/// use serde_json::json;
/// use toolwright_client::{Client, ClientError};
/// use toolwright_core::{joint::Connect, model::ElicitResult};
/// use toolwright_testing::Script;
///
/// async fn books(server: impl Connect) -> Result<(), ClientError> {
///     let script = Script::new().elicit(ElicitResult::accept([("row", "B")])).elicit(ElicitResult::decline());
///     let client = script.install(Client::builder()).connect(server).await?;
///     client.call("book", json!({ "show": "hamlet" })).await?;
///     script.finish();
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Script(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    forms: Option<VecDeque<FormAnswer>>,
    urls: Option<VecDeque<ElicitResult>>,
    samples: Option<VecDeque<Result<CreateMessageResult, Refusal>>>,
    roots: Option<Vec<Root>>,
    asked: Vec<Asked>,
    surplus: usize,
}

#[derive(Debug)]
struct FormAnswer {
    about: Option<String>,
    answer: ElicitResult,
}

/// What a server asked.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Asked {
    /// To fill in a form.
    Form(ElicitFormParams),
    /// To visit a URL.
    Url(ElicitUrlParams),
    /// To sample a message.
    Sample(Box<CreateMessageParams>),
    /// For the roots.
    Roots,
}

impl Script {
    /// No answers, and nothing declared.
    pub fn new() -> Self {
        Self::default()
    }

    /// The answer to the next form.
    #[must_use]
    pub fn elicit(self, answer: ElicitResult) -> Self {
        self.state().forms.get_or_insert_default().push_back(FormAnswer { about: None, answer });
        self
    }

    /// The answer to the next form with this text in its message, for forms that are open at the same time: those have no order.
    #[must_use]
    pub fn elicit_about(self, text: impl Into<String>, answer: ElicitResult) -> Self {
        let about = Some(text.into());
        self.state().forms.get_or_insert_default().push_back(FormAnswer { about, answer });
        self
    }

    /// The answer to the next request to visit a URL.
    #[must_use]
    pub fn elicit_url(self, answer: ElicitResult) -> Self {
        self.state().urls.get_or_insert_default().push_back(answer);
        self
    }

    /// The answer to the next request for a message: `CreateMessageResult::new("model", "What it says.")`.
    #[must_use]
    pub fn sample(self, answer: CreateMessageResult) -> Self {
        self.state().samples.get_or_insert_default().push_back(Ok(answer));
        self
    }

    /// Refuses the next request for a message.
    #[must_use]
    pub fn refuse_sample(self, refusal: Refusal) -> Self {
        self.state().samples.get_or_insert_default().push_back(Err(refusal));
        self
    }

    /// The answer to each request for the roots.
    #[must_use]
    pub fn roots(self, roots: impl IntoIterator<Item = Root>) -> Self {
        self.state().roots = Some(roots.into_iter().collect());
        self
    }

    /// Installs the handlers for the kinds that have answers.
    pub fn install(&self, builder: Builder) -> Builder {
        self.install_visiting(builder, None)
    }

    /// The same for a user who visits each URL, whatever the answer is then.
    pub(crate) fn install_visiting(&self, mut builder: Builder, visit: Option<Visit>) -> Builder {
        let (forms, urls, samples, roots) = {
            let state = self.state();
            (state.forms.is_some(), state.urls.is_some(), state.samples.is_some(), state.roots.is_some())
        };
        if forms {
            let script = self.clone();
            // Servers are to be shown what does not fit, too.
            builder = builder.complete_forms(false).on_elicit(move |form| {
                let message = form.message.clone();
                let answer = script.next(Asked::Form(form), |state| state.form(&message));
                async { answer.unwrap_or_else(ElicitResult::cancel) }
            });
        }
        if urls {
            let script = self.clone();
            builder = builder.on_elicit_url(move |url| {
                let visiting = visit.as_ref().map(|visit| visit(url.url.clone()));
                let answer = script.next(Asked::Url(url), |state| state.urls.as_mut()?.pop_front());
                async {
                    if let Some(visiting) = visiting {
                        visiting.await;
                    }
                    answer.unwrap_or_else(ElicitResult::cancel)
                }
            });
        }
        if samples {
            let script = self.clone();
            builder = builder.sampling_tools().sampling_context().on_sample(move |params| {
                let asked = Asked::Sample(Box::new(params));
                let answer = script.next(asked, |state| state.samples.as_mut()?.pop_front());
                async { answer.unwrap_or_else(|| Err(Refusal::new("the script has no more answers"))) }
            });
        }
        if roots {
            let script = self.clone();
            builder = builder.on_roots(move || {
                let roots = script.next(Asked::Roots, |state| state.roots.clone());
                async { roots.unwrap_or_default() }
            });
        }
        builder
    }

    fn next<T>(&self, asked: Asked, answer: impl FnOnce(&mut State) -> Option<T>) -> Option<T> {
        let mut state = self.state();
        state.asked.push(asked);
        let answer = answer(&mut state);
        state.surplus += usize::from(answer.is_none());
        answer
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the server asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.state().asked.clone()
    }

    /// Checks that the server asked exactly as often as there were answers.
    ///
    /// # Panics
    /// When it did not.
    pub fn finish(&self) {
        if let Some(what) = self.unfinished() {
            panic!("{what}");
        }
    }

    /// What [`finish`](Self::finish) panics with.
    pub(crate) fn unfinished(&self) -> Option<String> {
        let state = self.state();
        let left = state.forms.as_ref().map_or(0, VecDeque::len)
            + state.urls.as_ref().map_or(0, VecDeque::len)
            + state.samples.as_ref().map_or(0, VecDeque::len);
        match (state.surplus, left) {
            (0, 0) => None,
            (0, left) => Some(format!("the server did not ask for {left} answers of the script")),
            (surplus, _) => {
                Some(format!("the server asked {surplus} times more than the script has answers"))
            }
        }
    }
}

impl State {
    /// Takes the first answer that goes with this message.
    fn form(&mut self, message: &str) -> Option<ElicitResult> {
        let forms = self.forms.as_mut()?;
        let fits = |answer: &FormAnswer| answer.about.as_ref().is_none_or(|about| message.contains(about));
        let at = forms.iter().position(fits)?;
        forms.remove(at).map(|taken| taken.answer)
    }
}
