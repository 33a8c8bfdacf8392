//! Chores of the workspace: `cargo xtask tidy` checks what the compiler does not.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to its user")]

mod tidy;

use std::{env, process::ExitCode};

const USAGE: &str = "usage: cargo xtask tidy";

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["tidy"] => match tidy::run() {
            Ok(report) => {
                for note in &report.notes {
                    println!("note: {note}");
                }
                for finding in &report.findings {
                    println!("{finding}");
                }
                if report.findings.is_empty() {
                    println!("tidy");
                    ExitCode::SUCCESS
                } else {
                    println!("{} to tidy up", report.findings.len());
                    ExitCode::FAILURE
                }
            }
            Err(error) => {
                eprintln!("cannot check the workspace: {error}");
                ExitCode::FAILURE
            }
        },
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
