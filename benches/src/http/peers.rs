use std::{
    error::Error,
    path::{Path, PathBuf},
    process::Command,
};

use super::contender::Contender;
use crate::measure::cargo;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers");
/// What they are built into, apart from our own builds.
const TARGET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/peers");

/// Frameworks in Rust, each in a workspace of its own: the name, which is that of its folder, and the program.
const RUST: [(&str, &str); 3] =
    [("rmcp", "peer-rmcp"), ("tower-mcp", "peer-tower-mcp"), ("turbomcp", "peer-turbomcp")];

/// Builds the peers, or those whose names are wanted. Takes minutes the first time.
pub(super) fn build(wanted: &[String]) -> Result<Vec<Contender>, Box<dyn Error>> {
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    let mut peers = Vec::new();
    for (name, program) in RUST.into_iter().filter(|(name, _)| is_wanted(name)) {
        peers.push(Contender::new(name, build_rust(name, program)?));
    }
    if is_wanted("fastmcp") {
        peers.push(fastmcp()?);
    }
    Ok(peers)
}

/// Builds the peer in the folder `name`, and gives the path of its `program`.
pub(crate) fn build_rust(name: &str, program: &str) -> Result<PathBuf, Box<dyn Error>> {
    let manifest = Path::new(FOLDER).join(name).join("Cargo.toml");
    let mut build = cargo();
    build.args(["build", "--release", "--locked", "--jobs", "1", "--target-dir", TARGET, "--manifest-path"]);
    run(build.arg(manifest))?;
    Ok(Path::new(TARGET).join("release").join(program))
}

/// Python, in a virtual environment of its own.
fn fastmcp() -> Result<Contender, Box<dyn Error>> {
    let folder = Path::new(FOLDER).join("fastmcp");
    let environment = Path::new(TARGET).join("fastmcp");
    let python = environment.join("bin/python");
    if !python.exists() {
        run(Command::new("bash").arg(folder.join("install.sh")).arg(environment))?;
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
