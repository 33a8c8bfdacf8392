//! The engine of Toolwright: what turns functions into an MCP server.
//!
//! Users depend on the facade crate `toolwright`, which re-exports this one. The modules stand in the order of a call: a message
//! enters by [`Server`] (an [`Endpoint`](toolwright_core::joint::Endpoint)), becomes a [`Call`], passes the [`middleware`], finds a
//! [`component`] that a [`provider`] has and a [`transform`] may have changed, and reaches its [`handler`] with [`arguments`] read and
//! extractors run ([`extract`]). What the handler returns becomes a result in [`respond`].
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod arguments;
pub mod builder;
mod call;
mod clients;
pub mod component;
mod connection;
pub mod context;
mod declared;
mod deprecated;
mod dispatch;
pub mod elicit;
mod engine;
mod error;
pub mod extension;
pub mod extract;
pub mod handler;
mod hub;
mod journal;
mod lifespan;
mod link;
pub mod links;
pub mod middleware;
mod mirror;
pub mod provider;
pub mod question;
mod record;
mod registry;
pub mod respond;
pub mod sampling;
mod seal;
mod server;
mod service;
mod session;
pub mod transform;
#[cfg(feature = "validation")]
#[cfg_attr(docsrs, doc(cfg(feature = "validation")))]
pub mod validation;

#[doc(hidden)]
pub mod __private;

pub use builder::ServerBuilder;
pub use call::{Call, Reply, ServerResult};
pub use component::{Completion, Prompt, Resource, Tool};
pub use context::Context;
pub use elicit::Elicit;
pub use error::{Error, HandlerError};
pub use hub::Notifier;
pub use journal::{IdempotencyKey, Journal};
pub use links::Links;
pub use record::CallRecord;
pub use registry::Page;
pub use seal::{ParseStateKeysError, StateKeys};
pub use server::Server;
pub use toolwright_core as core;
