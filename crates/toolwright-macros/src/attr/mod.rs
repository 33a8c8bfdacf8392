//! The options of attributes: `key`, `key = value` and `key(list)`.
mod address;
mod annotations;
mod arg;
mod duration;
mod entry;
mod keys;
mod meta;
mod options;
mod path;
mod target;
mod value;

pub(crate) use address::{Address, address};
pub(crate) use annotations::Annotation;
pub(crate) use arg::{Arg, BOTH_KEYS, Bounds, FIELD_KEYS, PARAMETER_KEYS, QUESTION_KEYS, VARIANT_KEYS};
pub(crate) use entry::{Body, Entry, entries};
pub(crate) use keys::Keys;
pub(crate) use options::Options;
pub(crate) use path::CratePath;
pub(crate) use target::{Target, target};
pub(crate) use value::literal;
