use std::{
    future::{Future, pending},
    pin::Pin,
    process::ExitStatus,
    sync::Arc,
    time::Duration,
};

use tokio::{sync::watch, task::JoinHandle, time::timeout};

use super::{process::Process, stderr::Capture};
use crate::wire::{End, Ended, Heard, Wire};

/// How long what a process left behind in its pipes may take to be read, and a process that closed them to end.
pub(super) const LAST_WORDS: Duration = Duration::from_millis(500);

/// What is set for a process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) stop: Duration,
    pub(super) longest: usize,
}

/// Reads from a process and watches over it, to its end.
pub(super) struct Supervisor {
    pub(super) process: Process,
    pub(super) wire: Wire,
    pub(super) end: End,
    pub(super) reading: Reading,
    pub(super) writer: JoinHandle<()>,
    pub(super) stderr: Option<(Capture, JoinHandle<()>)>,
    /// Turns true when the connection is to be closed. Whoever closes it waits until this is dropped.
    pub(super) closing: watch::Receiver<bool>,
    pub(super) settings: Settings,
}

enum Event {
    Heard(Heard),
    Exited(Option<ExitStatus>),
    /// The process takes no more input.
    Deaf,
    Closing,
}

impl Supervisor {
    pub(super) async fn run(mut self) {
        let event = tokio::select! {
            biased;
            heard = self.reading.end() => Event::Heard(heard),
            status = self.process.exited() => Event::Exited(status),
            // Without a sender nobody has the link any more.
            _ = self.closing.wait_for(|closing| *closing) => Event::Closing,
            () = self.wire.outbox.closed() => Event::Deaf,
        };
        match event {
            Event::Exited(status) => self.died(status).await,
            Event::Heard(Heard::TooMuch) => {
                let limit = self.settings.longest;
                self.fail(Ended::TooLarge { limit }).await;
            }
            Event::Heard(Heard::All) | Event::Deaf => {
                match timeout(LAST_WORDS, self.reading.beside(self.process.exited())).await {
                    Ok(status) => self.died(status).await,
                    Err(_) => self.fail(Ended::Closed).await,
                }
            }
            Event::Closing => self.close().await,
        }
    }

    /// All that was asked fails with what is known about the death.
    async fn died(mut self, status: Option<ExitStatus>) {
        // What it started holds its pipes open.
        self.process.kill();
        let _ = timeout(LAST_WORDS, self.reading.end()).await;
        let stderr = match self.stderr.take() {
            Some((capture, reading)) => {
                end_of(reading).await;
                capture.last()
            }
            None => Arc::from(""),
        };
        let status = status.and_then(|status| status.code());
        tracing::info!(status, "a server's process ended by itself");
        self.end.because(Ended::Died { status, stderr });
        finish(self.process, &self.writer, self.stderr).await;
    }

    /// All that was asked fails at once, and the process is stopped.
    async fn fail(mut self, why: Ended) {
        self.end.because(why);
        stop(&mut self.process, &mut self.reading, self.settings.stop).await;
        finish(self.process, &self.writer, self.stderr).await;
    }

    /// The process may answer what was asked before.
    async fn close(mut self) {
        let flushed = self.reading.beside(self.wire.outbox.flushed());
        // A process that reads nothing is not waited for longer.
        let _ = timeout(self.settings.stop, flushed).await;
        self.wire.outbox.close();
        stop(&mut self.process, &mut self.reading, self.settings.stop).await;
        drop(self.end);
        finish(self.process, &self.writer, self.stderr).await;
    }
}

/// Waits for the end of a process whose stdin is closed, then terminates it, then kills it ("stdio", "Shutdown").
async fn stop(process: &mut Process, reading: &mut Reading, patience: Duration) {
    if timeout(patience, reading.beside(process.exited())).await.is_err() {
        tracing::debug!("a server's process did not end with its input; terminating it");
        process.terminate();
        if timeout(patience, reading.beside(process.exited())).await.is_err() {
            tracing::warn!("a server's process did not end when terminated; killing it");
        }
    }
    process.kill();
    let _ = timeout(LAST_WORDS, reading.end()).await;
}

async fn finish(mut process: Process, writer: &JoinHandle<()>, stderr: Option<(Capture, JoinHandle<()>)>) {
    process.reap().await;
    writer.abort();
    if let Some((_, reading)) = stderr {
        end_of(reading).await;
    }
}

/// A process outside of the group may hold its stderr open for ever.
async fn end_of(mut reading: JoinHandle<()>) {
    if timeout(LAST_WORDS, &mut reading).await.is_err() {
        reading.abort();
    }
}

/// What reads the answers. It goes on beside whatever else is waited for, so that a process that ends can write what is left.
pub(super) struct Reading {
    reading: Pin<Box<dyn Future<Output = Heard> + Send>>,
    heard: Option<Heard>,
}

impl Reading {
    pub(super) fn new(reading: impl Future<Output = Heard> + Send + 'static) -> Self {
        Self { reading: Box::pin(reading), heard: None }
    }

    async fn end(&mut self) -> Heard {
        if let Some(heard) = self.heard {
            return heard;
        }
        let heard = (&mut self.reading).await;
        self.heard = Some(heard);
        heard
    }

    async fn beside<T>(&mut self, other: impl Future<Output = T>) -> T {
        let reading = async {
            self.end().await;
            pending().await
        };
        tokio::select! {
            biased;
            never = reading => never,
            output = other => output,
        }
    }
}
