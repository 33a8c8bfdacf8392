use std::{env, ffi::OsString};

/// A variable that says something.
pub(super) fn variable(name: &str) -> Option<String> {
    said(env::var_os(name))
}

fn said(value: Option<OsString>) -> Option<String> {
    let value = value?.to_string_lossy().trim().to_owned();
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn an_empty_variable_says_nothing() {
        assert_eq!(said(Some(" ".into())), None);
        assert_eq!(said(None), None);
        assert_eq!(said(Some(" x ".into())), Some("x".into()));
    }
}
