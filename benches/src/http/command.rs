//! `toolwright-benches http`.
use std::{error::Error, time::Duration};

use super::{
    compare::Comparison,
    contender::Contender,
    load::Pace,
    memory::{Amounts, Footprint},
    peers,
    workload::Workload,
};
use crate::{measure::Subjects, pin};

pub(crate) const USAGE: &str = "usage: toolwright-benches http [--quick] [--peers[=NAME,..]] [--only TEXT,..] \
    [--connections N,..] [--rounds N] [--memory | --no-memory]";

#[derive(Debug)]
struct Wishes {
    quick: bool,
    /// All of them if empty.
    peers: Option<Vec<String>>,
    only: Vec<String>,
    connections: Vec<usize>,
    rounds: Option<usize>,
    load: bool,
    memory: bool,
}

/// Measures what the arguments say and prints tables as it goes on.
pub(crate) fn command(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let wishes = Wishes::read(arguments)?;
    let subjects = Subjects::build()?;
    let mut contenders = contenders(&subjects);
    if let Some(wanted) = &wishes.peers {
        contenders.extend(peers::build(wanted)?);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let pinned = pin::stay_off();
    println!(
        "Servers {}.",
        if pinned { "on core 0, asked from core 1" } else { "and who asks them on any core" }
    );
    runtime.block_on(async {
        if wishes.load {
            compare(&wishes, &contenders).await;
        }
        if wishes.memory {
            footprints(&wishes, &contenders).await?;
        }
        Ok(())
    })
}

/// The limit first, then ours.
pub(super) fn contenders(subjects: &Subjects) -> Vec<Contender> {
    vec![
        Contender::new("bare axum", subjects.http_limit.clone()),
        Contender::new("toolwright", subjects.http.clone()),
    ]
}

async fn compare(wishes: &Wishes, contenders: &[Contender]) {
    let (rounds, pace) = wishes.rounds();
    for workload in Workload::ALL.into_iter().filter(|workload| wishes.includes(workload)) {
        let own = workload.connections.to_vec();
        let connections = if wishes.connections.is_empty() { &own } else { &wishes.connections };
        for connections in connections {
            let mut comparison = Comparison::new(contenders, workload, *connections);
            comparison.run(contenders, rounds, pace).await;
            println!("{comparison}");
        }
    }
}

async fn footprints(wishes: &Wishes, contenders: &[Contender]) -> Result<(), Box<dyn Error>> {
    let amounts = if wishes.quick {
        Amounts { sessions: 1000, streams: 100 }
    } else {
        Amounts { sessions: 10_000, streams: 400 }
    };
    println!("\nMemory, {} sessions, {} streams", amounts.sessions, amounts.streams);
    println!("{}", Footprint::HEAD);
    // The first one is no framework: it keeps neither sessions nor streams.
    for contender in contenders {
        println!("{}", Footprint::of(contender, amounts).await?);
    }
    Ok(())
}

impl Wishes {
    fn read(arguments: &[String]) -> Result<Self, Box<dyn Error>> {
        let mut wishes = Self {
            quick: false,
            peers: None,
            only: Vec::new(),
            connections: Vec::new(),
            rounds: None,
            load: true,
            memory: true,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut next = || arguments.next().ok_or_else(|| format!("{argument} needs a value\n{USAGE}"));
            match argument.split_once('=').unwrap_or((argument, "")) {
                ("--quick", _) => wishes.quick = true,
                ("--peers", names) => wishes.peers = Some(list(names)),
                ("--only", _) => wishes.only = list(next()?),
                ("--connections", _) => {
                    let numbers = list(next()?);
                    wishes.connections =
                        numbers.iter().map(|number| number.parse()).collect::<Result<_, _>>()?;
                }
                ("--rounds", _) => wishes.rounds = Some(next()?.parse()?),
                ("--memory", _) => wishes.load = false,
                ("--no-memory", _) => wishes.memory = false,
                _ => return Err(USAGE.into()),
            }
        }
        Ok(wishes)
    }

    fn includes(&self, workload: &Workload) -> bool {
        self.only.is_empty() || self.only.iter().any(|text| workload.name.contains(text.as_str()))
    }

    fn rounds(&self) -> (usize, Pace) {
        let pace = |warm_up, time| Pace {
            warm_up: Duration::from_millis(warm_up),
            time: Duration::from_millis(time),
        };
        let (rounds, pace) = if self.quick { (3, pace(100, 300)) } else { (5, pace(300, 1000)) };
        (self.rounds.unwrap_or(rounds), pace)
    }
}

fn list(names: &str) -> Vec<String> {
    names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
