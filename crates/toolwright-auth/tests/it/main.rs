//! A client at a server and an authorization server that do as they are told, and write down what they are asked.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails the test")]

mod code;
mod discovery;
mod dpop;
mod flight;
mod grants;
mod loopback;
mod reach;
mod refresh;
mod registration;
mod scopes;
mod sign_out;
mod store;
mod world;
