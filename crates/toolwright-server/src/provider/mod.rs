//! Where components come from.
//!
//! Compiled ones are known when the server is built (and may be added and removed later); live ones are asked with each request,
//! because what they have depends on the caller or on another machine.
mod caller;
mod into;
mod live;

pub use caller::Caller;
pub(crate) use into::Kept;
pub use into::{IntoProvider, Source};
pub(crate) use live::{Answer, Live, SharedProvider};
pub use live::{Provider, ProviderError};
