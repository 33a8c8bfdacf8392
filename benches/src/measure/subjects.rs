use std::{
    env,
    error::Error,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde::Deserialize;

/// The programs that are measured, built for release.
#[derive(Debug)]
pub(crate) struct Subjects {
    pub(crate) allocations: PathBuf,
    pub(crate) subject: PathBuf,
    pub(crate) limit: PathBuf,
    pub(crate) http: PathBuf,
    pub(crate) http_limit: PathBuf,
}

/// The line that cargo writes for a binary.
#[derive(Deserialize)]
struct Artifact {
    #[serde(default)]
    executable: Option<PathBuf>,
}

impl Subjects {
    pub(crate) fn build() -> Result<Self, Box<dyn Error>> {
        let built = built(&["--bins"])?;
        let find = |name: &str| {
            let named = |path: &&PathBuf| path.file_stem().is_some_and(|stem| stem == name);
            built.iter().find(named).cloned().ok_or_else(|| format!("cargo built no {name}"))
        };
        Ok(Self {
            allocations: find("bench-allocations")?,
            subject: find("bench-subject")?,
            limit: find("bench-limit")?,
            http: find("bench-http")?,
            http_limit: find("bench-http-limit")?,
        })
    }
}

/// The client that is measured, built for release.
pub(crate) fn client() -> Result<PathBuf, Box<dyn Error>> {
    let built = built(&["--bin", "bench-client", "--features", "client"])?;
    built.into_iter().next().ok_or_else(|| "cargo built no bench-client".into())
}

fn built(arguments: &[&str]) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let output = cargo()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--release", "--message-format=json-render-diagnostics"])
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err("the programs to measure do not build".into());
    }
    Ok(String::from_utf8(output.stdout)?
        .lines()
        .filter_map(|line| serde_json::from_str::<Artifact>(line).ok()?.executable)
        .collect())
}

/// The cargo that runs this program.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a program to its end and takes what it writes.
pub(super) fn output(command: &mut Command) -> Result<(String, String), Box<dyn Error>> {
    let output = command
        .output()
        .map_err(|error| format!("cannot run {}: {error}", Path::new(command.get_program()).display()))?;
    let (out, err) = (String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?);
    if output.status.success() { Ok((out, err)) } else { Err(format!("{command:?} failed: {err}").into()) }
}
