use std::{error::Error, time::Duration};

use super::{command::contenders, compare::Comparison, load::Pace, workload::Workload};
use crate::measure::{Report, Subjects, Verdict};

/// What is held to a budget, the budget, and from where on it counts as missed on a machine that others use, too.
const BUDGETS: [(&str, f64, f64); 6] = [
    ("add", 1.3, 1.5),
    ("add in a session", 1.4, 1.6),
    ("list 100 tools", 1.2, 1.4),
    ("list 1000 tools", 1.2, 1.4),
    ("echo 64 KiB", 1.1, 1.3),
    ("echo 1 MiB", 1.05, 1.25),
];

const CONNECTIONS: usize = 16;
/// So many rounds decide when they are within the budget, else so many more.
const ROUNDS: usize = 5;
const MORE_ROUNDS: usize = 8;

/// CPU of our server over that of the bare handler, in interleaved rounds. This process keeps off the core of the servers.
pub(crate) fn gate(subjects: &Subjects, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let contenders = contenders(subjects);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let pace = Pace { warm_up: Duration::from_millis(100), time: Duration::from_millis(400) };
    for (name, budget, most) in BUDGETS {
        let mut comparison = Comparison::new(&contenders, Workload::named(name), CONNECTIONS);
        runtime.block_on(comparison.run(&contenders, ROUNDS, pace));
        let ours = |comparison: &Comparison| {
            let row = comparison.rows.last().ok_or("nobody takes part")?;
            comparison.ratio(row, |sample| sample.cpu)
        };
        if ours(&comparison)?.median > most {
            runtime.block_on(comparison.run(&contenders, MORE_ROUNDS, pace));
        }
        let ratio = ours(&comparison)?;
        report.row(
            format!("HTTP CPU, {name}, {CONNECTIONS} connections / bare axum"),
            ratio.to_string(),
            format!("{budget} (fails over {most})"),
            Verdict::within(ratio.median <= most),
        );
    }
    Ok(())
}
