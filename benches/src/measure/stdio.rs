use std::{error::Error, path::Path, time::Duration};

use toolwright_benches::message::Speech;

use super::{Report, Subjects, peer::Peer, report::Verdict};

/// How the calls come, the budget, and from where on it counts as missed on a busy machine.
const SETTINGS: [(&str, u64, f64, f64); 2] =
    [("one at a time", 1, 1.5, 1.75), ("64 in flight", 64, 3.5, 4.0)];

/// CPU time of our server over that of a blocking loop, in interleaved rounds. This process keeps off the core of the servers.
pub(crate) fn stdio(subjects: &Subjects, quick: bool, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let rounds = if quick { 9 } else { 15 };
    for (speech, era) in [(Speech::Legacy, "2025-11-25"), (Speech::Modern, "2026-07-28")] {
        for (name, deep, budget, most) in SETTINGS {
            let count = match (deep, quick) {
                (1, true) => 10_000,
                (1, false) => 50_000,
                (_, true) => 100_000,
                (_, false) => 300_000,
            };
            let (mut our_times, mut bare_times) = (Vec::new(), Vec::new());
            for _ in 0..rounds {
                bare_times.push(round(&subjects.limit, "", speech, deep, count)?);
                our_times.push(round(&subjects.subject, "serve", speech, deep, count)?);
            }
            let (our_time, bare_time) = (per_call(our_times, count), per_call(bare_times, count));
            let ratio = our_time / bare_time;
            report.row(
                format!("stdio CPU, {era}, {name} / bare loop"),
                format!("{ratio:.2} ({our_time:.2} / {bare_time:.2} us)"),
                format!("{budget} (fails over {most})"),
                Verdict::within(ratio <= most),
            );
        }
    }
    Ok(())
}

/// CPU time for so many calls of a process that was started for them.
fn round(
    program: &Path,
    argument: &str,
    speech: Speech,
    deep: u64,
    count: u64,
) -> Result<Duration, Box<dyn Error>> {
    let mut peer = Peer::start(program, argument)?;
    if speech == Speech::Legacy {
        peer.shake_hands()?;
    }
    peer.call(speech, deep, 1000)?;
    let time = peer.call(speech, deep, count)?;
    peer.end()?;
    Ok(time)
}

/// Microseconds per call of the median round.
fn per_call(mut times: Vec<Duration>, count: u64) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64) * 1e6 / count as f64
}
