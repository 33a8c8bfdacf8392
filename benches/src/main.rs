//! Measures what the budgets are about, and compares.
//!
//! `cargo run -p toolwright-benches --release -- [--check] [--quick] [--update] [--compile]`, or
//! `cargo run -p toolwright-benches --release -- http [--quick] [--peers] ..` for servers side by side over HTTP, or
//! `.. -- client [--quick]` for our client beside that of the official SDK.
//!
//! - `--check` fails when something is over its budget: allocations exactly, instructions against `baseline.json` with 3 %
//!   slack, CPU over stdio and HTTP as a ratio to a bare loop and a bare handler, with slack for busy machines.
//! - `--quick` measures fewer and shorter rounds.
//! - `--update` writes `baseline.json` anew.
//! - `--compile` also measures how long a crate with 100 tools compiles, which takes minutes and is never asserted.
//!
//! Everything is measured in release builds, whatever this program is. Instructions are counted by valgrind.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to its user")]

mod client;
mod http;
mod measure;
mod pin;

use std::{env, error::Error, process::ExitCode};

use measure::{Baseline, Report, Subjects};

const USAGE: &str = "usage: toolwright-benches [--check] [--quick] [--update] [--compile]";

#[derive(Clone, Copy, Debug, Default)]
struct Wishes {
    check: bool,
    quick: bool,
    update: bool,
    compile: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [first, rest @ ..] = arguments.as_slice() {
        let done = match first.as_str() {
            "http" => Some(http::command(rest)),
            "client" => Some(client::command(rest)),
            _ => None,
        };
        match done {
            Some(Ok(())) => return ExitCode::SUCCESS,
            Some(Err(error)) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
            None => {}
        }
    }
    let mut wishes = Wishes::default();
    for argument in &arguments {
        match argument.as_str() {
            "--check" => wishes.check = true,
            "--quick" => wishes.quick = true,
            "--update" => wishes.update = true,
            "--compile" => wishes.compile = true,
            _ => {
                eprintln!("{USAGE}\n{}\n{}", http::USAGE, client::USAGE);
                return ExitCode::from(2);
            }
        }
    }
    match run(wishes) {
        Ok(report) => {
            println!("{report}");
            if report.is_over() && wishes.check { ExitCode::FAILURE } else { ExitCode::SUCCESS }
        }
        Err(error) => {
            eprintln!("cannot measure: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(wishes: Wishes) -> Result<Report, Box<dyn Error>> {
    let subjects = Subjects::build()?;
    let baseline = Baseline::load()?;
    let mut found = Baseline::new()?;
    let mut report = Report::default();
    measure::allocations(&subjects, &baseline, &mut found, &mut report)?;
    measure::instructions(&subjects, &baseline, &mut found, &mut report)?;
    measure::start(&subjects, wishes.quick, &mut report)?;
    if wishes.compile {
        measure::compile(&mut report)?;
    }
    // Last, because these keep this process on one core.
    pin::stay_off();
    measure::stdio(&subjects, wishes.quick, &mut report)?;
    http::gate(&subjects, &mut report)?;
    if wishes.update {
        found.save()?;
    }
    Ok(report)
}
