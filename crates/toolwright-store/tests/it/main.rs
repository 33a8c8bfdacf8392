//! What the stores promise.
mod contract;
mod key_value;
mod pub_sub;
