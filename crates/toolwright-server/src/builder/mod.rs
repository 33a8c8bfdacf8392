//! From components and settings to a server.
mod check;
mod server_builder;

pub(crate) use check::problems;
pub use server_builder::ServerBuilder;
