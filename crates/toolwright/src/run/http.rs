use std::{
    io, process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use toolwright_http::{HttpServer, guard::GuardError};
use toolwright_server::Error;

use super::{INTERRUPTED, environment::variable, start_error, wishes::Wishes};

/// Serves HTTP at `address`. Whoever deploys a program knows more than its author: the environment wins over `server`.
pub(super) async fn run(mut server: HttpServer, address: String) -> Result<(), Error> {
    let Wishes { path, hosts, origins } = Wishes::read(variable)?;
    if let Some(path) = path {
        server = server.path(path);
    }
    if let Some(hosts) = hosts {
        server = server
            .allowed_hosts(&hosts)
            .map_err(|error| wrong("TOOLWRIGHT_ALLOWED_HOSTS", &hosts, &error))?;
    }
    if let Some(origins) = origins {
        server = server
            .allowed_origins(&origins)
            .map_err(|error| wrong("TOOLWRIGHT_ALLOWED_ORIGINS", &origins, &error))?;
    }
    let given_up = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&given_up);
    match server.given_up(move |_| told.store(true, Ordering::SeqCst)).serve(address).await {
        // Blocking code of such calls would keep the runtime, and with it the process, alive for as long as it likes.
        Ok(()) if given_up.load(Ordering::SeqCst) => process::exit(0),
        Ok(()) => Ok(()),
        Err(toolwright_http::Error::Interrupted) => process::exit(INTERRUPTED),
        Err(toolwright_http::Error::Start(source)) => Err(start_error(source)),
        Err(toolwright_http::Error::Bind { address, source }) => {
            Err(Error::Io { what: format!("cannot listen at {address}"), source })
        }
        Err(error) => Err(Error::Io { what: "cannot serve HTTP".into(), source: io::Error::other(error) }),
    }
}

fn wrong(variable: &str, entries: &[String], error: &GuardError) -> Error {
    Error::Usage(format!("`{variable}` is `{}`: {error}", entries.join(",")))
}
