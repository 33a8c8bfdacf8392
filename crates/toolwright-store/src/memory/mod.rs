//! Stores that live and die with the process.
mod entries;
mod key_value;
mod pub_sub;

pub use key_value::MemoryKeyValue;
pub use pub_sub::MemoryPubSub;
