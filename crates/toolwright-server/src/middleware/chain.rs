use std::sync::Arc;

use toolwright_core::joint::BoxFuture;

use super::{Next, SharedMiddleware};
use crate::{Call, Reply};

/// Layers in the order they were added.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chain(Option<Arc<[SharedMiddleware]>>);

impl Chain {
    pub(crate) fn new(layers: Vec<SharedMiddleware>) -> Self {
        Self((!layers.is_empty()).then(|| layers.into()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Runs `call` through the layers and ends at `end`.
    pub(crate) fn run<F, R>(&self, call: Call, end: F) -> BoxFuture<'static, Reply>
    where
        F: Fn(Call) -> R + Send + Sync + 'static,
        R: Future<Output = Reply> + Send + 'static,
    {
        match &self.0 {
            Some(layers) => {
                let end: Arc<super::next::End> = Arc::new(move |call| Box::pin(end(call)));
                Next::new(Arc::clone(layers), end).run(call)
            }
            None => Box::pin(end(call)),
        }
    }
}
