use std::{
    future::{Future, poll_fn},
    panic::resume_unwind,
    pin::Pin,
    task::Poll,
    thread,
};

use tokio::runtime::Builder;
use toolwright_core::joint::{Attach, Connect as _, Outgoing};
use toolwright_server::Server;

/// Polls a future this often at most, and tells whether it came to its end.
pub(super) async fn turns<F: Future + Unpin>(mut future: F, turns: usize) -> bool {
    let mut left = turns;
    poll_fn(|cx| {
        if left > 0 {
            left -= 1;
            if Pin::new(&mut future).poll(cx).is_ready() {
                return Poll::Ready(true);
            }
        }
        if left == 0 { Poll::Ready(false) } else { Poll::Pending }
    })
    .await
}

/// Lets a server work on a message for so many turns and then die as a process does: with everything that runs. Tells whether the
/// reply was there by then.
///
/// It lives in a runtime of its own, whose clock is the real one even where that of the test is paused.
pub(super) async fn serve_and_die(server: Server, attach: Attach, message: Outgoing, point: usize) -> bool {
    let life = move || {
        let runtime =
            Builder::new_current_thread().enable_all().build().expect("a thread can have a runtime");
        let link = runtime.block_on(server.connect(attach)).unwrap_or_else(|error| panic!("{error}"));
        let mut exchange = link.exchange(message);
        let answered = runtime.block_on(turns(&mut exchange, point));
        // First the runtime, so that nothing can be saved by a task.
        drop(runtime);
        answered
    };
    // The thread for blocking work keeps a paused clock from running ahead, and its own one knows no other runtime.
    let waiting = tokio::task::spawn_blocking(move || thread::spawn(life).join());
    match waiting.await.expect("waiting for a thread does not panic") {
        Ok(answered) => answered,
        Err(panic) => resume_unwind(panic),
    }
}
