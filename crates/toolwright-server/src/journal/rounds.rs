use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use toolwright_core::{Raw, model::InputRequest};

use super::{IdempotencyKey, Journal, Round, claim::Claim, state::Content, step::Step};
use crate::{Context, HandlerError, question::QuestionError};

/// The journal of one run of a call, and the questions that this run has open.
#[derive(Debug, Default)]
pub(crate) struct Rounds(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    journal: Journal,
    round: u32,
    /// Whether the client sent something for this run.
    retried: bool,
    /// The component that the round before found.
    schema: Option<u64>,
    /// What the client answers with this run.
    given: HashMap<String, Raw>,
    /// What the round before asked.
    asked: BTreeSet<String>,
    /// Answers to what this call asked that nobody has taken yet.
    waiting: BTreeSet<String>,
    open: BTreeMap<String, InputRequest>,
    /// Whether there are open questions that the client is not asked yet.
    fresh: bool,
    suspended: bool,
    /// What the handler did that cannot work in all settings.
    misuse: Option<String>,
    /// The right to serve this round, if one is needed. Whoever runs the call holds it.
    claim: Weak<Claim>,
}

/// What a run that ends with questions leaves behind.
pub(super) struct Suspension {
    pub(super) questions: BTreeMap<String, InputRequest>,
    pub(super) content: Content,
}

impl Rounds {
    /// A run that goes on where a recorded one stood.
    pub(crate) fn resumed(journal: Journal) -> Self {
        let waiting = journal.answers.keys().cloned().collect();
        Self(Mutex::new(State { journal, waiting, ..State::default() }))
    }

    /// A run for which the client sent answers, a state, or both.
    pub(super) fn again(given: HashMap<String, Raw>, content: Option<Content>) -> Self {
        let content = content.unwrap_or_default();
        let answered = content.asked.iter().filter(|key| given.contains_key(*key));
        let waiting = content.journal.answers.keys().chain(answered).cloned().collect();
        Self(Mutex::new(State {
            round: content.round,
            retried: true,
            schema: content.schema,
            journal: content.journal,
            asked: content.asked,
            given,
            waiting,
            ..State::default()
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which run this is.
    pub(crate) fn round(&self) -> u32 {
        self.state().round
    }

    /// The round, if others can know of it: if the client sent a state.
    pub(crate) fn claimable(&self) -> Option<Round> {
        let state = self.state();
        let journal = state.journal.named().filter(|_| state.retried)?.to_owned();
        Some(Round { journal, round: state.round })
    }

    /// From now on steps are looked for and kept where `claim` is.
    pub(crate) fn claimed(&self, claim: &Arc<Claim>) {
        self.state().claim = Arc::downgrade(claim);
    }

    /// The right to serve this round, if it takes one. It lasts while somebody holds it.
    pub(super) fn claim(&self) -> Option<Arc<Claim>> {
        self.state().claim.upgrade()
    }

    /// Whether the client sent answers or a state, so that nobody may keep the result ("Caching").
    pub(crate) fn is_retry(&self) -> bool {
        self.state().retried
    }

    /// The component that the round before found, if it came so far.
    pub(crate) fn schema(&self) -> Option<u64> {
        self.state().schema
    }

    /// Whether there are answers that the handler has not come to yet.
    pub(crate) fn is_replaying(&self) -> bool {
        !self.state().waiting.is_empty()
    }

    /// Everything of the call so far.
    pub(crate) fn journal(&self) -> Journal {
        self.state().journal.clone()
    }

    /// The answer to a question. One that was accepted is final, since steps may have been taken on the strength of it.
    pub(crate) fn answer(&self, key: &str) -> Option<Raw> {
        let mut state = self.state();
        state.waiting.remove(key);
        state.journal.answers.get(key).or_else(|| state.given.get(key)).cloned()
    }

    /// Whether there is an answer to a question, looked at or not.
    pub(crate) fn is_answered(&self, key: &str) -> bool {
        let state = self.state();
        state.journal.answers.contains_key(key) || state.given.contains_key(key)
    }

    /// Takes an answer that came over the connection.
    pub(crate) fn hear(&self, key: &str, answer: Raw) {
        self.state().given.insert(key.to_owned(), answer);
    }

    /// Takes note that an answer could be used, and keeps it if it will be needed again.
    pub(crate) fn accept(&self, key: &str, answer: Raw, keep: bool) {
        let mut state = self.state();
        state.given.remove(key);
        if keep {
            state.journal.insert(key, answer);
        }
    }

    /// Forgets an answer that could not be used, and tells how many there were.
    pub(crate) fn refuse(&self, key: &str) -> u32 {
        let mut state = self.state();
        state.given.remove(key);
        state.journal.answers.remove(key);
        let times = state.journal.unusable.entry(key.to_owned()).or_insert(0);
        *times = times.saturating_add(1);
        *times
    }

    /// What came of a step in an earlier round.
    pub(super) fn step(&self, name: &str) -> Option<Step> {
        self.state().journal.steps.get(name).cloned()
    }

    /// Keeps what came of a step.
    pub(super) fn take_step(&self, name: &str, step: Step) {
        self.state().journal.steps.insert(name.to_owned(), step);
    }

    /// What the world knows a step by.
    pub(super) fn idempotency_key(&self, name: &str) -> IdempotencyKey {
        IdempotencyKey::new(self.state().journal.id(), name)
    }

    /// A step was given up while it ran. Nobody knows what came of it, so it is not done again.
    pub(super) fn drop_step(&self, name: &str) {
        let mut state = self.state();
        let text = format!(
            "the step `{name}` was dropped while it ran, so that nobody knows whether it was done; await it to its end, and keep it out \
             of `select!` and timeouts"
        );
        if let Ok(step) = Step::of(&Err::<(), _>(HandlerError::public(text.clone()))) {
            state.journal.steps.insert(name.to_owned(), step);
        }
        state.misuse.get_or_insert(text);
    }

    /// Opens a question that the client finds in the result of this run.
    pub(crate) fn open(&self, key: &str, question: InputRequest, most: usize) -> Result<(), QuestionError> {
        let mut state = self.state();
        if state.open.len() >= most {
            return Err(QuestionError::TooMany { most });
        }
        state.open.insert(key.to_owned(), question);
        state.fresh = true;
        Ok(())
    }

    /// A question was given up while it was open.
    fn drop_question(&self, key: &str) {
        let mut state = self.state();
        if !state.suspended {
            state.open.remove(key);
            state.fresh &= !state.open.is_empty();
            state.misuse.get_or_insert_with(|| {
                format!(
                    "the question `{key}` was dropped before it was answered; await it to its end, and keep it out of `select!` and \
                     timeouts: a call that waits for an answer starts over with it, so that there is no race to lose"
                )
            });
        }
    }

    /// What the handler did that cannot work in all settings.
    pub(crate) fn misuse(&self) -> Option<String> {
        self.state().misuse.clone()
    }

    /// Ends this run with the questions that are open, if there are new ones.
    pub(super) fn suspend(&self, schema: impl FnOnce() -> Option<u64>) -> Option<Result<Suspension, String>> {
        let mut state = self.state();
        if !std::mem::take(&mut state.fresh) {
            return None;
        }
        state.suspended = true;
        let new = state.open.keys().find(|key| !state.asked.contains(*key));
        let missed = state.waiting.iter().find(|key| state.asked.contains(*key));
        if let (Some(new), Some(missed)) = (new, missed) {
            return Some(Err(format!(
                "the handler took another way than in the round before: it asks `{new}` and has not come to `{missed}`, which the \
                 client has just answered; what decides about questions has to be the same in every round, so take time, chance \
                 and what others may change from `once`, `now` or `random`"
            )));
        }
        state.journal.id();
        let content = Content {
            round: state.round.saturating_add(1),
            expires: 0,
            schema: schema(),
            asked: state.open.keys().cloned().collect(),
            journal: state.journal.clone(),
        };
        Some(Ok(Suspension { questions: state.open.clone(), content }))
    }
}

/// A question that is being asked. Dropped without an end, it was given up by the handler, which is a mistake.
pub(crate) struct Asked<'a> {
    context: &'a Context,
    key: &'a str,
    over: bool,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(context: &'a Context, key: &'a str) -> Self {
        Self { context, key, over: false }
    }

    pub(crate) fn over(mut self) {
        self.over = true;
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        if !self.over && !self.context.is_cancelled() {
            self.context.rounds().drop_question(self.key);
        }
    }
}
