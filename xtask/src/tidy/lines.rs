use super::{Finding, source::Source};

/// Lines of code that a file may have; docs, comments, blank lines and tests are free.
const LONGEST: usize = 600;
/// Lines of code that half of all files may have.
const MEDIAN: usize = 150;

/// What is too long, and how long files are.
pub(super) fn check(sources: &[Source]) -> (Vec<Finding>, String) {
    let mut files: Vec<_> = sources.iter().map(|source| (source.code_lines, source.path.as_str())).collect();
    files.sort_unstable_by(|one, two| two.cmp(one));
    let mut findings: Vec<_> = files
        .iter()
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, path)| Finding {
            path: (*path).to_owned(),
            line: 1,
            found: format!("{lines} lines of code"),
            expected: format!("at most {LONGEST}"),
            remedy: "make it a folder with one file for each noun".to_owned(),
        })
        .collect();
    let median = files.get(files.len() / 2).map_or(0, |(lines, _)| *lines);
    if median > MEDIAN {
        let longest: Vec<_> = files.iter().take(5).map(|(lines, path)| format!("{path} ({lines})")).collect();
        findings.push(Finding {
            path: "crates".to_owned(),
            line: 1,
            found: format!("half of the files have {median} lines of code or more"),
            expected: format!("a median of at most {MEDIAN}"),
            remedy: format!("split long files: {}", longest.join(", ")),
        });
    }
    let longest =
        files.first().map_or_else(String::new, |(lines, path)| format!(", longest {lines} ({path})"));
    (findings, format!("{} files, median {median} lines of code{longest}", files.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, lines: usize) -> Source {
        Source::parse(&format!("crates/x/src/{name}.rs"), &"f();\n/// Docs.\n\n".repeat(lines))
    }

    #[test]
    fn a_long_file_is_found() {
        let (findings, note) =
            check(&[file("a", 601), file("b", 600), file("c", 1), file("d", 1), file("e", 1)]);
        assert_eq!(findings.len(), 1);
        assert_eq!((&*findings[0].path, &*findings[0].found), ("crates/x/src/a.rs", "601 lines of code"));
        assert_eq!(note, "5 files, median 1 lines of code, longest 601 (crates/x/src/a.rs)");
    }

    #[test]
    fn many_long_files_are_found() {
        assert_eq!(check(&[file("a", 151), file("b", 150), file("c", 1)]).0, []);
        let (findings, _) = check(&[file("a", 151), file("b", 151), file("c", 1)]);
        assert_eq!(findings[0].found, "half of the files have 151 lines of code or more");
        assert!(findings[0].remedy.contains("crates/x/src/b.rs (151)"));
    }

    #[test]
    fn nothing_is_not_long() {
        assert_eq!(check(&[]), (Vec::new(), "0 files, median 0 lines of code".to_owned()));
    }
}
