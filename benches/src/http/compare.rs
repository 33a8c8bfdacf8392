use std::error::Error;

use super::{
    contender::Contender,
    load::{Pace, load},
    running::Running,
    sample::{Sample, Spread},
    workload::Workload,
};

/// Several servers at the same work, round by round.
#[derive(Debug)]
pub(super) struct Comparison {
    pub(super) workload: Workload,
    pub(super) connections: usize,
    pub(super) rows: Vec<Row>,
}

/// One server. The first is what the others are compared with.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    /// One a round, or why there are none.
    pub(super) samples: Result<Vec<Sample>, String>,
}

impl Comparison {
    pub(super) fn new(contenders: &[Contender], workload: Workload, connections: usize) -> Self {
        let row = |contender: &Contender| Row { name: contender.name, samples: Ok(Vec::new()) };
        Self { workload, connections, rows: contenders.iter().map(row).collect() }
    }

    /// So many more rounds, with a fresh process for each server in each of them. A server that fails takes part no longer.
    pub(super) async fn run(&mut self, contenders: &[Contender], rounds: usize, pace: Pace) {
        for _ in 0..rounds {
            for (contender, row) in contenders.iter().zip(&mut self.rows) {
                if let Ok(samples) = &mut row.samples {
                    match round(contender, &self.workload, self.connections, pace).await {
                        Ok(sample) => samples.push(sample),
                        Err(error) => row.samples = Err(error.to_string()),
                    }
                }
            }
        }
    }

    /// A figure of a server over that of the first one in the same round.
    pub(super) fn ratio(&self, row: &Row, figure: fn(&Sample) -> f64) -> Result<Spread, String> {
        let first = self.rows.first().ok_or("nobody takes part")?.samples.as_ref()?;
        let own = row.samples.as_ref()?;
        Ok(Spread::of(own.iter().zip(first).map(|(own, first)| figure(own) / figure(first))))
    }
}

async fn round(
    contender: &Contender,
    workload: &Workload,
    connections: usize,
    pace: Pace,
) -> Result<Sample, Box<dyn Error>> {
    let server = Running::start(contender, &contender.arguments_for(workload))?;
    load(&server, workload, connections, pace).await
}
