use std::{
    env,
    io::{self, IsTerminal as _, Write as _},
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use toolwright_server::{Error, core::joint::Endpoint};
use toolwright_stdio::{Options, serve};

use super::{
    arguments::{Asked, HELP, parse},
    log,
};

/// What shells report for a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// Runs `endpoint` as the program's command line and environment ask: the same as [`Run::run`](super::Run::run), for endpoints
/// that are no [`Server`](toolwright_server::Server).
///
/// # Errors
/// [`toolwright_server::Error::Usage`] for arguments and variables that make no sense, otherwise what serving reports.
pub async fn run_endpoint(endpoint: Arc<dyn Endpoint>) -> Result<(), Error> {
    let asked = parse(env::args_os().skip(1), |name| env::var_os(name))?;
    if asked == Asked::Help {
        // Nobody to tell it to is nobody to fail for.
        let _ = writeln!(io::stdout(), "{HELP}");
        return Ok(());
    }
    log::install(env::var_os("TOOLWRIGHT_LOG").map(|value| value.to_string_lossy().into_owned()).as_deref())?;
    match asked {
        Asked::Help => Ok(()),
        Asked::Stdio => stdio(endpoint).await,
        Asked::Http(_) => Err(Error::Usage(
            "this build has no HTTP transport; enable the feature `http` of the crate `toolwright`".into(),
        )),
    }
}

async fn stdio(endpoint: Arc<dyn Endpoint>) -> Result<(), Error> {
    greet();
    let given_up = Arc::new(AtomicBool::new(false));
    let options = {
        let given_up = Arc::clone(&given_up);
        Options::new().given_up(move |_| given_up.store(true, Ordering::SeqCst))
    };
    match serve(endpoint, options).await {
        // Blocking code of such calls would keep the runtime, and with it the process, alive for as long as it likes.
        Ok(()) if given_up.load(Ordering::SeqCst) => process::exit(0),
        Ok(()) => Ok(()),
        Err(toolwright_stdio::Error::Interrupted) => process::exit(INTERRUPTED),
        Err(toolwright_stdio::Error::Start(source)) => Err(match source.downcast::<Error>() {
            Ok(error) => *error,
            Err(source) => Error::Start { what: "the server".into(), source },
        }),
        Err(toolwright_stdio::Error::Read(source)) => {
            Err(Error::Io { what: "cannot read stdin".into(), source })
        }
        Err(error) => Err(Error::Io { what: "cannot serve stdio".into(), source: io::Error::other(error) }),
    }
}

/// Somebody who starts a server by hand should learn why nothing happens.
fn greet() {
    if io::stdin().is_terminal() {
        let program =
            env::current_exe().map_or_else(|_| "this program".into(), |path| path.display().to_string());
        let _ = writeln!(
            io::stderr(),
            "This is an MCP server that speaks over stdin and stdout. To use it, name `{program}` as the command of a stdio \
             server in your MCP client; Ctrl-C ends it."
        );
    }
}
