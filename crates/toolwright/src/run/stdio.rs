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

use super::{INTERRUPTED, start_error};

/// Serves stdin and stdout.
pub(super) async fn run(endpoint: Arc<dyn Endpoint>) -> Result<(), Error> {
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
        Err(toolwright_stdio::Error::Start(source)) => Err(start_error(source)),
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
        let http = if cfg!(feature = "http") { "; `--http 127.0.0.1:8000` serves HTTP instead" } else { "" };
        let _ = writeln!(
            io::stderr(),
            "This is an MCP server that speaks over stdin and stdout. To use it, name `{program}` as the command of a stdio \
             server in your MCP client; Ctrl-C ends it{http}."
        );
    }
}
