//! How the user gets to the authorization server and back.
mod browser;
mod follow_redirect;
mod http;
mod loopback_redirect;
mod page;
mod user_agent;

pub use follow_redirect::FollowRedirect;
pub use loopback_redirect::LoopbackRedirect;
pub(super) use user_agent::SharedUserAgent;
pub use user_agent::{UserAgent, UserAgentError, Visit};
