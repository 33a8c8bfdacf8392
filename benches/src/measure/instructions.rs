use std::{collections::BTreeMap, error::Error, path::Path, process::Command};

use toolwright_benches::case::Case;

use super::{Baseline, Report, Subjects, report::Verdict, subjects::output};

/// Two numbers of repetitions, so that the start of the process cancels out.
const FEW: u64 = 100;
const MANY: u64 = 600;
/// Hash seeds and addresses differ from run to run.
const SLACK: f64 = 1.03;

/// Instructions of each case, and what they are compared with.
pub(crate) fn instructions(
    subjects: &Subjects,
    baseline: &Baseline,
    found: &mut Baseline,
    report: &mut Report,
) -> Result<(), Box<dyn Error>> {
    let comparable = baseline.rustc == found.rustc;
    for (name, _) in Case::ALL {
        let count =
            (count(&subjects.subject, name, MANY)? - count(&subjects.subject, name, FEW)?) / (MANY - FEW);
        let before = baseline.instructions.get(*name).copied();
        let (budget, verdict) = match before {
            Some(before) if comparable => {
                let most = before as f64 * SLACK;
                (format!("{most:.0}"), Verdict::within(count as f64 <= most))
            }
            Some(before) => (format!("{before} by {}", baseline.rustc), Verdict::Noted),
            None => (String::new(), Verdict::Noted),
        };
        report.row(format!("instructions: {name}"), count.to_string(), budget, verdict);
        found.instructions.insert((*name).to_owned(), count);
    }
    ratio(&found.instructions, report, "tools/call, 1000 tools", "tools/call, 1 tool", 1.05);
    ratio(&found.instructions, report, "client in process", "bytes in, bytes out", 2.0);
    ratio(&found.instructions, report, "HTTP add", "HTTP add, bare", 1.3);
    ratio(&found.instructions, report, "HTTP add in a session", "HTTP add in a session, bare", 1.45);
    Ok(())
}

fn ratio(counts: &BTreeMap<String, u64>, report: &mut Report, of: &str, to: &str, most: f64) {
    if let (Some(of_count), Some(to_count)) = (counts.get(of), counts.get(to)) {
        let ratio = *of_count as f64 / *to_count as f64;
        report.row(
            format!("instructions: {of} / {to}"),
            format!("{ratio:.2}"),
            format!("{most:.2}"),
            Verdict::within(ratio <= most),
        );
    }
}

fn count(subject: &Path, case: &str, times: u64) -> Result<u64, Box<dyn Error>> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(subject);
    let (_, messages) = output(valgrind.args(["repeat", case, &times.to_string()]))?;
    let collected =
        messages.lines().find_map(|line| line.split_once("Collected :")).ok_or("valgrind counted nothing")?;
    Ok(collected.1.trim().parse()?)
}
