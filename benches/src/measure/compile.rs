use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::{
    Report, cpu,
    report::Verdict,
    subjects::{cargo, output},
};

const TOOLS: usize = 100;

/// What a user waits for: a crate outside the workspace with 100 tools, its dependencies built before. Never asserted.
pub(crate) fn compile(report: &mut Report) -> Result<(), Box<dyn Error>> {
    let folder = env::temp_dir().join(format!("toolwright-benches-{}", std::process::id()));
    let crate_folder = Generated::new(&folder)?;
    for command in ["check", "build"] {
        crate_folder.write(0)?;
        crate_folder.cargo(command)?;
        crate_folder.write(0)?;
        let (_, empty) = crate_folder.cargo(command)?;
        crate_folder.write(TOOLS)?;
        let (wall, cpu) = crate_folder.cargo(command)?;
        report.row(
            format!("cargo {command} of {TOOLS} tools, dependencies built"),
            format!("{wall:.1?}, CPU {cpu:.1?} (without tools {empty:.1?})"),
            "",
            Verdict::Noted,
        );
    }
    Ok(())
}

/// A crate in a folder of its own, gone with this value.
struct Generated(PathBuf);

impl Generated {
    fn new(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
        let generated = Self(folder.to_owned());
        fs::create_dir_all(folder.join("src"))?;
        fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        let facade = workspace.join("crates/toolwright");
        fs::write(
            folder.join("Cargo.toml"),
            format!(
                "[package]\nname = \"hundred\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
                 [dependencies]\ntoolwright = {{ path = {facade:?} }}\n\n[workspace]\n"
            ),
        )?;
        Ok(generated)
    }

    fn write(&self, tools: usize) -> Result<(), Box<dyn Error>> {
        let mut code = String::from("use toolwright::prelude::*;\n");
        for tool in 0..tools {
            write!(
                code,
                "\n/// Looks things up in catalogue {tool}.\n#[tool]\nfn look_up_{tool}(\n    /// What to look for.\n    \
                 query: String,\n    /// How many.\n    #[arg(default = 10)] limit: u32,\n) -> Result<Vec<String>, HandlerError> {{\n    \
                 Ok(vec![query; limit as usize])\n}}\n"
            )?;
        }
        let names: Vec<_> = (0..tools).map(|tool| format!("look_up_{tool}")).collect();
        write!(
            code,
            "\nfn main() {{\n    let tools: [Tool; {tools}] = tools![{}];\n    assert_eq!(tools.len(), {tools});\n}}\n",
            names.join(", ")
        )?;
        fs::write(self.0.join("src/main.rs"), code)?;
        Ok(())
    }

    fn cargo(&self, command: &str) -> Result<(Duration, Duration), Box<dyn Error>> {
        let (begun, before) = (Instant::now(), cpu::of_children()?);
        output(
            cargo()
                .current_dir(&self.0)
                .env("CARGO_TARGET_DIR", self.0.join("target"))
                .env("CARGO_INCREMENTAL", "0")
                .args([command, "--quiet"]),
        )?;
        Ok((begun.elapsed(), cpu::of_children()?.saturating_sub(before)))
    }
}

impl Drop for Generated {
    fn drop(&mut self) {
        // What is left behind is in the folder for temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}
