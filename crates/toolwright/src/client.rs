//! The client, and what it connects to: a [`Server`](crate::Server) in process, and with the features for them a URL or a command.
pub use toolwright_client::{
    Builder, ByHand, Cache, CallOutcome, Change, Client, ClientError, Clients, ClientsBuilder, EraChoice,
    Listed, Notification, Questions, Refusal, Request, ServerError, Step, Subscription, ToolError,
};
#[cfg(feature = "http-client")]
pub use toolwright_http::client::{Bearer, Http};
#[cfg(feature = "child")]
pub use toolwright_stdio::{Child, Stderr};

pub use crate::open::{Open, OpenBuilder, OpenError, Servers};
