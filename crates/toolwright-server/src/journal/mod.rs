//! What a call was answered and has done so far, over all its runs.
//!
//! A client of a stateless revision answers questions by calling again. The handler then starts over: what it asked is answered from
//! the journal, which travelled through the client, sealed, and what it did in a step is not done again. [`Rounds`] is the journal
//! of one run; [`state`] seals and opens it; [`retry`] reads what a client sends along; [`Held`] suspends a handler that asks, and
//! keeps one alive whose step runs; [`Claims`] sees to it that a round that is sent twice runs once.
mod canonical;
mod claim;
mod held;
mod idempotency_key;
mod journal;
mod once;
mod polled;
mod retry;
mod rounds;
mod schema;
mod state;
mod step;
mod stragglers;
mod suspend;

pub(crate) use canonical::{canonical, digest};
pub(crate) use claim::{Claimed, Claims, Round};
pub(crate) use held::{finish_steps, run, run_layers};
pub use idempotency_key::IdempotencyKey;
pub use journal::Journal;
pub(crate) use polled::Polled;
pub(crate) use retry::{Sent, opened, stale};
pub(crate) use rounds::{Asked, Rounds};
pub(crate) use schema::Schema;
pub(crate) use stragglers::Stragglers;
