use super::{Finding, source::Source};

/// The only folder that may tell revisions apart.
const ERA: &str = "crates/toolwright-core/src/era/";

/// Files that may name a revision all the same, and why.
const ALLOWED: &[(&str, &str)] = &[];

/// Methods that compare their argument.
const COMPARING: &[&str] = &[
    ".eq(",
    ".ne(",
    ".lt(",
    ".le(",
    ".gt(",
    ".ge(",
    ".cmp(",
    ".partial_cmp(",
    ".max(",
    ".min(",
    ".contains(",
];

pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    sources
        .iter()
        .filter(|source| !source.path.starts_with(ERA))
        .filter(|source| !ALLOWED.iter().any(|(path, _)| *path == source.path))
        .flat_map(|source| [comparisons(source), literals(source)].concat())
        .collect()
}

fn comparisons(source: &Source) -> Vec<Finding> {
    let code = &source.code;
    code.match_indices("Revision::V")
        .filter(|&(start, name)| {
            let end = start + name.len();
            let length = code[end..].find(|next: char| !next.is_ascii_alphanumeric() && next != '_');
            is_compared(code, start, length.map_or(code.len(), |length| end + length))
        })
        .map(|(start, _)| Finding {
            path: source.path.clone(),
            line: source.line(start),
            found: "a protocol revision is compared".to_owned(),
            expected: format!("only `{ERA}` to tell revisions apart"),
            remedy: "ask the era, and give it a method for what differs".to_owned(),
        })
        .collect()
}

/// Whether the expression or pattern from `start` to `end` is one side of a comparison or (part of) the pattern of a match.
fn is_compared(code: &str, mut start: usize, mut end: usize) -> bool {
    let mut innermost = true;
    loop {
        let before = code[..start].trim_end_matches(is_path).trim_end();
        let after = code[end..].trim_start();
        let compares = |text: &str| ["==", "!=", "<=", ">="].contains(&text);
        let ordered = |text: &str| text == " < " || text == " > ";
        if compares(last(before, 2))
            || compares(first(after, 2))
            || after.starts_with("..=")
            || before.ends_with("..=")
        {
            return true;
        }
        if after.starts_with("=>") || ordered(first(&code[end..], 3)) || ordered(around(code, before.len())) {
            return true;
        }
        if COMPARING.iter().any(|method| before.ends_with(method)) {
            return true;
        }
        let alternative = (after.starts_with('|') && !after.starts_with("||"))
            || (before.ends_with('|') && !before.ends_with("||") && !closure(before));
        if innermost && (alternative || guarded(after)) {
            return true;
        }
        let Some((open, close)) = enclosing(code, start, end) else { return false };
        if code[..open].ends_with("matches!") {
            return true;
        }
        if code.as_bytes()[open] == b'{' {
            // A pattern with braces, or a block, which nobody compares.
            return code[close + 1..].trim_start().starts_with("=>");
        }
        (start, end, innermost) = (open, close + 1, false);
    }
}

/// A pattern with a guard: `.. if .. =>`.
fn guarded(after: &str) -> bool {
    let until = after.find(['{', ';', '}']).unwrap_or(after.len());
    after.starts_with("if ") && after[..until].contains("=>")
}

/// Whether the `|` at the end closes the parameters of a closure.
fn closure(before: &str) -> bool {
    let line = &before[before.rfind(['\n', ';', '{']).map_or(0, |at| at + 1)..];
    line.matches('|').count().is_multiple_of(2)
}

fn is_path(each: char) -> bool {
    each.is_ascii_alphanumeric() || matches!(each, '_' | ':' | '&')
}

fn last(text: &str, length: usize) -> &str {
    &text[text.len().saturating_sub(length)..]
}

fn first(text: &str, length: usize) -> &str {
    &text[..length.min(text.len())]
}

/// The sign that ends at `end` with the spaces around it.
fn around(code: &str, end: usize) -> &str {
    let from = end.saturating_sub(2);
    first(&code[from..], 3)
}

/// The brackets right around a stretch of code.
fn enclosing(code: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let mut depth = 0_usize;
    let mut open = None;
    for (index, byte) in code.as_bytes()[..start].iter().enumerate().rev() {
        match byte {
            b')' | b']' | b'}' => depth += 1,
            b'(' | b'[' | b'{' if depth == 0 => {
                open = Some(index);
                break;
            }
            b'(' | b'[' | b'{' => depth -= 1,
            _ => {}
        }
    }
    depth = 0;
    for (index, byte) in code.bytes().enumerate().skip(end) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return Some((open?, index)),
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn literals(source: &Source) -> Vec<Finding> {
    source
        .strings
        .iter()
        .filter(|(_, text)| is_revision(text))
        .map(|(line, text)| Finding {
            path: source.path.clone(),
            line: *line,
            found: format!("the protocol version \"{text}\" as text"),
            expected: format!("only `{ERA}` to know how revisions are written"),
            remedy: "use the `Revision` that is at hand, or let the era say it".to_owned(),
        })
        .collect()
}

/// `20xx-xx-xx`.
fn is_revision(text: &str) -> bool {
    text.len() == 10
        && text.starts_with("20")
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<usize> {
        check(&[Source::parse("crates/x/src/lib.rs", text)]).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn comparisons_are_found() {
        for text in [
            "if revision == Revision::V2026_07_28 {}",
            "if revision != era::Revision::V2026_07_28 {}",
            "if Revision::V2026_07_28 == revision {}",
            "if revision < Revision::V2025_11_25 {}",
            "if revision >= Revision::V2025_11_25 {}",
            "if Revision::V2025_11_25 > revision {}",
            "if revision == Some(Revision::V2025_11_25) {}",
            "if Some(&Revision::V2025_11_25) == revision {}",
            "matches!(revision, Revision::V2025_11_25)",
            "matches!(self.revision(), Some(Revision::V2025_03_26 | Revision::V2025_11_25))",
            "match revision { Revision::V2025_11_25 => 1, _ => 2 }",
            "match revision { Revision::V2025_11_25 if late => 1, _ => 2 }",
            "match (a, b) { (_, Revision::V2025_11_25, _) => 1, _ => 2 }",
            "match a { A { revision: Revision::V2025_11_25, .. } => 1, _ => 2 }",
            "match a { Revision::V2025_03_26..=Revision::V2025_11_25 => 1, _ => 2 }",
            "(Revision::V2025_03_26..=Revision::V2025_11_25).contains(&revision)",
            "revision.eq(&Revision::V2025_11_25)",
            "revisions.contains(&Revision::V2025_11_25)",
        ] {
            assert!(!found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn each_alternative_is_found_at_its_line() {
        let text = "match a {\n    Revision::V2024_11_05\n    | Revision::V2025_03_26 => 1,\n    _ => 2,\n}";
        assert_eq!(found(text), [2, 3]);
    }

    #[test]
    fn naming_a_revision_is_fine() {
        for text in [
            "let newest = Revision::V2026_07_28;",
            "fn f(x: Vec<Revision>) -> Revision { Revision::V2026_07_28 }",
            "server.protocols([Revision::V2026_07_28, Revision::V2025_11_25])",
            "match kind { A => Revision::V2026_07_28, B => f(Revision::V2025_11_25), C => 1 }",
            "let f = || Revision::V2026_07_28;",
            "let f = |a, b| Revision::V2026_07_28;",
            "let f = a || g(Revision::V2026_07_28);",
            "if a == b && f(Revision::V2026_07_28) {}",
            "// if revision == Revision::V2026_07_28 {}",
            "#[cfg(test)]\nmod tests { fn f() { assert!(a == Revision::V2026_07_28); } }",
        ] {
            assert_eq!(found(text), [0; 0], "{text}");
        }
    }

    #[test]
    fn versions_as_text_are_found() {
        assert_eq!(found("let a = \"2026-07-28\";\nlet b = r\"2031-01-01\";"), [1, 2]);
        for text in
            ["/// \"2026-07-28\"\nfn f() {}", "let a = \"2026-07-28T10:00:00Z\";", "let a = \"2026-7-28x\";"]
        {
            assert_eq!(found(text), [0; 0], "{text}");
        }
    }

    #[test]
    fn the_era_may() {
        let source =
            Source::parse(&format!("{ERA}revision.rs"), "if a == Revision::V2026_07_28 { \"2026-07-28\" }");
        assert_eq!(check(&[source]), []);
    }
}
