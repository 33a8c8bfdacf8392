//! How this becomes a client of an authorization server ("Client Registration Approaches").
mod client;
mod dynamic;
mod registration;

pub use client::ClientRegistration;
pub(super) use dynamic::{Applicant, register};
pub(super) use registration::Registration;
