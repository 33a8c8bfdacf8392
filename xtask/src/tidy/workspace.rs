use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use super::source::Source;

/// Everything the checks look at.
pub(super) struct Workspace {
    pub(super) root: PathBuf,
    /// The crates in `crates/`.
    pub(super) crates: Vec<Crate>,
    /// Their `src` files.
    pub(super) sources: Vec<Source>,
}

/// A crate as its manifest describes it.
#[derive(Clone, Debug, Default)]
pub(super) struct Crate {
    pub(super) name: String,
    /// The manifest's path from the root of the workspace, and its text.
    pub(super) path: String,
    pub(super) manifest: String,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) published: bool,
    /// Members of `[package]` that have a value, lists only if they are not empty.
    pub(super) metadata: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) requirement: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Normal,
    Build,
    Dev,
}

impl Crate {
    /// The line of the manifest that starts with a key, in whatever table.
    pub(super) fn line_of(&self, key: &str) -> usize {
        let starts = |line: &str| {
            line.trim_start().strip_prefix(key).is_some_and(|rest| rest.starts_with([' ', '=', '.', ']']))
                || line.trim() == format!("[{key}]")
        };
        self.manifest.lines().position(starts).map_or(1, |index| index + 1)
    }
}

impl Workspace {
    pub(super) fn read() -> Result<Self, Box<dyn Error>> {
        let arguments = ["metadata", "--format-version", "1", "--no-deps", "--offline"];
        let metadata: Value = serde_json::from_str(&cargo(Path::new("."), &arguments)?)?;
        let root = PathBuf::from(metadata["workspace_root"].as_str().ok_or("cargo names no workspace root")?);
        let (mut crates, mut sources) = (Vec::new(), Vec::new());
        for package in metadata["packages"].as_array().ok_or("cargo names no packages")? {
            let manifest = package["manifest_path"].as_str().ok_or("cargo names no manifest")?;
            let path = relative(&root, Path::new(manifest));
            if path.starts_with("crates/") {
                crates.push(from_package(package, path, fs::read_to_string(manifest)?));
                let folder = Path::new(manifest).with_file_name("src");
                sources_into(&mut sources, &root, &folder)?;
            }
        }
        crates.sort_by(|one, two| one.name.cmp(&two.name));
        sources.sort_by(|one, two| one.path.cmp(&two.path));
        Ok(Self { root, crates, sources })
    }
}

/// Runs cargo and gives what it wrote.
pub(super) fn cargo(folder: &Path, arguments: &[&str]) -> Result<String, Box<dyn Error>> {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program).args(arguments).current_dir(folder).output()?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`cargo {}` failed: {}", arguments.join(" "), errors.trim()).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn from_package(package: &Value, path: String, manifest: String) -> Crate {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let dependencies =
        package["dependencies"].as_array().into_iter().flatten().map(|dependency| Dependency {
            name: text(&dependency["name"]),
            kind: match dependency["kind"].as_str() {
                Some("dev") => Kind::Dev,
                Some("build") => Kind::Build,
                _ => Kind::Normal,
            },
            requirement: text(&dependency["req"]),
        });
    let filled = |value: &Value| match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => true,
    };
    let metadata = package.as_object().into_iter().flatten();
    Crate {
        name: text(&package["name"]),
        path,
        manifest,
        dependencies: dependencies.collect(),
        // Cargo writes `publish = false` as an empty list of registries.
        published: package["publish"].as_array().is_none_or(|registries| !registries.is_empty()),
        metadata: metadata.filter(|(_, value)| filled(value)).map(|(key, _)| key.clone()).collect(),
    }
}

fn sources_into(sources: &mut Vec<Source>, root: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sources_into(sources, root, &path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push(Source::parse(&relative(root, &path), &fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
