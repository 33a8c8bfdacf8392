use std::future::pending;

use crate::Signals;

/// Resolves when the system asks the process to end, by SIGTERM or Ctrl-C: for the graceful shutdown of an application that serves
/// by itself. Needs a tokio runtime with I/O enabled.
///
/// Where the system's signals cannot be listened to, that is logged and it never resolves.
///
/// # Example
/// ```no_run
/// # async fn serve() {}
/// # async fn example() {
/// tokio::select! {
///     () = serve() => {}
///     () = toolwright_signal::shutdown_signal() => {} // Begin the end.
/// }
/// # }
/// ```
pub async fn shutdown_signal() {
    match Signals::new(None, true) {
        Ok(mut signals) => signals.next().await,
        Err(error) => {
            tracing::error!(%error, "SIGTERM and Ctrl-C cannot be heeded");
            pending().await
        }
    }
}
