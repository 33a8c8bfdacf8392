//! What every store has to do, as functions to run in one's own tests.
//!
//! Each function panics with a text that names the rule that is broken. They wait for values to expire, so pause tokio's clock
//! where the store uses it; with a clock of its own they take a few seconds.
//!
//! # Example
//! ```
//! use toolwright_store::{MemoryKeyValue, MemoryPubSub, contract};
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() {
//!     # tokio::time::pause();
//!     contract::key_value(async || MemoryKeyValue::new()).await;
//!     contract::pub_sub(async || MemoryPubSub::new()).await;
//! }
//! ```
mod key_value;
mod pub_sub;

pub use key_value::key_value;
pub use pub_sub::pub_sub;
