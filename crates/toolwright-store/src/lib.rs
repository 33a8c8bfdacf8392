//! Where a fleet of servers keeps what it shares.
//!
//! Two small traits carry sessions, claims, journals, tasks, caches and change notices: [`KeyValue`] remembers, [`PubSub`] tells.
//! Implement them on what you run already; [`MemoryKeyValue`] and [`MemoryPubSub`] serve a single process. [`SharedKeyValue`] and
//! [`SharedPubSub`] hold any implementation behind one cheap handle.
//!
//! Values and messages are bytes: what they mean, and what keys and topics are called, is up to the caller.
//!
//! # Example
//! ```
//! use std::time::Duration;
//!
//! use toolwright_store::{Insertion, KeyValue, MemoryKeyValue, SharedKeyValue};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), toolwright_store::StoreError> {
//! let store = SharedKeyValue::new(MemoryKeyValue::new());
//! let minute = Some(Duration::from_secs(60));
//! assert_eq!(store.put_if_absent("claim/7", "me".into(), minute).await?, Insertion::Inserted);
//! assert_eq!(store.put_if_absent("claim/7", "you".into(), minute).await?, Insertion::Present("me".into()));
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//! | feature | default | what |
//! |---|---|---|
//! | `contract` | no | the `contract` module: test functions for one's own stores |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod error;
mod key_value;
mod memory;
mod pub_sub;

#[cfg(feature = "contract")]
pub mod contract;

pub use error::StoreError;
pub use key_value::{Insertion, KeyValue, SharedKeyValue, Swap};
pub use memory::{MemoryKeyValue, MemoryPubSub};
pub use pub_sub::{Delivery, Feed, PubSub, SharedPubSub, Subscription};
