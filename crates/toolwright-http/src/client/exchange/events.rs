use bytes::{Buf as _, Bytes};
use std::time::Duration;
use toolwright_core::{
    joint::LinkError,
    sse::{Decoder, Event, EventTooLarge},
};

use crate::client::transport::Reply;

/// The events of a body, however they are cut.
pub(crate) struct Events {
    reply: Reply,
    decoder: Decoder,
    /// What came with the last event.
    rest: Bytes,
    longest: usize,
}

impl Events {
    pub(crate) fn new(reply: Reply, longest: usize) -> Self {
        Self { reply, decoder: Decoder::new(longest), rest: Bytes::new(), longest }
    }

    /// The next event; none at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Event>, LinkError> {
        loop {
            if !self.rest.is_empty() {
                let mut unread = &self.rest[..];
                let event = self.decoder.decode(&mut unread);
                let read = self.rest.len() - unread.len();
                self.rest.advance(read);
                match event {
                    Ok(Some(event)) => return Ok(Some(event)),
                    Ok(None) => {}
                    Err(EventTooLarge { .. }) => return Err(LinkError::TooLarge { limit: self.longest }),
                }
            }
            match self.reply.next().await? {
                Some(piece) => self.rest = piece,
                None => return Ok(None),
            }
        }
    }

    /// The id to resume after.
    pub(crate) fn last_id(&self) -> Option<String> {
        self.decoder.last_event_id().map(ToOwned::to_owned)
    }

    /// How long the server wants a client to wait before it comes back.
    pub(crate) fn retry(&self) -> Option<Duration> {
        self.decoder.retry()
    }
}
