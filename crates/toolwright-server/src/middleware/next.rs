use std::{fmt, sync::Arc};

use toolwright_core::joint::BoxFuture;

use super::SharedMiddleware;
use crate::{Call, Reply};

pub(super) type End = dyn Fn(Call) -> BoxFuture<'static, Reply> + Send + Sync;

/// The rest of the way: the layers further in, and the handler.
#[derive(Clone)]
pub struct Next {
    layers: Arc<[SharedMiddleware]>,
    at: usize,
    end: Arc<End>,
}

impl Next {
    pub(super) fn new(layers: Arc<[SharedMiddleware]>, end: Arc<End>) -> Self {
        Self { layers, at: 0, end }
    }

    /// Passes the call on. May be run more than once by a clone, to try again for example.
    pub fn run(mut self, call: Call) -> BoxFuture<'static, Reply> {
        match self.layers.get(self.at) {
            Some(layer) => {
                let layer = layer.clone();
                self.at += 1;
                layer.handle(call, self)
            }
            None => (self.end)(call),
        }
    }
}

impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").field("layers_left", &(self.layers.len() - self.at)).finish_non_exhaustive()
    }
}
