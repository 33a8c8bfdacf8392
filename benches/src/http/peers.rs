use std::{
    error::Error,
    path::{Path, PathBuf},
    process::Command,
};

use super::contender::Contender;
use crate::measure::cargo;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers");

/// Frameworks in Rust, each in a workspace of its own: the name, which is that of its folder, and the program.
const RUST: [(&str, &str); 3] =
    [("rmcp", "peer-rmcp"), ("tower-mcp", "peer-tower-mcp"), ("turbomcp", "peer-turbomcp")];

/// Builds the peers, or those whose names are wanted. Takes minutes the first time.
pub(super) fn build(wanted: &[String]) -> Result<Vec<Contender>, Box<dyn Error>> {
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    let mut peers = Vec::new();
    for (name, program) in RUST.into_iter().filter(|(name, _)| is_wanted(name)) {
        let folder = Path::new(FOLDER).join(name);
        run(cargo().current_dir(&folder).args([
            "build",
            "--release",
            "--locked",
            "--jobs",
            "1",
            "--target-dir",
            "target",
        ]))?;
        peers.push(Contender::new(name, folder.join("target/release").join(program)));
    }
    if is_wanted("fastmcp") {
        peers.push(fastmcp()?);
    }
    Ok(peers)
}

/// Python, in a virtual environment beside its script.
fn fastmcp() -> Result<Contender, Box<dyn Error>> {
    let folder = Path::new(FOLDER).join("fastmcp");
    let python: PathBuf = folder.join(".venv/bin/python");
    if !python.exists() {
        run(Command::new("bash").arg(folder.join("install.sh")))?;
    }
    let mut contender = Contender::new("fastmcp", python);
    contender.arguments.push(folder.join("server.py").into());
    contender.threads_end = true;
    Ok(contender)
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}").into()) }
}
