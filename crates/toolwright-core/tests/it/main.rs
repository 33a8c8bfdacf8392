//! What the core promises, by module.
mod jsonrpc;
mod schema;
mod sse;
mod uri;
