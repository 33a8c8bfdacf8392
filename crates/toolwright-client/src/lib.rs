//! The client of the Model Context Protocol.
//!
//! A [`Client`] talks to anything that can be [connected to](toolwright_core::joint::Connect): a server in the same process, a
//! URL, a child process. It finds out which revision of the protocol the server speaks, and looks the same in all of them:
//! typed calls, progress and logs, answers to what the server asks, changes as a [`Subscription`].
//!
//! # How a call runs
//! A [`Request`] takes options until it is awaited. Then it is written into one buffer, and the exchange with the server is
//! polled in the caller's own task: in process nothing is spawned and no channel is between caller and server. Whoever drops
//! the future gives the request up, and the server is told. Each request has a timeout, and a closed connection fails whatever
//! waits; no call waits for ever.
//!
//! # What the server asks
//! Handlers for [elicitation](Builder::on_elicit), [sampling](Builder::on_sample) and [roots](Builder::roots) are declared as
//! capabilities by being installed. They serve the requests of older sessions and the questions of multi round-trip requests
//! alike.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod builder;
mod cache;
mod call;
mod catalog;
mod client;
mod connection;
mod error;
mod fleet;
mod inlet;
mod negotiate;
mod renewal;
mod request;
mod settings;
mod shared;
mod subscription;
#[cfg(feature = "validation")]
mod validation;

pub use answer::Refusal;
pub use builder::Builder;
pub use cache::Cache;
pub use call::{CallOutcome, ToolError};
pub use client::Client;
pub use error::ClientError;
pub use fleet::{Clients, ClientsBuilder, Listed, ServerError};
pub use inlet::Notification;
pub use negotiate::EraChoice;
pub use request::{ByHand, Questions, Request, Step};
pub use subscription::{Change, Subscription};
