//! The client's side of the transport.
mod answers;
mod credentials;
mod pair;
mod resumption;
mod routing;
mod script;
mod served;
mod sessions;
mod sockets;
mod tls;
