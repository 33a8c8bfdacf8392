use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

use bytes::{Buf, Bytes};
use http::{Response, StatusCode};
use http_body::Body;
use tokio::time::{Sleep, sleep};
use toolwright_core::jsonrpc::RpcError;

use crate::reply;

/// Why there is no message.
#[derive(Debug, PartialEq)]
pub(crate) enum Unread {
    TooLarge(usize),
    TimedOut,
    Broken,
}

/// Reads a body of at most `most` bytes that arrives within `patience`. One that comes in one piece is not copied.
pub(crate) async fn read<B>(body: B, most: usize, patience: Duration) -> Result<Bytes, Unread>
where
    B: Body,
    B::Data: Buf,
{
    let mut body = pin!(body);
    if body.size_hint().lower() > most as u64 {
        return Err(Unread::TooLarge(most));
    }
    let mut timer: Option<Pin<Box<Sleep>>> = None;
    let mut pieces = Pieces::default();
    loop {
        let frame = poll_fn(|context| match body.as_mut().poll_frame(context) {
            Poll::Ready(frame) => Poll::Ready(Ok(frame)),
            // Most bodies are there already, and need no timer.
            Poll::Pending => {
                let timer = timer.get_or_insert_with(|| Box::pin(sleep(patience)));
                timer.as_mut().poll(context).map(|()| Err(Unread::TimedOut))
            }
        });
        let Some(frame) = frame.await? else { break };
        // Trailers mean nothing here.
        let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else { continue };
        if pieces.len() + data.remaining() > most {
            return Err(Unread::TooLarge(most));
        }
        let to_come = usize::try_from(body.size_hint().lower()).unwrap_or(most).min(most);
        pieces.add(data, to_come);
        if body.is_end_stream() {
            break;
        }
    }
    Ok(pieces.join())
}

#[derive(Default)]
struct Pieces {
    first: Bytes,
    /// Everything, once there is more than the first.
    all: Vec<u8>,
}

impl Pieces {
    fn len(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    fn add(&mut self, mut data: impl Buf, to_come: usize) {
        let length = data.remaining();
        if self.len() == 0 {
            self.first = data.copy_to_bytes(length);
            return;
        }
        if self.all.is_empty() {
            self.all.reserve(self.first.len() + length + to_come);
            self.all.extend_from_slice(&self.first);
        }
        while data.has_remaining() {
            let chunk = data.chunk();
            let read = chunk.len();
            self.all.extend_from_slice(chunk);
            data.advance(read);
        }
    }

    fn join(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.into() }
    }
}

impl Unread {
    pub(crate) fn response(self) -> Response<reply::Body> {
        match self {
            Self::TooLarge(most) => {
                let text = format!("the message is longer than {most} bytes, the limit of this server");
                reply::refusal(StatusCode::PAYLOAD_TOO_LARGE, &RpcError::invalid_request(text))
            }
            Self::TimedOut => {
                reply::invalid(StatusCode::REQUEST_TIMEOUT, "the body of the request did not arrive in time")
            }
            Self::Broken => reply::invalid(
                StatusCode::BAD_REQUEST,
                "the body of the request could not be read to its end",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::VecDeque,
        task::{Context, ready},
    };

    use http_body::{Frame, SizeHint};

    use super::*;

    /// Pieces, or a pause for ever after them.
    struct Arriving {
        pieces: VecDeque<Bytes>,
        length: Option<u64>,
        stalls: bool,
    }

    impl Arriving {
        fn new(pieces: &[&'static str]) -> Self {
            let pieces = pieces.iter().map(|piece| Bytes::from_static(piece.as_bytes())).collect();
            Self { pieces, length: None, stalls: false }
        }
    }

    impl Body for Arriving {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
            let piece = ready!(match self.pieces.pop_front() {
                None if self.stalls => Poll::Pending,
                piece => Poll::Ready(piece),
            });
            Poll::Ready(piece.map(|piece| match &*piece {
                b"!" => Err(std::io::ErrorKind::ConnectionReset.into()),
                _ => Ok(Frame::data(piece)),
            }))
        }

        fn size_hint(&self) -> SizeHint {
            self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
        }
    }

    const PATIENCE: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn one_piece_is_not_copied() {
        let piece = Bytes::from_static(b"{}");
        let body = Arriving { pieces: [piece.clone()].into(), ..Arriving::new(&[]) };
        assert_eq!(read(body, 2, PATIENCE).await.unwrap().as_ptr(), piece.as_ptr());
    }

    #[tokio::test]
    async fn pieces_are_joined_up_to_the_limit() {
        let body = || Arriving::new(&["", "abc", "de", "", "f"]);
        assert_eq!(read(body(), 6, PATIENCE).await.unwrap(), "abcdef");
        assert_eq!(read(body(), 5, PATIENCE).await, Err(Unread::TooLarge(5)));
        assert_eq!(read(Arriving::new(&[]), 5, PATIENCE).await.unwrap(), "");
    }

    #[tokio::test]
    async fn a_length_beyond_the_limit_is_refused_before_anything_is_read() {
        let body = Arriving { length: Some(6), stalls: true, ..Arriving::new(&[]) };
        assert_eq!(read(body, 5, PATIENCE).await, Err(Unread::TooLarge(5)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_arrive_times_out() {
        let body = Arriving { stalls: true, ..Arriving::new(&["{"]) };
        assert_eq!(read(body, 5, PATIENCE).await, Err(Unread::TimedOut));
    }

    #[tokio::test]
    async fn a_connection_that_breaks_is_no_end() {
        assert_eq!(read(Arriving::new(&["{", "!"]), 5, PATIENCE).await, Err(Unread::Broken));
    }
}
