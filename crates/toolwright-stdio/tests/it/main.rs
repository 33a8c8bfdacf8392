//! What a client sees at the other end of a byte stream.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails the test")]

mod calls;
#[cfg(all(unix, feature = "child"))]
mod child;
mod double;
mod ending;
mod framing;
mod pipe;
mod pressure;
mod process;
mod streams;
mod wire;
