//! What the core promises, by module.
mod jsonrpc;
mod uri;
