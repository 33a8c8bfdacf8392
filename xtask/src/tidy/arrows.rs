use super::{
    Finding,
    workspace::{Crate, Kind},
};

const CORE: &str = "toolwright-core";
const STORE: &str = "toolwright-store";
const SERVER: &str = "toolwright-server";
const CLIENT: &str = "toolwright-client";
const STDIO: &str = "toolwright-stdio";
const HTTP: &str = "toolwright-http";
const SIGNAL: &str = "toolwright-signal";
const FACADE: &str = "toolwright";

/// What builds on the engine, and never on its like.
const AROUND_THE_ENGINE: &[&str] = &[CORE, SERVER, CLIENT, STDIO, HTTP, STORE];

/// Which crates of ours each crate may depend on; the facade on all.
const ARROWS: &[(&str, &[&str])] = &[
    (CORE, &[]),
    (STORE, &[]),
    ("toolwright-macros", &[]),
    (SERVER, &[CORE, STORE]),
    (CLIENT, &[CORE]),
    (SIGNAL, &[]),
    (STDIO, &[CORE, STORE, SIGNAL]),
    (HTTP, &[CORE, STORE, SIGNAL]),
    ("toolwright-testing", &[CORE, SERVER, CLIENT, STORE, HTTP]),
    ("toolwright-compose", AROUND_THE_ENGINE),
    ("toolwright-openapi", AROUND_THE_ENGINE),
    ("toolwright-auth", AROUND_THE_ENGINE),
    ("toolwright-otel", AROUND_THE_ENGINE),
    ("toolwright-tasks", AROUND_THE_ENGINE),
    ("toolwright-apps", AROUND_THE_ENGINE),
    ("toolwright-cli", &[FACADE]),
];

pub(super) fn check(crates: &[Crate]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for each in crates.iter().filter(|each| each.name != FACADE) {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == each.name) else {
            findings.push(Finding {
                path: each.path.clone(),
                line: each.line_of("name"),
                found: format!("nobody says which crates `{}` may depend on", each.name),
                expected: "a line for each crate in the table of arrows".to_owned(),
                remedy: "add it to `ARROWS` in `xtask/src/tidy/arrows.rs` and to `docs/ARCHITECTURE.md`"
                    .to_owned(),
            });
            continue;
        };
        for dependency in each.dependencies.iter().filter(|dependency| is_ours(&dependency.name)) {
            let name = dependency.name.as_str();
            let fine = match dependency.kind {
                Kind::Normal | Kind::Build => allowed.contains(&name),
                // The two lowest crates are tested on their own, so that they can be used on their own.
                Kind::Dev if [CORE, STORE].contains(&&*each.name) => [CORE, STORE].contains(&name),
                Kind::Dev => true,
            };
            if !fine {
                let allowed = match (dependency.kind, allowed) {
                    (Kind::Dev, _) => {
                        format!("tests of `{}` to need `{CORE}` and `{STORE}` at most", each.name)
                    }
                    (_, []) => format!("`{}` to depend on none of our crates", each.name),
                    (_, allowed) => format!("`{}` to depend on `{}` only", each.name, allowed.join("`, `")),
                };
                findings.push(Finding {
                    path: each.path.clone(),
                    line: each.line_of(name),
                    found: format!("`{}` depends on `{name}`", each.name),
                    expected: allowed,
                    remedy: format!(
                        "move what both need into `{CORE}`, or join them in a crate that may know both"
                    ),
                });
            }
        }
    }
    findings
}

pub(super) fn is_ours(name: &str) -> bool {
    name == FACADE || name.starts_with("toolwright-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::workspace::Dependency;

    fn with(name: &str, kind: Kind, dependency: &str) -> Crate {
        Crate {
            name: name.to_owned(),
            path: format!("crates/{name}/Cargo.toml"),
            manifest: format!(
                "[package]\nname = \"{name}\"\n[dependencies]\n{dependency}.workspace = true\n"
            ),
            dependencies: vec![Dependency { name: dependency.to_owned(), kind, requirement: String::new() }],
            ..Crate::default()
        }
    }

    #[test]
    fn an_arrow_that_is_not_in_the_table_is_found() {
        for (name, kind, dependency) in [
            (CORE, Kind::Normal, STORE),
            (STORE, Kind::Build, CORE),
            ("toolwright-macros", Kind::Normal, CORE),
            (SERVER, Kind::Normal, CLIENT),
            (SERVER, Kind::Normal, "toolwright-macros"),
            (CLIENT, Kind::Normal, SERVER),
            (HTTP, Kind::Normal, SERVER),
            ("toolwright-tasks", Kind::Normal, "toolwright-apps"),
            ("toolwright-auth", Kind::Normal, FACADE),
            ("toolwright-cli", Kind::Normal, SERVER),
            (CORE, Kind::Dev, SERVER),
            (STORE, Kind::Dev, "toolwright-testing"),
        ] {
            let findings = check(&[with(name, kind, dependency)]);
            assert_eq!(findings.len(), 1, "{name} -> {dependency}");
            assert_eq!(findings[0].found, format!("`{name}` depends on `{dependency}`"));
            assert_eq!((&*findings[0].path, findings[0].line), (&*format!("crates/{name}/Cargo.toml"), 4));
        }
    }

    #[test]
    fn arrows_of_the_table_are_fine() {
        for (name, kind, dependency) in [
            (SERVER, Kind::Normal, CORE),
            (SERVER, Kind::Dev, "toolwright-macros"),
            (CLIENT, Kind::Dev, SERVER),
            ("toolwright-macros", Kind::Dev, FACADE),
            (STORE, Kind::Dev, STORE),
            ("toolwright-compose", Kind::Normal, CLIENT),
            ("toolwright-cli", Kind::Normal, FACADE),
            (FACADE, Kind::Normal, "toolwright-apps"),
            (CORE, Kind::Normal, "serde"),
        ] {
            assert_eq!(check(&[with(name, kind, dependency)]), [], "{name} -> {dependency}");
        }
    }

    #[test]
    fn a_crate_without_a_line_is_found() {
        let findings = check(&[with("toolwright-new", Kind::Normal, CORE)]);
        assert_eq!(findings[0].found, "nobody says which crates `toolwright-new` may depend on");
        assert_eq!(findings[0].line, 2);
    }
}
