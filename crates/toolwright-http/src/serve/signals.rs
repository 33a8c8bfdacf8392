use std::{future::pending, io};

use toolwright_core::joint::BoxFuture;

/// Requests to end, from the system and from the program.
pub(crate) struct Signals {
    shutdown: Option<BoxFuture<'static, ()>>,
    system: Option<System>,
}

impl Signals {
    /// Listens to the program's `shutdown`, and to the system if so wanted.
    pub(crate) fn new(shutdown: Option<BoxFuture<'static, ()>>, system: bool) -> io::Result<Self> {
        Ok(Self { shutdown, system: system.then(System::new).transpose()? })
    }

    /// Resolves with the next request. The program has one.
    pub(crate) async fn next(&mut self) {
        let Self { shutdown, system } = self;
        let asked = async {
            match shutdown {
                Some(when) => when.await,
                None => pending().await,
            }
        };
        let signalled = async {
            match system {
                Some(system) => system.next().await,
                None => pending().await,
            }
        };
        tokio::select! {
            () = asked => self.shutdown = None,
            () = signalled => {}
        }
    }
}

#[cfg(unix)]
struct System {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl System {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(windows)]
struct System(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl System {
    fn new() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}
