use super::Finding;

/// How many crates may come along with one of ours, itself included, counted for Linux.
pub(super) struct Budget {
    pub(super) package: &'static str,
    /// Arguments of cargo that select the features.
    pub(super) features: &'static [&'static str],
    most: usize,
    /// Crates that must not come along at all.
    banned: &'static [&'static str],
}

const RUNTIMES: &[&str] = &["tokio", "async-std", "smol", "async-executor", "futures-executor", "mio"];
/// What the default features do without; it comes in with the features that need it.
const HEAVY: &[&str] = &[
    "darling",
    "h2",
    "jiff",
    "jsonschema",
    "process-wrap",
    "semver",
    "serde_urlencoded",
    "tokio-util",
    "uuid",
];

/// What a server without HTTP does without, too. `futures-util` is axum's.
const HEAVY_WITHOUT_HTTP: &[&str] = &[
    "axum",
    "darling",
    "futures-util",
    "h2",
    "hyper",
    "jiff",
    "jsonschema",
    "process-wrap",
    "semver",
    "serde_urlencoded",
    "tokio-util",
    "uuid",
];

pub(super) const BUDGETS: &[Budget] = &[
    Budget { package: "toolwright-core", features: &[], most: 30, banned: RUNTIMES },
    Budget {
        package: "toolwright",
        features: &["--no-default-features", "--features", "macros,stdio"],
        most: 66,
        banned: HEAVY_WITHOUT_HTTP,
    },
    Budget { package: "toolwright", features: &[], most: 90, banned: HEAVY },
];

impl Budget {
    /// What comes along, as `name version`.
    fn crates(tree: &str) -> Vec<String> {
        let mut crates: Vec<_> = tree
            .lines()
            .filter_map(|line| {
                let mut words = line.split_whitespace();
                Some(format!("{} {}", words.next()?, words.next()?))
            })
            .collect();
        crates.sort_unstable();
        crates.dedup();
        crates
    }

    fn what(&self) -> String {
        match self.features {
            [] => format!("`{}` with default features", self.package),
            features => format!("`{}` with `{}`", self.package, features.join(" ")),
        }
    }

    pub(super) fn note(&self, tree: &str) -> String {
        format!("{} brings {} crates, of {} at most", self.what(), Self::crates(tree).len(), self.most)
    }

    pub(super) fn check(&self, tree: &str) -> Vec<Finding> {
        let crates = Self::crates(tree);
        let path = format!("crates/{}/Cargo.toml", self.package);
        let mut findings = Vec::new();
        if crates.len() > self.most {
            findings.push(Finding {
                path: path.clone(),
                line: 1,
                found: format!("{} brings {} crates", self.what(), crates.len()),
                expected: format!("at most {}", self.most),
                remedy: format!(
                    "drop a dependency or put it behind a feature; these come along: {}",
                    crates.join(", ")
                ),
            });
        }
        for each in &crates {
            let name = each.split(' ').next().unwrap_or_default();
            if self.banned.contains(&name) {
                findings.push(Finding {
                    path: path.clone(),
                    line: 1,
                    found: format!("{} brings `{name}`", self.what()),
                    expected: format!("none of `{}` there", self.banned.join("`, `")),
                    remedy: format!("find out who needs it with `cargo tree -e normal,build -i {name}`"),
                });
            }
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "demo v0.1.0 (/demo)\nserde v1.0.1\nserde_derive v1.0.1 (proc-macro)\nserde v1.0.1 (*)\n\nsyn v2.0.0\nsyn v3.0.0\n";

    fn budget(most: usize, banned: &'static [&'static str]) -> Budget {
        Budget { package: "demo", features: &["--no-default-features"], most, banned }
    }

    #[test]
    fn each_version_counts_once() {
        assert_eq!(budget(5, &[]).check(TREE), []);
        assert_eq!(
            budget(5, &[]).note(TREE),
            "`demo` with `--no-default-features` brings 5 crates, of 5 at most"
        );
    }

    #[test]
    fn too_many_are_found_and_listed() {
        let findings = budget(4, &[]).check(TREE);
        assert_eq!(findings.len(), 1);
        assert!(
            findings[0]
                .remedy
                .ends_with("demo v0.1.0, serde v1.0.1, serde_derive v1.0.1, syn v2.0.0, syn v3.0.0")
        );
    }

    #[test]
    fn banned_crates_are_found_by_their_whole_name() {
        let findings = budget(9, &["serde_derive", "syn2", "ser"]).check(TREE);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].found, "`demo` with `--no-default-features` brings `serde_derive`");
    }
}
