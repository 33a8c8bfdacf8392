use std::sync::Arc;

use toolwright_core::joint::LinkError;

use super::Wire;

/// Why no further answer can come.
#[derive(Clone, Debug)]
pub(crate) enum Ended {
    Closed,
    TooLarge {
        limit: usize,
    },
    #[cfg_attr(not(feature = "child"), expect(dead_code, reason = "only processes die"))]
    Died {
        status: Option<i32>,
        stderr: Arc<str>,
    },
}

impl Ended {
    pub(super) fn error(&self) -> LinkError {
        match self {
            Self::Closed => LinkError::Closed,
            Self::TooLarge { limit } => LinkError::TooLarge { limit: *limit },
            Self::Died { status, stderr } => {
                LinkError::Died { status: *status, stderr: stderr.as_ref().into() }
            }
        }
    }
}

/// Fails everybody who waits when it is dropped, however that comes about.
pub(crate) struct End {
    wire: Wire,
    why: Ended,
}

impl End {
    pub(crate) fn new(wire: Wire) -> Self {
        Self { wire, why: Ended::Closed }
    }

    pub(crate) fn because(mut self, why: Ended) {
        self.why = why;
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.wire.outbox.close();
        self.wire.waiting.end(self.why.clone());
    }
}
