//! A reader and a writer as threads, for blocking streams.
use std::{
    future::Future,
    io::{self, Read, Write},
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};

use crate::{connection::Connection, gather::Gather, lines::Lines};

/// How often the writer looks after the reading thread, and how long a write of that one may take before another goes on
/// reading.
const PATIENCE: Duration = Duration::from_millis(200);
/// Pause before a non-blocking stream is tried again. Parents share such streams at times.
const PAUSE: Duration = Duration::from_millis(2);

/// Both threads of a connection, and what they share.
///
/// The reading thread answers what is ready at once by itself, which saves waking the writer. The writer watches: answers that
/// a blocking call holds up it writes; should the peer not read and a write of the reading thread get stuck, it lets another
/// thread take over reading, and the stuck one ends after that write.
pub(crate) struct Threads<R, W> {
    connection: Arc<Connection>,
    intake: Mutex<Intake<R>>,
    sink: Mutex<Option<W>>,
    /// Which reading thread is the current one.
    turn: AtomicU64,
}

struct Intake<R> {
    reader: R,
    lines: Lines,
}

impl<R: Read + Send + 'static, W: Write + Send + 'static> Threads<R, W> {
    /// Starts both threads. They end with the connection, or, if a read does not return, with the process.
    pub(crate) fn spawn(connection: &Arc<Connection>, reader: R, writer: W) -> io::Result<()> {
        let threads = Arc::new(Self {
            intake: Mutex::new(Intake { reader, lines: Lines::new(connection.limits.body) }),
            sink: Mutex::new(Some(writer)),
            turn: AtomicU64::new(0),
            connection: Arc::clone(connection),
        });
        let writing = Arc::clone(&threads);
        thread::Builder::new().name("mcp-write".into()).spawn(move || writing.write())?;
        threads.spawn_reader(0)
    }

    fn spawn_reader(self: Arc<Self>, turn: u64) -> io::Result<()> {
        thread::Builder::new().name("mcp-read".into()).spawn(move || self.read(turn)).map(drop)
    }

    /// Reads until the end of input, until the connection stops, or until another thread took over.
    fn read(&self, turn: u64) {
        let connection = &self.connection;
        let _runtime = connection.runtime.enter();
        let mut end = EndOfInput(Some(connection));
        let mut gather = Gather::default();
        loop {
            if self.turn.load(Ordering::SeqCst) != turn {
                end.0 = None;
                return;
            }
            let mut intake = lock(&self.intake);
            if self.turn.load(Ordering::SeqCst) != turn {
                end.0 = None;
                return;
            }
            let read = intake.fill();
            if !connection.begin() {
                return end.is(Ok(()));
            }
            let at_end = !matches!(read, Ok(true));
            let taken = self.block_on(connection.take(&mut intake.lines, at_end));
            drop(intake);
            let direct = connection.outbox.grab(&mut gather.messages);
            connection.rest();
            if direct {
                self.write_batch(&mut gather);
            }
            if at_end || taken.is_err() {
                return end.is(read.map(drop));
            }
        }
    }

    /// Writes what is queued until the outbox closes or the peer is gone; then drops the stream.
    fn write(self: Arc<Self>) {
        let outbox = &self.connection.outbox;
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        let mut gather = Gather::default();
        let mut watch = (0, Instant::now());
        loop {
            match outbox.poll_batch(&mut context, &mut gather.messages) {
                Poll::Ready(true) => self.write_batch(&mut gather),
                Poll::Ready(false) => break,
                Poll::Pending => self.watch(&mut watch),
            }
        }
        lock(&self.sink).take();
    }

    /// Sleeps until there is something to write or to watch.
    fn watch(self: &Arc<Self>, (seen, since): &mut (u64, Instant)) {
        let direct = self.connection.outbox.direct();
        if !direct.watched {
            return thread::park();
        }
        if direct.count != *seen {
            (*seen, *since) = (direct.count, Instant::now());
        } else if since.elapsed() >= PATIENCE {
            if direct.running {
                let turn = self.turn.fetch_add(1, Ordering::SeqCst) + 1;
                if let Err(error) = Arc::clone(self).spawn_reader(turn) {
                    self.connection.end_input(Err(error));
                }
            }
            return self.connection.outbox.unwatch(direct);
        }
        thread::park_timeout(PATIENCE.saturating_sub(since.elapsed()));
    }

    /// Writes with the pen in hand, and puts it down.
    fn write_batch(&self, gather: &mut Gather) {
        let result = match &mut *lock(&self.sink) {
            Some(sink) => write_all(sink, gather),
            None => Ok(()),
        };
        let outbox = &self.connection.outbox;
        if let Err(error) = result {
            tracing::debug!(%error, "the client no longer reads");
            outbox.close();
        }
        outbox.written();
    }

    /// Most of what is waited for is there already; the runtime need not know of it.
    fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => output,
            Poll::Pending => self.connection.runtime.block_on(future),
        }
    }
}

impl<R: Read> Intake<R> {
    /// Reads once; `false` at the end.
    fn fill(&mut self) -> io::Result<bool> {
        loop {
            match self.reader.read(self.lines.space()) {
                Ok(count) => {
                    self.lines.filled(count);
                    return Ok(count > 0);
                }
                Err(error) => try_again(error)?,
            }
        }
    }
}

fn write_all(sink: &mut impl Write, gather: &mut Gather) -> io::Result<()> {
    while let Some(mut piece) = gather.piece() {
        while !piece.is_empty() {
            match sink.write(piece) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => piece = &piece[count..],
                Err(error) => try_again(error)?,
            }
        }
    }
    loop {
        match sink.flush() {
            Ok(()) => return Ok(()),
            Err(error) => try_again(error)?,
        }
    }
}

fn try_again(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::Interrupted => Ok(()),
        io::ErrorKind::WouldBlock => {
            thread::sleep(PAUSE);
            Ok(())
        }
        _ => Err(error),
    }
}

/// Tells the connection about the end of input, even if the reader panics.
struct EndOfInput<'a>(Option<&'a Connection>);

impl EndOfInput<'_> {
    fn is(&mut self, result: io::Result<()>) {
        if let Some(connection) = self.0.take() {
            connection.end_input(result);
        }
    }
}

impl Drop for EndOfInput<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.0 {
            connection.rest();
            self.is(Err(io::Error::other("the reader panicked")));
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
