//! Servers as child processes: this test binary runs itself as the server.
mod client;
mod death;
mod ending;
mod fixture;
mod starting;
