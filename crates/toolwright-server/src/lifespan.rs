use std::{
    any::{Any, TypeId, type_name},
    fmt,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use toolwright_core::joint::BoxFuture;

use crate::{Error, context::States};

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Made = Arc<dyn Any + Send + Sync>;

/// What is set up when a server starts and torn down, in reverse order, when it stops.
#[derive(Default)]
pub(crate) struct Lifespans {
    spans: Vec<Span>,
    running: Mutex<Vec<(usize, Made)>>,
}

struct Span {
    makes: TypeId,
    name: &'static str,
    start: Box<dyn Fn() -> BoxFuture<'static, Result<Made, BoxError>> + Send + Sync>,
    stop: Box<dyn Fn(Made) -> BoxFuture<'static, ()> + Send + Sync>,
}

impl Lifespans {
    pub(crate) fn add<T, S, F, E, R>(&mut self, start: S, stop: E)
    where
        T: Send + Sync + 'static,
        S: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = Result<T, BoxError>> + Send + 'static,
        E: Fn(Arc<T>) -> R + Send + Sync + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        self.spans.push(Span {
            makes: TypeId::of::<T>(),
            name: type_name::<T>(),
            start: Box::new(move || {
                let made = start();
                Box::pin(async move { Ok(Arc::new(made.await?) as Made) })
            }),
            stop: Box::new(move |made| match made.downcast::<T>() {
                Ok(made) => Box::pin(stop(made)),
                Err(_) => Box::pin(std::future::ready(())),
            }),
        });
    }

    pub(crate) fn makes(&self, id: TypeId) -> bool {
        self.spans.iter().any(|span| span.makes == id)
    }

    /// Sets everything up in order. When one fails, those before it are torn down again.
    pub(crate) async fn start(&self) -> Result<States, Error> {
        let mut states = States::default();
        for (at, span) in self.spans.iter().enumerate() {
            match (span.start)().await {
                Ok(made) => {
                    states.insert_shared(span.makes, Arc::clone(&made));
                    self.running.lock().unwrap_or_else(PoisonError::into_inner).push((at, made));
                }
                Err(source) => {
                    self.stop().await;
                    return Err(Error::Start { what: format!("the lifespan of `{}`", span.name), source });
                }
            }
        }
        Ok(states)
    }

    /// Tears down what runs, the last first.
    pub(crate) async fn stop(&self) {
        loop {
            let last = self.running.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some((at, made)) = last else { return };
            (self.spans[at].stop)(made).await;
        }
    }
}

impl fmt::Debug for Lifespans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.spans.iter().map(|span| span.name)).finish()
    }
}
