//! What a handler knows about its call, and what it can say and ask before its result.
mod ambient;
mod cancel;
mod clock;
mod context;
mod log;
mod nested;
mod progress;
mod states;
mod stream;
#[cfg(test)]
pub(crate) mod testing;

pub(crate) use ambient::Ambient;
pub use cancel::Cancel;
pub(crate) use cancel::Switch;
pub use context::Context;
pub(crate) use context::{Named, Origin, Subject, WeakContext};
pub use log::Logger;
pub use progress::Progress;
pub(crate) use states::States;
pub use toolwright_core::model::IntoTotal;
