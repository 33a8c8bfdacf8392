//! No call ever hangs: what goes wrong, over every transport, and how the call ends.
//!
//! A server that speaks in bytes answers the tool `ok`; a tool named like a row of the table gets the fault of that row instead.
//! The same faults go through the whole client over each transport: see [`table`].
mod case;
mod child;
mod in_process;
mod place;
mod rows;
mod server;
mod sockets;
mod table;
