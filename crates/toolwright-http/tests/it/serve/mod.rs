//! A server of its own, over real sockets.
mod connections;
mod ending;
mod process;
mod replicas;
mod routes;
mod running;
mod socket;
mod starting;
