use super::{Fault, Noted};
use crate::write_once::{
    Difference, Run, Setting,
    difference::{listed, pairs, times},
    effects::Counted,
    trial::Trial,
};

/// Compares a run in which something went wrong with one in the same setting in which nothing did.
pub(in crate::write_once) fn broken(calm: &Trial, disturbed: &Trial) -> Vec<Difference> {
    let mut found = Vec::new();
    let Trial { run: calm, noted: calmly, .. } = calm;
    let Trial { run, noted, .. } = disturbed;
    let Some(incident) = run.incident else { return found };
    let mut differ = |what: String, expected: String, got: String| {
        found.push(Difference::of(run, what, expected, got));
    };
    if calm.questions != run.questions {
        differ("the questions".into(), listed(&calm.questions), listed(&run.questions));
    }
    if calmly.rounds.len() != noted.rounds.len() {
        let rounds = |noted: &Noted| noted.rounds.len().to_string();
        differ("the number of requests".into(), rounds(calmly), rounds(noted));
    }
    let with_store = run.setting == Setting::FleetWithStore;
    if with_store {
        for (first, again) in &noted.other_replies {
            differ("the reply to a request that came again".into(), first.clone(), again.clone());
        }
    }
    let other_things = incident.fault == Fault::OldState && !with_store;
    let more = |name: &str| {
        if with_store {
            count(&noted.unknown, name)
        } else if other_things {
            // With other answers other things may happen, but what the state knows of is over.
            let known = count(&calmly.rounds[incident.round], name) > 0;
            if known { 0 } else { usize::MAX }
        } else {
            noted.more_runs * in_round(calm, calmly, incident.round, name)
        }
    };
    let mut repeated = false;
    for (name, expected, got) in pairs(&calm.effects.once, &run.effects.once) {
        repeated |= got > expected;
        if got < expected || got - expected > more(name) {
            differ(format!("the effect `{name}`"), at_most(expected, more(name)), times(got));
        }
    }
    for (name, expected, got) in pairs(&calm.effects.keyed(), &run.effects.keyed()) {
        if got < expected || (got > expected && !other_things) {
            differ(format!("the effect `{name}` with a key of its own"), times(expected), times(got));
        }
    }
    for (name, expected, got) in pairs(&calm.effects.repeatable, &run.effects.repeatable) {
        if got < expected {
            differ(format!("the effect `{name}`"), format!("at least {}", times(expected)), times(got));
        }
    }
    // A step that was taken again may have come to something else.
    let (expected, got) = (calm.answer.to_string(), run.answer.to_string());
    if !repeated && expected != got {
        differ("the answer".into(), expected, got);
    }
    found
}

fn count(counted: &Counted, name: &str) -> usize {
    counted.get(name).copied().unwrap_or_default()
}

/// How often this happens in this round of a call, if nothing goes wrong.
fn in_round(calm: &Run, calmly: &Noted, round: usize, name: &str) -> usize {
    let after = calmly.rounds.get(round + 1).unwrap_or(&calm.effects.once);
    count(after, name) - count(&calmly.rounds[round], name)
}

fn at_most(expected: usize, more: usize) -> String {
    match more {
        0 => times(expected),
        more => format!("{} to {}", times(expected), times(expected.saturating_add(more))),
    }
}
