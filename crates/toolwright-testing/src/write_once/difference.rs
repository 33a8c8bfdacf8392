use std::{collections::BTreeSet, fmt};

use super::{Run, Setting, effects::Counted};

/// Where one setting is unlike the first.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The setting that is unlike.
    pub setting: Setting,
    /// What is unlike.
    pub what: String,
    /// What was expected, from the first setting or by a rule.
    pub expected: String,
    /// What it was.
    pub got: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { setting, what, expected, got } = self;
        write!(f, "{setting}: {what}\n  expected: {expected}\n  got:      {got}")
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
pub(super) fn compare(runs: &[Run]) -> Vec<Difference> {
    let mut found = Vec::new();
    let Some(first) = runs.first() else { return found };
    for run in runs {
        let mut differ = |what: &str, expected: &dyn fmt::Display, got: &dyn fmt::Display| {
            let (expected, got) = (expected.to_string(), got.to_string());
            found.push(Difference { setting: run.setting, what: what.to_owned(), expected, got });
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
        let once = (&first.effects.once, &run.effects.once);
        for (name, expected, got) in pairs(once.0, once.1) {
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
fn pairs<'a>(expected: &'a Counted, got: &'a Counted) -> impl Iterator<Item = (&'a String, usize, usize)> {
    let names: BTreeSet<_> = expected.keys().chain(got.keys()).collect();
    let of = |counted: &Counted, name: &String| counted.get(name).copied().unwrap_or_default();
    names.into_iter().map(move |name| (name, of(expected, name), of(got, name)))
}

fn times(count: usize) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

fn listed(texts: &[String]) -> String {
    if texts.is_empty() { "none".to_owned() } else { texts.join(" | ") }
}
