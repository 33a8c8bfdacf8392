use std::{
    io::{self, Write as _},
    process::{Command, Stdio},
};

/// Opens a page in the user's browser. No shell is involved: the URL is one argument, whatever it holds.
pub(super) fn open(url: &str) -> io::Result<()> {
    let (program, arguments): (_, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else {
        ("xdg-open", &[])
    };
    let mut child = Command::new(program)
        .args(arguments)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    // It ends at once, or with the browser; somebody has to take note of that.
    std::thread::Builder::new().name("browser".to_owned()).spawn(move || child.wait())?;
    Ok(())
}

/// Tells the user on stderr where to go.
pub(super) fn print(url: &str) -> io::Result<()> {
    writeln!(io::stderr(), "Open this page to sign in:\n\n    {url}\n")
}

/// Opens the browser, and says where to go all the same, as there may be none.
pub(super) fn open_and_print(url: &str) -> io::Result<()> {
    if let Err(error) = open(url) {
        tracing::debug!(%error, "no browser can be opened");
    }
    print(url)
}
