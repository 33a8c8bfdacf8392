use std::{error::Error, process::Command};

use super::{Baseline, Report, Subjects, report::Verdict, subjects::output};

/// What a plain call may allocate, from ready bytes to the bytes of its answer.
const BUDGET: u64 = 12;

/// Allocations of each case, exactly.
pub(crate) fn allocations(
    subjects: &Subjects,
    baseline: &Baseline,
    found: &mut Baseline,
    report: &mut Report,
) -> Result<(), Box<dyn Error>> {
    let (lines, _) = output(&mut Command::new(&subjects.allocations))?;
    for line in lines.lines() {
        let mut columns = line.split('\t');
        let (Some(name), Some(count), Some(bytes)) = (columns.next(), columns.next(), columns.next()) else {
            return Err(format!("not a count: {line}").into());
        };
        let count: u64 = count.parse()?;
        let before = baseline.allocations.get(name).copied();
        let most = if name == "tools/call" { Some(BUDGET) } else { before };
        report.row(
            format!("allocations: {name}"),
            format!("{count} ({bytes} bytes)"),
            most.map_or_else(String::new, |most| most.to_string()),
            most.map_or(Verdict::Noted, |most| Verdict::within(count <= most)),
        );
        found.allocations.insert(name.to_owned(), count);
    }
    Ok(())
}
