//! OAuth for [MCP](https://modelcontextprotocol.io).
//!
//! With the feature `client`, [`client::OAuth`] lets a client be authorized for a server: it finds the authorization server,
//! registers, brings the user there, and keeps the tokens fresh.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "client")]
pub mod client;
