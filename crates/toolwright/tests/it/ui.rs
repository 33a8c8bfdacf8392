//! What compiles, and what the compiler says about what does not.

/// Each file in `fail` has one mistake, and the compiler tells it once.
#[test]
fn mistakes_are_told_once_and_where_they_are() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/fail/*/*.rs");
}

/// The recorded answers of the compiler hold one error each.
#[test]
fn no_mistake_is_told_twice() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ui/fail");
    let mut seen = 0;
    for attribute in std::fs::read_dir(folder).expect("the folder of mistakes") {
        for file in std::fs::read_dir(attribute.expect("an entry").path()).expect("a folder") {
            let path = file.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "stderr") {
                let text = std::fs::read_to_string(&path).expect("a readable file");
                let errors = text.lines().filter(|line| line.starts_with("error")).count();
                assert_eq!(errors, 1, "{}:\n{text}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen >= 40, "{seen} mistakes are recorded");
}
