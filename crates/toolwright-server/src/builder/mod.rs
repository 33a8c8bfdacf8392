//! From components and settings to a server.
mod check;
mod server_builder;

pub use server_builder::ServerBuilder;
pub(crate) use check::problems;
