use std::fmt;

/// The table that is printed.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    what: String,
    measured: String,
    budget: String,
    verdict: Verdict,
}

/// What a measurement means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Within its budget.
    Within,
    /// Over its budget.
    Over,
    /// It has no budget, or none that is comparable.
    Noted,
}

impl Verdict {
    pub(crate) fn within(holds: bool) -> Self {
        if holds { Self::Within } else { Self::Over }
    }
}

impl Report {
    pub(crate) fn row(
        &mut self,
        what: impl Into<String>,
        measured: impl Into<String>,
        budget: impl Into<String>,
        verdict: Verdict,
    ) {
        let row = Row { what: what.into(), measured: measured.into(), budget: budget.into(), verdict };
        self.rows.push(row);
    }

    /// Whether anything is over its budget.
    pub(crate) fn is_over(&self) -> bool {
        self.rows.iter().any(|row| row.verdict == Verdict::Over)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: fn(&Row) -> &str, least: usize| {
            self.rows.iter().map(|row| column(row).chars().count()).chain([least]).max().unwrap_or(least)
        };
        let what = width(|row| &row.what, 4);
        let measured = width(|row| &row.measured, 8);
        let budget = width(|row| &row.budget, 6);
        writeln!(f, "| {:what$} | {:measured$} | {:budget$} | ok   |", "what", "measured", "budget")?;
        let dashes = |width: usize| "-".repeat(width + 2);
        writeln!(f, "|{}|{}|{}|------|", dashes(what), dashes(measured), dashes(budget))?;
        for row in &self.rows {
            let verdict = match row.verdict {
                Verdict::Within => "yes",
                Verdict::Over => "OVER",
                Verdict::Noted => "-",
            };
            writeln!(
                f,
                "| {:what$} | {:measured$} | {:budget$} | {verdict:4} |",
                row.what, row.measured, row.budget
            )?;
        }
        Ok(())
    }
}
