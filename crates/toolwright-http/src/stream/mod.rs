//! Streams of server-sent events towards clients.
mod frame;
mod reader;
mod sse_body;
mod stream;

pub(crate) use reader::Reader;
pub(crate) use sse_body::SseBody;
pub(crate) use stream::Stream;
