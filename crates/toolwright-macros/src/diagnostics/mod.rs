//! Mistakes of the author: how they are worded, and how they are collected.
mod errors;
mod message;
mod subject;

pub(crate) use errors::Errors;
pub(crate) use message::Message;
pub(crate) use subject::{Kind, Subject};
