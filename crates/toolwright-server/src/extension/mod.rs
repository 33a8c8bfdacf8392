//! Extensions of the protocol: off unless added, negotiated on both sides, outside of the engine ("Extension Negotiation").
mod extension;
mod method;
mod offered;

pub use extension::Extension;
pub use method::{ExtensionMethod, Gate};
pub(crate) use offered::Extensions;
