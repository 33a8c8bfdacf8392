//! What travels through clients and comes back: sealed, so that they can neither read nor change it.
mod binding;
mod keyring;
mod state_keys;

pub(crate) use binding::Binding;
pub(crate) use keyring::Keyring;
pub use state_keys::{ParseStateKeysError, StateKeys};
