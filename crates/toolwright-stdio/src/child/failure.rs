use std::{
    ffi::OsStr,
    io::{Error, ErrorKind},
    path::Path,
};

use toolwright_core::joint::ConnectError;

/// Says why a program did not start, and what to do.
pub(super) fn explain(program: &OsStr, directory: Option<&Path>, error: Error) -> ConnectError {
    let name = program.to_string_lossy();
    let target = format!("the command `{name}`");
    let is_path = Path::new(program).components().count() > 1;
    let text = match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory
            if directory.is_some_and(|directory| !directory.is_dir()) =>
        {
            let directory = directory.unwrap_or(Path::new(""));
            format!("there is no directory `{}` to run it in", directory.display())
        }
        ErrorKind::NotFound if name.is_empty() => "the name of the program is empty".to_owned(),
        ErrorKind::NotFound if name.contains(char::is_whitespace) => format!(
            "there is no program of that name; a command is one program, so give what follows `{}` as arguments",
            name.split_whitespace().next().unwrap_or_default()
        ),
        ErrorKind::NotFound if is_path => {
            "there is no such file, or the interpreter that its first line names is missing".to_owned()
        }
        ErrorKind::NotFound => {
            "no directory of PATH has a program of that name; install it, or give its whole path".to_owned()
        }
        ErrorKind::PermissionDenied => "it is not an executable file that this user may run".to_owned(),
        _ => return ConnectError::new(target, error),
    };
    ConnectError::new(target, text)
}

/// Says that the file for stderr cannot be opened.
pub(super) fn stderr(error: Error) -> ConnectError {
    ConnectError::new("a command", format!("the file for its stderr cannot be opened: {error}"))
}
