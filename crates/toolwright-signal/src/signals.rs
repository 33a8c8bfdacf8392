use std::{
    fmt,
    future::{Future, pending},
    io,
    pin::Pin,
};

use crate::system::System;

/// Requests to end, from the system and from the program, one after the other: the first begins the end, a second one may cut it
/// short.
///
/// # Example
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use toolwright_signal::Signals;
///
/// let mut signals = Signals::new(Some(Box::pin(async {})), false)?;
/// signals.next().await; // The program asked for it.
/// # Ok(())
/// # }
/// ```
pub struct Signals {
    shutdown: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    system: Option<System>,
}

impl Signals {
    /// Listens to the program's `shutdown`, and to the system if so wanted.
    ///
    /// # Errors
    /// When the system's signals cannot be listened to.
    ///
    /// # Panics
    /// When the system is to be listened to outside of a tokio runtime with I/O enabled.
    pub fn new(shutdown: Option<Pin<Box<dyn Future<Output = ()> + Send>>>, system: bool) -> io::Result<Self> {
        Ok(Self { shutdown, system: system.then(System::new).transpose()? })
    }

    /// Resolves with the next request. The program has one.
    pub async fn next(&mut self) {
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

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signals")
            .field("shutdown", &self.shutdown.is_some())
            .field("system", &self.system.is_some())
            .finish()
    }
}
