//! The joints: what transports, servers and clients agree on without knowing each other.
//!
//! A server is an [`Endpoint`]: [`Inbound`] in, [`Outbound`] out, and everything that is no answer goes to an [`Outlet`]. A
//! client reaches it through a [`Link`], which [`Connect`] opens. Who is asking is a [`Principal`], found by a
//! [`TokenVerifier`] and judged by an [`Authorizer`]; what a client shows to be let in are its [`Credentials`].
mod authorizer;
mod credentials;
mod endpoint;
mod future;
mod inbound;
mod link;
mod lookup;
mod outbound;
mod outlet;
mod principal;
mod session;
mod surface;
mod token;
mod waiting;

pub use authorizer::{Authorizer, SharedAuthorizer};
pub use credentials::{Answer, Attempt, Credentials, CredentialsError, SharedCredentials};
pub use endpoint::Endpoint;
pub use future::BoxFuture;
pub use inbound::{Inbound, Transport};
pub use link::{Attach, Connect, ConnectError, Incoming, Link, LinkError, Outgoing, SharedConnect};
pub use lookup::{Arrival, ArrivalKind, Refused, SessionLookup, Standing};
pub use outbound::Outbound;
pub use outlet::{Closed, Mute, Outlet, SendError};
pub use principal::Principal;
pub use session::Session;
pub use surface::{Limits, Surface};
pub use token::{SharedTokenVerifier, TokenError, TokenVerifier};
pub use waiting::{Wait, Waiting};
