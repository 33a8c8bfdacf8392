//! What is particular about HTTP: statuses, sessions that the transport knows, and headers that mirror the body.
mod bindings;
mod order;
mod post;
mod sessions;
mod state;
mod streams;
