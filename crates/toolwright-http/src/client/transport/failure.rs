use std::{error::Error, io};

use toolwright_core::joint::LinkError;

/// What a failed connection means to whoever waits for an answer.
pub(crate) fn failure(error: hyper::Error) -> LinkError {
    if error.is_parse() || error.is_parse_too_large() {
        return LinkError::Malformed(format!("not HTTP/1.1 ({})", innermost(&error)).into());
    }
    if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        return LinkError::Closed;
    }
    match error.source().and_then(|source| source.downcast_ref::<io::Error>()).map(io::Error::kind) {
        Some(
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof,
        ) => LinkError::Closed,
        // Chunks that are none, and their like.
        Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) => {
            LinkError::Malformed(format!("its response cannot be read ({})", innermost(&error)).into())
        }
        Some(kind) => LinkError::Io(io::Error::new(kind, innermost(&error))),
        None => LinkError::Io(io::Error::other(innermost(&error))),
    }
}

/// The cause that says most.
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
