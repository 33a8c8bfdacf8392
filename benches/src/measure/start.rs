use std::{
    error::Error,
    path::Path,
    time::{Duration, Instant},
};

use serde::Deserialize;
use serde_json::value::RawValue;
use toolwright_benches::message::{Speech, request};

use super::{Report, Subjects, peer::Peer, report::Verdict};

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    result: &'a RawValue,
}

/// From the start of the process to the answer of `tools/list`. Only noted: it is wall-clock time.
pub(crate) fn start(subjects: &Subjects, quick: bool, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let request = request(Speech::Modern, 1, "tools/list", "");
    let (_, answer) = once(&subjects.subject, "serve", &request)?;
    let answer: Answer<'_> = serde_json::from_str(&answer)?;
    let list = answer.result.get();
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..if quick { 9 } else { 25 } {
        bare.push(once(&subjects.limit, list, &request)?.0);
        ours.push(once(&subjects.subject, "serve", &request)?.0);
    }
    let (ours, bare) = (median(ours), median(bare));
    report.row(
        "process start to tools/list / bare loop",
        format!("{:.2} ({:.2?} / {:.2?})", ours.as_secs_f64() / bare.as_secs_f64(), ours, bare),
        "1.5",
        Verdict::Noted,
    );
    Ok(())
}

fn once(program: &Path, argument: &str, request: &str) -> Result<(Duration, String), Box<dyn Error>> {
    let begun = Instant::now();
    let mut peer = Peer::start(program, argument)?;
    let answer = peer.ask(request)?;
    let taken = begun.elapsed();
    peer.end()?;
    if !answer.contains("look_up_99") {
        return Err(format!("not the list: {answer}").into());
    }
    Ok((taken, answer))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
