//! What most servers need: `use toolwright::prelude::*;`.
//!
//! It has no `Result`, so that yours stays yours.
#[cfg(feature = "client")]
pub use crate::Client;
#[cfg(feature = "macros")]
pub use crate::attributes::{Elicit, completion, model, prompt, provider, resource, tool};
#[cfg(feature = "child")]
pub use crate::client::Child;
#[cfg(feature = "http-client")]
pub use crate::client::Http;
#[cfg(feature = "client")]
pub use crate::client::{Open, OpenBuilder};
#[cfg(feature = "http")]
pub use crate::http::{HttpServer, ServeHttp};
#[cfg(any(feature = "stdio", feature = "http"))]
pub use crate::run::Run;
pub use crate::{
    __private::serde_json::{self, json},
    Call, Completion, Context, HandlerError, Notifier, Prompt, Reply, Resource, Server, Tool,
    arguments::{Args, Handle},
    completions,
    extract::{Cancel, Ext, FromCall, HttpParts, Principal, Progress, Session, State},
    middleware::Next,
    prompts, resources,
    respond::{Audio, File, Image, Json},
    tools,
};
