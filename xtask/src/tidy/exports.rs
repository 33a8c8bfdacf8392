use super::{Finding, source::Source};

pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    sources.iter().flat_map(wildcards).collect()
}

fn wildcards(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (start, _) in source.code.match_indices("pub use ") {
        let within_word = source.code[..start].ends_with(|last: char| last.is_alphanumeric() || last == '_');
        let end = source.code[start..].find(';').map_or(source.code.len(), |length| start + length);
        if within_word {
            continue;
        }
        for (star, _) in source.code[start..end].match_indices('*') {
            findings.push(Finding {
                path: source.path.clone(),
                line: source.line(start + star),
                found: "a wildcard re-export".to_owned(),
                expected: "each public name to be written where it is exported".to_owned(),
                remedy: "list the names, so that nothing becomes public by accident".to_owned(),
            });
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        check(&[Source::parse("crates/x/src/lib.rs", text)]).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn wildcard_re_exports_are_found() {
        assert_eq!(lines("pub use a::*;\npub use b::{\n    c,\n    d::*,\n};\n"), [1, 4]);
    }

    #[test]
    fn private_wildcards_and_text_are_fine() {
        assert_eq!(
            lines(
                "use a::*;\npub use b::{c, d as e};\n// pub use a::*;\nlet a = \"pub use a::*;\";\nlet b = 2 * 3;"
            ),
            [0; 0]
        );
        assert_eq!(lines("#[cfg(test)]\nmod tests {\n    pub use super::*;\n}"), [0; 0]);
    }
}
