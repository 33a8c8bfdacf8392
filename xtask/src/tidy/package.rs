use super::{
    Finding,
    arrows::is_ours,
    workspace::{Crate, Kind},
};

/// What the page of a published crate is made of.
const REQUIRED: &[&str] = &[
    "description",
    "license",
    "repository",
    "homepage",
    "keywords",
    "categories",
    "readme",
    "rust_version",
    "edition",
];

pub(super) fn check(crates: &[Crate]) -> Vec<Finding> {
    crates
        .iter()
        .filter(|each| each.published)
        .flat_map(|each| [metadata(each), pins(each)].concat())
        .collect()
}

fn metadata(each: &Crate) -> Vec<Finding> {
    let missing = REQUIRED.iter().filter(|required| !each.metadata.iter().any(|given| given == *required));
    missing
        .map(|missing| {
            let key = missing.replace('_', "-");
            Finding {
                path: each.path.clone(),
                line: each.line_of("package"),
                found: format!("`{}` is published without `{key}`", each.name),
                expected: format!("`{key}` in `[package]`"),
                remedy: format!("add `{key}.workspace = true`, or a value of its own; or `publish = false`"),
            }
        })
        .collect()
}

fn pins(each: &Crate) -> Vec<Finding> {
    let loose = each.dependencies.iter().filter(|dependency| {
        dependency.kind != Kind::Dev && is_ours(&dependency.name) && !dependency.requirement.starts_with('=')
    });
    loose
        .map(|dependency| Finding {
            path: each.path.clone(),
            line: each.line_of(&dependency.name),
            found: format!("`{}` takes any `{}` of `{}`", each.name, dependency.requirement, dependency.name),
            expected: "our crates to be of one version, pinned with `=`".to_owned(),
            remedy: format!("write `{}.workspace = true`", dependency.name),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::workspace::Dependency;

    fn complete() -> Crate {
        Crate {
            name: "toolwright-server".to_owned(),
            path: "crates/toolwright-server/Cargo.toml".to_owned(),
            manifest: "\n[package]\n[dependencies]\ntoolwright-core = \"0.1\"\n".to_owned(),
            published: true,
            metadata: REQUIRED.iter().map(|&required| required.to_owned()).collect(),
            dependencies: Vec::new(),
        }
    }

    fn core(kind: Kind, requirement: &str) -> Dependency {
        Dependency { name: "toolwright-core".to_owned(), kind, requirement: requirement.to_owned() }
    }

    #[test]
    fn each_missing_member_is_found() {
        assert_eq!(check(&[complete()]), []);
        for required in REQUIRED {
            let mut each = complete();
            each.metadata.retain(|given| given != required);
            let findings = check(&[each]);
            assert_eq!(findings.len(), 1);
            assert!(findings[0].found.contains(&required.replace('_', "-")), "{}", findings[0]);
            assert_eq!(findings[0].line, 2);
        }
    }

    #[test]
    fn what_is_not_published_needs_nothing() {
        assert_eq!(check(&[Crate { published: false, metadata: Vec::new(), ..complete() }]), []);
    }

    #[test]
    fn a_loose_version_of_ours_is_found() {
        let with = |dependency| check(&[Crate { dependencies: vec![dependency], ..complete() }]);
        assert_eq!(with(core(Kind::Normal, "=0.1.0")), []);
        assert_eq!(with(core(Kind::Dev, "*")), []);
        let findings = with(core(Kind::Normal, "^0.1"));
        assert_eq!((findings.len(), findings[0].line), (1, 4));
    }
}
