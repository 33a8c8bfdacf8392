//! The client's side of the transport.
mod served;
