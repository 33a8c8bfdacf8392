use std::{collections::BTreeMap, error::Error, fs, io, process::Command};

use serde::{Deserialize, Serialize};

use super::subjects::output;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/baseline.json");

/// Counts of an earlier state of the code.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Baseline {
    /// Compiler and platform; instructions of another one are not comparable.
    pub(crate) rustc: String,
    pub(crate) allocations: BTreeMap<String, u64>,
    pub(crate) instructions: BTreeMap<String, u64>,
}

impl Baseline {
    /// An empty one of this compiler.
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        let (text, _) = output(Command::new("rustc").arg("-vV"))?;
        let rustc = text.lines().filter(|line| line.starts_with("release:") || line.starts_with("host:"));
        Ok(Self { rustc: rustc.collect::<Vec<_>>().join(", "), ..Self::default() })
    }

    /// The committed one; empty if there is none.
    pub(crate) fn load() -> Result<Self, Box<dyn Error>> {
        match fs::read(PATH) {
            Ok(json) => Ok(serde_json::from_slice(&json)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn save(&self) -> Result<(), Box<dyn Error>> {
        let mut json = serde_json::to_string_pretty(self)?;
        json.push('\n');
        fs::write(PATH, json)?;
        Ok(())
    }
}
