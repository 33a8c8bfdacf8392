//! Signed tokens: what a client shows of its keys (RFC 7515, RFC 7523, RFC 9449).
mod dpop;
mod encode;
mod key;
mod proof;

pub(super) use dpop::DpopKey;
pub(super) use encode::{digest, digest_base64, random};
pub use key::{ParseKeyError, SigningKey};
pub(super) use proof::Proof;
