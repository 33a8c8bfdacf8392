//! What the engine promises, by module.
mod arguments;
mod lifecycle;
mod questions;
mod respond;
mod wire;
mod transform;
