//! Messages to bytes, each in one buffer.
use std::{
    cell::Cell,
    io::{self, Write},
};

use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{Id, RpcError};

const OPEN: &[u8] = br#"{"jsonrpc":"2.0""#;
const OPEN_ID: &[u8] = br#"{"jsonrpc":"2.0","id":"#;
const RESULT: &[u8] = br#","result":"#;

/// What stands for the id in an error whose request had none that could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbsentId {
    /// `"id":null`, as JSON-RPC 2.0 has it ("Response object").
    Null,
    /// No `id` at all, as the schemas of the protocol have it since 2025-11-25.
    Omitted,
}

/// A response with a result that is JSON text already.
///
/// # Example
/// ```
/// use toolwright_core::jsonrpc::encode;
///
/// assert_eq!(encode::result(&"a".into(), b"{}"), r#"{"jsonrpc":"2.0","id":"a","result":{}}"#);
/// ```
pub fn result(id: &Id, result: &[u8]) -> Bytes {
    let mut writer = ResultWriter::reserve(id, result.len());
    writer.0.extend_from_slice(result);
    writer.close()
}

/// A response to `id`, as one that was taken out of a batch.
///
/// # Example
/// ```
/// use toolwright_core::jsonrpc::{RpcError, encode};
///
/// assert_eq!(
///     encode::response(&7.into(), Err(&RpcError::new(1, "no"))),
///     r#"{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":"no"}}"#,
/// );
/// ```
pub fn response(id: &Id, outcome: Result<&RawValue, &RpcError>) -> Bytes {
    match outcome {
        Ok(value) => result(id, value.get().as_bytes()),
        Err(failure) => error(Some(id), AbsentId::Omitted, failure),
    }
}

/// A response with an error.
///
/// # Example
/// ```
/// use toolwright_core::jsonrpc::{RpcError, encode::{self, AbsentId}};
///
/// assert_eq!(
///     encode::error(None, AbsentId::Omitted, &RpcError::parse_error("not JSON")),
///     r#"{"jsonrpc":"2.0","error":{"code":-32700,"message":"not JSON"}}"#,
/// );
/// ```
pub fn error(id: Option<&Id>, absent: AbsentId, error: &RpcError) -> Bytes {
    let data = error.data.as_ref().map_or(0, |data| data.as_str().len());
    let mut buffer = Vec::with_capacity(96 + error.message.len() + data);
    match (id, absent) {
        (Some(id), _) => open_id(&mut buffer, id),
        (None, AbsentId::Null) => buffer.extend_from_slice(br#"{"jsonrpc":"2.0","id":null"#),
        (None, AbsentId::Omitted) => buffer.extend_from_slice(OPEN),
    }
    buffer.extend_from_slice(br#","error":"#);
    serde_json::to_writer(&mut buffer, error)
        .expect("a number, a string and JSON text can always be written");
    buffer.push(b'}');
    buffer.into()
}

/// A request. Parameters that serialize to `null`, such as `&()`, are left out.
///
/// # Errors
/// When the parameters cannot be written as JSON.
///
/// # Example
/// ```
/// use toolwright_core::jsonrpc::encode;
///
/// assert_eq!(encode::request(&1.into(), "ping", &())?, r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn request<P: Serialize + ?Sized>(id: &Id, method: &str, params: &P) -> serde_json::Result<Bytes> {
    let mut buffer = Vec::with_capacity(256);
    open_id(&mut buffer, id);
    method_and_params(buffer, method, params)
}

/// A notification. Parameters that serialize to `null`, such as `&()`, are left out.
///
/// # Errors
/// When the parameters cannot be written as JSON.
pub fn notification<P: Serialize + ?Sized>(method: &str, params: &P) -> serde_json::Result<Bytes> {
    let mut buffer = Vec::with_capacity(256);
    buffer.extend_from_slice(OPEN);
    method_and_params(buffer, method, params)
}

/// An array of messages that are encoded already, or nothing if there are none: an empty batch is no message.
pub fn batch(messages: impl IntoIterator<Item = Bytes>) -> Option<Bytes> {
    let mut buffer = vec![b'['];
    for message in messages {
        if buffer.len() > 1 {
            buffer.push(b',');
        }
        buffer.extend_from_slice(&message);
    }
    (buffer.len() > 1).then(|| {
        buffer.push(b']');
        buffer.into()
    })
}

/// A response in the making: the result is written straight into the buffer that is sent.
///
/// Whoever writes through [`io::Write`] has to write exactly one JSON value.
///
/// # Example
/// ```
/// use toolwright_core::jsonrpc::encode::ResultWriter;
///
/// let mut writer = ResultWriter::open(&7.into());
/// serde_json::to_writer(&mut writer, &serde_json::json!({ "tools": [] }))?;
/// assert_eq!(writer.close(), r#"{"jsonrpc":"2.0","id":7,"result":{"tools":[]}}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug)]
pub struct ResultWriter(Vec<u8>);

/// Results up to this length are written where the thread wrote the ones before, then copied into a buffer of their length.
/// That is one allocation, where growing a buffer and handing over one with room to spare takes two or more.
const SMALL: usize = 8 * 1024;

thread_local! {
    static WRITTEN_BEFORE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

impl ResultWriter {
    /// Starts a response with a result of any length.
    pub fn open(id: &Id) -> Self {
        let mut buffer = WRITTEN_BEFORE.take();
        buffer.clear();
        Self::start(buffer, id)
    }

    /// Starts a response with a result of exactly `length` bytes.
    pub fn reserve(id: &Id, length: usize) -> Self {
        let id_length = match id {
            Id::Integer(number) => {
                let digits = number.unsigned_abs().checked_ilog10().map_or(1, |log| log as usize + 1);
                digits + usize::from(*number < 0)
            }
            // Too little where characters have to be escaped.
            Id::String(text) => text.len() + 2,
        };
        Self::start(Vec::with_capacity(OPEN_ID.len() + id_length + RESULT.len() + length + 1), id)
    }

    fn start(mut buffer: Vec<u8>, id: &Id) -> Self {
        open_id(&mut buffer, id);
        buffer.extend_from_slice(RESULT);
        Self(buffer)
    }

    /// The buffer, for whoever appends text that is JSON already.
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }

    /// Ends the response.
    pub fn close(mut self) -> Bytes {
        self.0.push(b'}');
        if self.0.len() == self.0.capacity() || self.0.len() > SMALL {
            return self.0.into();
        }
        let response = Bytes::copy_from_slice(&self.0);
        WRITTEN_BEFORE.set(self.0);
        response
    }
}

impl Write for ResultWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn open_id(buffer: &mut Vec<u8>, id: &Id) {
    buffer.extend_from_slice(OPEN_ID);
    serde_json::to_writer(buffer, id).expect("a string or a number can always be written");
}

fn method_and_params<P: Serialize + ?Sized>(
    mut buffer: Vec<u8>,
    method: &str,
    params: &P,
) -> serde_json::Result<Bytes> {
    buffer.extend_from_slice(br#","method":"#);
    serde_json::to_writer(&mut buffer, method).expect("a string can always be written");
    let without = buffer.len();
    buffer.extend_from_slice(br#","params":"#);
    let start = buffer.len();
    serde_json::to_writer(&mut buffer, params)?;
    if &buffer[start..] == b"null" {
        buffer.truncate(without);
    }
    buffer.push(b'}');
    Ok(buffer.into())
}
