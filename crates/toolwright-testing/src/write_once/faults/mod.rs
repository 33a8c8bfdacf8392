//! What may go wrong between a stateless client and its servers, done to any call.
mod doomed;
mod fault;
mod journals;
mod promise;
mod stage;
mod trouble;
mod wire;

pub use fault::{Fault, Incident};
pub(super) use promise::broken;
pub(super) use stage::{Noted, Stage};
