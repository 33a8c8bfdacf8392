//! Model Context Protocol over Streamable HTTP.
//!
//! Anything that is an [`Endpoint`](toolwright_core::joint::Endpoint) is served, in all protocol revisions on one URL: stateless
//! requests, sessions with their streams, clients without either. [`ServeHttp::http`] configures it; then it is a
//! [router](HttpServer::router) for an existing axum application, a [tower service](HttpServer::service) for any other stack, or
//! a [server](HttpServer::serve) of its own.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod bearer;
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub mod client;
mod cors;
mod delete;
mod events;
mod gate;
mod get;
pub mod guard;
mod pair;
mod post;
mod reply;
mod serve;
mod server;
mod service;
mod session;
mod shared;
mod slots;
mod stream;

#[cfg(feature = "contract")]
pub mod contract;

pub use axum;
pub use cors::{Cors, CorsFuture, CorsService};
pub use events::{EventStore, MemoryEventStore, SharedEventStore};
pub use reply::Body;
pub use serve::{Error, HttpHandle};
pub use server::{HttpServer, ServeHttp, SessionMode};
pub use service::HttpService;
pub use toolwright_signal::shutdown_signal;
