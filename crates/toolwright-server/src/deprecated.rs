//! One warning per process for each feature that the specification deprecates.
use std::sync::atomic::{AtomicBool, Ordering};

/// A feature that a later revision will lack ("Deprecated features").
#[derive(Clone, Copy, Debug)]
pub(crate) enum Feature {
    Roots,
    Sampling,
    Logging,
}

static WARNED: [AtomicBool; 3] = [const { AtomicBool::new(false) }; 3];

/// Warns the first time that a handler uses `feature`.
pub(crate) fn warn_once(feature: Feature) {
    if WARNED[feature as usize].swap(true, Ordering::Relaxed) {
        return;
    }
    let (name, instead) = match feature {
        Feature::Roots => ("roots", "take paths as tool arguments or configuration"),
        Feature::Sampling => ("sampling", "call the model provider yourself"),
        Feature::Logging => ("log messages to the client", "log to stderr or OpenTelemetry"),
    };
    tracing::warn!("the specification deprecates {name} since 2026-07-28; {instead}");
}
