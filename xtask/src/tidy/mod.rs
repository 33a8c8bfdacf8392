//! What the workspace promises about itself, checked.
//!
//! Each check is a function from what it needs in memory to its findings; only [`workspace`] and [`tree`] touch the machine.
mod arrows;
mod budget;
mod exports;
mod finding;
mod lines;
mod package;
mod protocol;
mod source;
mod tree;
mod workspace;

use std::error::Error;

pub(crate) use finding::Finding;

/// What a run came to.
pub(crate) struct Report {
    /// What has to change. Nothing may be left.
    pub(crate) findings: Vec<Finding>,
    /// What was measured or skipped.
    pub(crate) notes: Vec<String>,
}

pub(crate) fn run() -> Result<Report, Box<dyn Error>> {
    let workspace = workspace::Workspace::read()?;
    let mut report = Report { findings: Vec::new(), notes: Vec::new() };
    report.findings.extend(arrows::check(&workspace.crates));
    report.findings.extend(package::check(&workspace.crates));
    let (findings, note) = lines::check(&workspace.sources);
    report.findings.extend(findings);
    report.notes.push(note);
    report.findings.extend(protocol::check(&workspace.sources));
    report.findings.extend(exports::check(&workspace.sources));
    for budget in budget::BUDGETS {
        if workspace.crates.iter().any(|each| each.name == budget.package) {
            let tree = tree::read(&workspace.root, budget)?;
            report.notes.push(budget.note(&tree));
            report.findings.extend(budget.check(&tree));
        } else {
            report.notes.push(format!("crate budget skipped: there is no crate `{}` yet", budget.package));
        }
    }
    Ok(report)
}
