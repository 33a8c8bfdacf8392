use std::{
    env,
    ffi::{OsStr, OsString},
};

/// What programs need to run at all, and nothing that is anybody's secret.
#[cfg(not(windows))]
const NEEDED: &[&str] = &["HOME", "LANG", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER"];
#[cfg(windows)]
const NEEDED: &[&str] = &[
    "APPDATA",
    "COMSPEC",
    "HOMEDRIVE",
    "HOMEPATH",
    "LANG",
    "LOCALAPPDATA",
    "PATH",
    "PATHEXT",
    "PROCESSOR_ARCHITECTURE",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "USERNAME",
    "USERPROFILE",
    "WINDIR",
];

/// The variables of this process's environment that a child sees.
pub(super) fn inherited(more: &[OsString]) -> impl Iterator<Item = (OsString, OsString)> {
    env::vars_os().filter(|(name, value)| passes(name, value, more))
}

fn passes(name: &OsStr, value: &OsStr, more: &[OsString]) -> bool {
    // Exported shell functions: code, not values.
    !value.as_encoded_bytes().starts_with(b"()")
        && (is_needed(name) || more.iter().any(|more| same(more, name)))
}

fn is_needed(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b"LC_") || NEEDED.iter().any(|needed| same(OsStr::new(needed), name))
}

fn same(one: &OsStr, other: &OsStr) -> bool {
    if cfg!(windows) { one.eq_ignore_ascii_case(other) } else { one == other }
}

/// The program to start.
#[cfg(not(windows))]
pub(super) fn program(program: &OsStr) -> OsString {
    program.to_owned()
}

/// The program to start: scripts such as `npx.cmd` are found without their ending only by shells.
#[cfg(windows)]
pub(super) fn program(program: &OsStr) -> OsString {
    use std::path::Path;

    let path = Path::new(program);
    if path.extension().is_some() || path.components().count() != 1 {
        return program.to_owned();
    }
    let found = env::var_os("PATH").and_then(|directories| {
        env::split_paths(&directories)
            .flat_map(|directory| {
                ["exe", "com", "cmd", "bat"].map(|ending| directory.join(path).with_extension(ending))
            })
            .find(|candidate| candidate.is_file())
    });
    found.map_or_else(|| program.to_owned(), Into::into)
}

#[cfg(test)]
mod tests {
    use super::{OsStr, OsString, passes};

    fn passed(name: &str, value: &str) -> bool {
        passes(OsStr::new(name), OsStr::new(value), &[OsString::from("MY_KEY"), OsString::from("FUNCTION")])
    }

    #[test]
    fn only_what_is_needed_or_named_is_passed_on() {
        assert!(passed("PATH", "/bin"));
        assert!(passed("LC_ALL", "C"));
        assert!(passed("MY_KEY", "1"));
        assert!(!passed("MY_KEY_2", "1"));
        assert!(!passed("AWS_SECRET_ACCESS_KEY", "1"));
    }

    #[test]
    fn shell_functions_are_never_passed_on() {
        assert!(!passed("FUNCTION", "() { :; }"));
        assert!(!passed("SHELL", "() { :; }"));
    }
}
