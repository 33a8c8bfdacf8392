//! What the engine promises, by module.
mod arguments;
mod respond;
