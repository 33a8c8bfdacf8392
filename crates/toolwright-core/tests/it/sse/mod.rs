mod decoding;
mod properties;

use toolwright_core::sse::{Decoder, Event, EventTooLarge};

/// Everything that a stream in these chunks yields, and the id and wait that hold at its end.
fn events<'a>(
    limit: usize,
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> (Decoder, Result<Vec<Event>, EventTooLarge>) {
    let mut decoder = Decoder::new(limit);
    let mut events = Vec::new();
    for mut chunk in chunks {
        loop {
            match decoder.decode(&mut chunk) {
                Ok(Some(event)) => events.push(event),
                Ok(None) => break,
                Err(error) => return (decoder, Err(error)),
            }
        }
        assert!(chunk.is_empty(), "a chunk is used up");
    }
    (decoder, Ok(events))
}
