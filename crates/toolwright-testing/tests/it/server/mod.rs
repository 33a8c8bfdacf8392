//! Client, harness and engine together, in process and over a pipe.
mod answers;
mod calls;
mod changes;
mod fixture;
mod wire;
