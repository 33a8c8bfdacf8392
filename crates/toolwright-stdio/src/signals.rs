use std::{future::pending, io};

use toolwright_core::joint::BoxFuture;

use crate::Options;

/// Requests to end, from the system and from the program.
pub(crate) struct Signals {
    shutdown: Option<BoxFuture<'static, ()>>,
    system: Option<System>,
}

impl Signals {
    /// What `options` ask for; what they do not say about the system means no.
    pub(crate) fn new(options: &mut Options) -> io::Result<Self> {
        let system = options.signals.unwrap_or(false).then(System::new).transpose()?;
        Ok(Self { shutdown: options.shutdown.take(), system })
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
