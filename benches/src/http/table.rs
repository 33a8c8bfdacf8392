use std::fmt;

use super::{
    compare::{Comparison, Row},
    sample::{Sample, Spread},
};

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { workload, connections, .. } = self;
        let plural = if *connections == 1 { "" } else { "s" };
        writeln!(f, "\n{}, {connections} connection{plural}\n", workload.name)?;
        writeln!(f, "| server | CPU x | CPU us | requests/s x | requests/s | p50 us | p99 us | peak MiB |")?;
        writeln!(f, "|---|---|---|---|---|---|---|---|")?;
        self.rows.iter().try_for_each(|row| self.write_row(row, f))
    }
}

impl Comparison {
    fn write_row(&self, row: &Row, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = row.name;
        let samples = match &row.samples {
            Ok(samples) => samples,
            Err(error) => return writeln!(f, "| {name} | FAILED: {} |", error.replace(['\n', '|'], " ")),
        };
        let (cpu, rate) = match (self.ratio(row, |s| s.cpu), self.ratio(row, |s| s.rate)) {
            (Ok(cpu), Ok(rate)) => (cpu.to_string(), format!("{:.2}", rate.median)),
            _ => ("-".to_owned(), "-".to_owned()),
        };
        let median = |figure: fn(&Sample) -> f64| Spread::of(samples.iter().map(figure)).median;
        writeln!(
            f,
            "| {name} | {cpu} | {:.1} | {rate} | {:.0} | {:.0} | {:.0} | {:.1} |",
            median(|sample| sample.cpu),
            median(|sample| sample.rate),
            median(|sample| sample.p50),
            median(|sample| sample.p99),
            median(|sample| sample.peak as f64 / 1024.0),
        )
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} [{:.2}-{:.2}]", self.median, self.least, self.most)
    }
}
