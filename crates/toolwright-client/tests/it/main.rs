//! The client against scripted servers: every answer, and every fault, is written down in the test.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails the test")]
mod answers;
mod cache;
mod cancellation;
mod connect;
mod fake;
mod fault_table;
mod faults;
mod generated;
mod headers;
mod lists;
mod methods;
mod mirror;
mod notifications;
mod progress;
mod reconnect;
mod rounds;
mod subscriptions;
mod tools;
#[cfg(feature = "validation")]
mod validation;
