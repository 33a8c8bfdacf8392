//! The Model Context Protocol without I/O.
//!
//! Bytes come in as [`jsonrpc`] messages, are judged by an [`era`], speak in the types of the [`model`], and leave through
//! the [`joint`]s that transports, servers and clients share. Nothing in here opens a socket, reads a clock, spawns a task or
//! knows an async runtime: whoever calls brings those along.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod era;
pub mod headers;
pub mod hex;
pub mod joint;
pub mod jsonrpc;
pub mod model;
mod raw;
pub mod sse;
pub mod uri;

pub use raw::Raw;
