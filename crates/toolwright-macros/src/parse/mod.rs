//! What attributes stand on: functions with their parameters and docs, impl blocks, fields.
mod docs;
mod function;
mod parameter;
mod types;

pub(crate) use docs::docs;
pub(crate) use function::Function;
pub(crate) use parameter::{Force, Parameter};
pub(crate) use types::{borrows_inside, contains_impl, peel};
