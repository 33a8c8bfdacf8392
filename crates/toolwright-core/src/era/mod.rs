//! Which revision of the protocol speaks, and what that means.
//!
//! An [`Era`] is a value, chosen once at the edge by [`admit`] and asked from then on: which methods exist, what a result looks
//! like, which code and status an error gets. This is the only place that compares revisions.
mod admit;
mod claim;
mod features;
mod label;
mod methods;
mod refusal;
mod revision;
mod served;
mod shape;
mod status;

pub use admit::{Admitted, admit};
pub use claim::Claim;
pub use features::Era;
pub use label::{Labelled, Signature};
pub use refusal::Refusal;
pub use revision::{Revision, UnknownRevision};
pub use served::Served;
pub use shape::{FormError, SamplingError};
