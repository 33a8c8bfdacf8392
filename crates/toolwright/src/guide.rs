//! The guide: short pages, each with an example that is compiled and run, the rules in a table, and the traps.
//!
//! | page | read it when | features |
//! |---|---|---|
//! | [`getting_started`] | you begin | `macros`, `stdio`, `client` |
//! | [`tools`] | a model should do something | `macros` |
//! | [`resources`] | a client should read something | `macros` |
//! | [`prompts`] | a person should choose something | `macros` |
//! | [`context`] | a handler needs more than its arguments |  |
//! | [`state`] | a call has to know of the caller's earlier ones |  |
//! | [`questions`] | a handler has to ask the user or their model |  |
//! | [`write_once`] | the handler that asks has effects, or there are several servers |  |
//! | [`links`] | a user has to open a web page meanwhile |  |
//! | [`sampling`] | a model has to think meanwhile | *`sampling-openai`* for a model of the server's own |
//! | [`client`] | your program uses servers | `client` |
//! | [`children`] | you call servers that are programs, or many at once | `client`, *`child`* |
//! | [`errors`] | something fails |  |
//! | [`middleware`] | something holds for all calls |  |
//! | [`components`] | there are many components, or they change |  |
//! | [`extensions`] | the protocol is not enough |  |
//! | [`testing`] | always | `client`, *`testing`* |
//! | [`http`] | clients should reach the server over the network | `http` |
//! | [`http_client`] | you call servers over the network | *`http-client`* |
//! | [`axum`] | there is an application already | `http` |
//! | [`oauth_client`] | a server wants to know who calls it | *`auth-client`*, *`http-client`* |
//! | [`deployment`] | others depend on it | `http` |
//!
//! Features in *italics* are off until a `Cargo.toml` turns them on: `toolwright = { version = "0.1", features = ["child"] }`. The
//! others are on by default.

#[doc = include_str!("guide/getting_started.md")]
pub mod getting_started {}

#[doc = include_str!("guide/tools.md")]
pub mod tools {}

#[doc = include_str!("guide/resources.md")]
pub mod resources {}

#[doc = include_str!("guide/prompts.md")]
pub mod prompts {}

#[doc = include_str!("guide/context.md")]
pub mod context {}

#[doc = include_str!("guide/state.md")]
pub mod state {}

#[doc = include_str!("guide/questions.md")]
pub mod questions {}

#[doc = include_str!("guide/write_once.md")]
pub mod write_once {}

#[doc = include_str!("guide/links.md")]
pub mod links {}

#[doc = include_str!("guide/sampling.md")]
pub mod sampling {}

#[cfg(feature = "client")]
#[doc = include_str!("guide/client.md")]
pub mod client {}

#[cfg(feature = "client")]
#[doc = include_str!("guide/children.md")]
pub mod children {}

#[doc = include_str!("guide/errors.md")]
pub mod errors {}

#[doc = include_str!("guide/middleware.md")]
pub mod middleware {}

#[doc = include_str!("guide/components.md")]
pub mod components {}

#[doc = include_str!("guide/extensions.md")]
pub mod extensions {}

#[doc = include_str!("guide/testing.md")]
pub mod testing {}

#[cfg(feature = "http")]
#[doc = include_str!("guide/http.md")]
pub mod http {}

#[cfg(feature = "http-client")]
#[doc = include_str!("guide/http_client.md")]
pub mod http_client {}

#[cfg(feature = "http")]
#[doc = include_str!("guide/axum.md")]
pub mod axum {}

#[cfg(feature = "http")]
#[doc = include_str!("guide/deployment.md")]
pub mod deployment {}

#[cfg(all(feature = "auth-client", feature = "http-client"))]
#[doc = include_str!("guide/oauth_client.md")]
pub mod oauth_client {}
