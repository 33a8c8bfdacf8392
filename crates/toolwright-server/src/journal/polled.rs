use std::cell::Cell;

use crate::Context;

thread_local! {
    static POLLED: Cell<At> = const { Cell::new(At { call: 0, in_step: false }) };
}

#[derive(Clone, Copy)]
struct At {
    /// The outermost call whose future is being polled on this thread.
    call: usize,
    in_step: bool,
}

/// Says that the future of a call is being polled, until it is dropped. That is how a question knows whether it is the call itself
/// that asks: what runs in a task of its own, or on a thread for blocking work, is not part of it and cannot be suspended with it.
pub(crate) struct Polled {
    before: At,
}

impl Polled {
    pub(crate) fn enter(context: &Context) -> Self {
        let (call, before) = (context.root().address(), POLLED.get());
        POLLED.set(At { call, in_step: before.in_step && before.call == call });
        Self { before }
    }

    /// The same for a step of the call.
    pub(crate) fn enter_step(context: &Context) -> Self {
        Self { before: POLLED.replace(At { call: context.root().address(), in_step: true }) }
    }

    /// Whether it is this call that is being polled.
    pub(crate) fn is(context: &Context) -> bool {
        POLLED.get().call == context.root().address()
    }

    /// Whether it is a step.
    pub(crate) fn is_step() -> bool {
        POLLED.get().in_step
    }
}

impl Drop for Polled {
    fn drop(&mut self) {
        POLLED.set(self.before);
    }
}
