use std::cell::Cell;

use crate::Context;

thread_local! {
    /// The outermost call whose future is being polled on this thread.
    static CALL: Cell<usize> = const { Cell::new(0) };
}

/// Says that the future of a call is being polled, until it is dropped. That is how a question knows whether it is the call itself
/// that asks: what runs in a task of its own, or on a thread for blocking work, is not part of it and cannot be suspended with it.
pub(crate) struct Polled {
    before: usize,
}

impl Polled {
    pub(crate) fn enter(context: &Context) -> Self {
        Self { before: CALL.replace(context.root().address()) }
    }

    /// Whether it is this call that is being polled.
    pub(crate) fn is(context: &Context) -> bool {
        CALL.get() == context.root().address()
    }
}

impl Drop for Polled {
    fn drop(&mut self) {
        CALL.set(self.before);
    }
}
