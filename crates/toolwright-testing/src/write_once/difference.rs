use std::{collections::BTreeSet, fmt};

use super::{Incident, Run, Setting, effects::Counted};

/// Where one setting is unlike the first, or a fault makes a difference that it should not make.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The setting that is unlike.
    pub setting: Setting,
    /// What went wrong there, if something did.
    pub incident: Option<Incident>,
    /// What is unlike.
    pub what: String,
    /// What was expected: from the first setting, from the same one without a fault, or by a rule.
    pub expected: String,
    /// What it was.
    pub got: String,
}

impl Difference {
    /// A difference of this run.
    pub(super) fn of(
        run: &Run,
        what: impl Into<String>,
        expected: impl fmt::Display,
        got: impl fmt::Display,
    ) -> Self {
        let (expected, got) = (expected.to_string(), got.to_string());
        Self { setting: run.setting, incident: run.incident, what: what.into(), expected, got }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { setting, incident, what, expected, got } = self;
        write!(f, "{setting}")?;
        if let Some(incident) = incident {
            write!(f, ", {incident}")?;
        }
        write!(f, ": {what}\n  expected: {expected}\n  got:      {got}")
    }
}

/// A handler that is not written once: all that is unlike.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(Difference::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Differences(pub(super) Vec<Difference>);

impl Differences {
    /// All that is unlike, in the order of the settings. Never empty.
    pub fn all(&self) -> &[Difference] {
        &self.0
    }
}

/// Compares each run with the first.
pub(super) fn compare<'r>(runs: impl Iterator<Item = &'r Run> + Clone) -> Vec<Difference> {
    let mut found = Vec::new();
    let Some(first) = runs.clone().next() else { return found };
    for run in runs {
        let mut differ = |what: &str, expected: &dyn fmt::Display, got: &dyn fmt::Display| {
            found.push(Difference::of(run, what, expected, got));
        };
        // As text, since equal values may be written in different ways, and a client sees how they are.
        let (expected, got) = (first.answer.to_string(), run.answer.to_string());
        if expected != got {
            differ("the answer", &expected, &got);
        }
        if first.questions != run.questions {
            differ("the questions", &listed(&first.questions), &listed(&run.questions));
        }
        if first.progress != run.progress {
            differ("the progress", &listed(&first.progress), &listed(&run.progress));
        }
        let (keyed, same_keyed) = (first.effects.keyed(), run.effects.keyed());
        let once = pairs(&first.effects.once, &run.effects.once);
        for (name, expected, got) in once.chain(pairs(&keyed, &same_keyed)) {
            if got != 1 {
                differ(&format!("the effect `{name}`"), &"exactly once", &times(got));
            } else if expected == 0 {
                differ(&format!("the effect `{name}`"), &times(0), &times(got));
            }
        }
        for (name, expected, got) in pairs(&first.effects.repeatable, &run.effects.repeatable) {
            let what = format!("the effect `{name}`");
            if run.setting.is_legacy() == first.setting.is_legacy() && expected != got {
                differ(&what, &times(expected), &times(got));
            } else if (expected == 0) != (got == 0) || got < expected {
                differ(&what, &format!("at least {}", times(expected.max(1))), &times(got));
            }
        }
    }
    found
}

/// The counts of both, by name.
pub(super) fn pairs<'a>(
    expected: &'a Counted,
    got: &'a Counted,
) -> impl Iterator<Item = (&'a String, usize, usize)> {
    let names: BTreeSet<_> = expected.keys().chain(got.keys()).collect();
    let of = |counted: &Counted, name: &String| counted.get(name).copied().unwrap_or_default();
    names.into_iter().map(move |name| (name, of(expected, name), of(got, name)))
}

pub(super) fn times(count: usize) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

pub(super) fn listed(texts: &[String]) -> String {
    if texts.is_empty() { "none".to_owned() } else { texts.join(" | ") }
}
