//! A framework for MCP (Model Context Protocol) servers: annotate functions, and they are tools, resources and prompts.
//!
//! ```
//! use toolwright::prelude::*;
//!
//! /// Add two numbers.
//! #[tool]
//! fn add(a: i64, b: i64) -> i64 {
//!     a + b
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> toolwright::Result<()> {
//! let server = Server::builder("demo").tools(tools![add]).build()?; // `.run().await` instead serves stdio, or HTTP with `--http`.
//!
//! assert_eq!(add(2, 3), 5); // The function is untouched.
//! let client = Client::connect(server).await?; // In process, without a transport.
//! let sum: i64 = client.call("add", json!({ "a": 2, "b": 3 })).await?.data()?;
//! assert_eq!(sum, 5);
//! # Ok(())
//! # }
//! ```
//!
//! # Where to go on
//! | | |
//! |---|---|
//! | [`guide`] | getting started, tools, resources, prompts, context, state, questions, write once, links, sampling, client, children, errors, middleware, components, extensions, testing, HTTP, clients over HTTP, axum, OAuth for clients, deployment |
//! | [`tool`], [`resource`], [`prompt`], [`completion`], [`provider`], [`model`], [`Elicit`](macro@Elicit) | the attributes |
//! | [`ServerBuilder`] | everything a server can be given |
//! | [`Context`] | what a handler can ask and say |
//! | [`Client`] | calls to servers, in tests and in applications |
//!
//! # Features
//! | feature | default | what |
//! |---|---|---|
//! | `macros` | yes | `#[tool]` and the other attributes |
//! | `stdio` | yes | the stdio transport and [`run()`](Run::run) |
//! | `http` | yes | Streamable HTTP: a router for axum, a tower service, a server of its own, and [`run()`](Run::run) |
//! | `client` | yes | [`Client`] |
//! | `child` | no | [`client::Child`](client): the client starts servers as child processes |
//! | `http-client` | no | [`client::Http`](client): the client connects to URLs, and to routers in the same process |
//! | `auth-client` | no | `toolwright::auth::client`: clients are authorized by OAuth |
//! | `sampling-openai` | no | [`sampling`] by models behind an OpenAI-compatible API |
//! | `testing` | no | `toolwright::testing`: one test body in every revision, wire transcripts, recorders, scripted answers |
//! | `validation` | no | hand-written JSON Schemas are checked when the server is built, and held to |
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "macros")]
mod attributes;
#[cfg(feature = "client")]
pub mod client;
mod error;
pub mod guide;
#[cfg(feature = "http")]
pub mod http;
mod lists;
#[cfg(feature = "client")]
mod open;
pub mod prelude;
#[cfg(any(feature = "stdio", feature = "http"))]
mod run;

#[doc(hidden)]
pub use toolwright_server::__private;

#[cfg(feature = "macros")]
pub use attributes::{Elicit, completion, model, prompt, provider, resource, tool};
pub use error::Error;
#[cfg(any(feature = "stdio", feature = "http"))]
pub use run::{Run, run_endpoint};
#[cfg(feature = "auth-client")]
#[doc(inline)]
pub use toolwright_auth as auth;
#[cfg(feature = "client")]
pub use toolwright_client::Client;
#[doc(inline)]
pub use toolwright_server::core;
pub use toolwright_server::{
    Call, CallRecord, Completion, Context, HandlerError, IdempotencyKey, Journal, Links, Notifier,
    ParseStateKeysError, Prompt, Reply, Resource, Server, ServerBuilder, ServerResult, StateKeys, Tool,
    arguments, builder, component, context, elicit, extension, extract, handler, links, middleware,
    provider as providers, question, respond, sampling, transform,
};
#[cfg(feature = "stdio")]
#[doc(inline)]
pub use toolwright_stdio as stdio;
#[doc(inline)]
pub use toolwright_store as store;
#[cfg(feature = "testing")]
#[doc(inline)]
pub use toolwright_testing as testing;

/// What building, running and calling a server returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The README's code is compiled and run with the doctests. Packages have no such path, and need none: this is for doctests only.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
