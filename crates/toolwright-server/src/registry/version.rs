use std::cmp::Ordering;

/// Compares versions of a component part by part, numbers as numbers: `1.10` is above `1.9`, and any version is above none.
pub(crate) fn compare(one: Option<&str>, two: Option<&str>) -> Ordering {
    match (one, two) {
        (Some(one), Some(two)) => parts(one).cmp(parts(two)).then_with(|| one.cmp(two)),
        (one, two) => one.is_some().cmp(&two.is_some()),
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    /// A word is below any number, so that `2.0-beta` is below `2.0.1`.
    Word(&'a str),
    Number(u64),
}

fn parts(version: &str) -> impl Iterator<Item = Part<'_>> {
    version
        .trim_start_matches('v')
        .split(['.', '-', '+', '_'])
        .map(|part| part.parse().map_or(Part::Word(part), Part::Number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_as_numbers() {
        let above = |one, two| compare(Some(one), Some(two)) == Ordering::Greater;
        assert!(above("1.10", "1.9"));
        assert!(above("2", "1.9.9"));
        assert!(above("v2", "1"));
        assert!(above("2.0.1", "2.0-beta"));
        assert!(above("2024-11-05", "2024-3-26"));
        assert_eq!(compare(Some("1"), None), Ordering::Greater);
        assert_eq!(compare(None, None), Ordering::Equal);
    }
}
