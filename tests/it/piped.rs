//! The same server at the other end of two pipes, so that a transcript is replayed over real lines.
use std::{
    any::Any,
    error::Error,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, duplex},
    sync::mpsc::{UnboundedSender, unbounded_channel},
    task::JoinHandle,
};
use toolwright::{
    core::{
        era::Revision,
        joint::{BoxFuture, Endpoint, Inbound, Outbound, Outlet, Session, Surface},
    },
    stdio::{Options, serve_io},
};

/// An endpoint that hands everything to `serve_io`. What comes back arrives in the order of the pipe.
#[derive(Clone)]
pub(crate) struct Piped {
    endpoint: Arc<dyn Endpoint>,
    wire: Arc<Wire>,
}

#[derive(Default)]
struct Wire {
    heard: Mutex<Vec<String>>,
    serving: Mutex<Option<JoinHandle<Result<(), toolwright::stdio::Error>>>>,
    hearing: Mutex<Option<JoinHandle<()>>>,
}

impl Piped {
    pub(crate) fn new(endpoint: impl Endpoint) -> Self {
        Self { endpoint: Arc::new(endpoint), wire: Arc::default() }
    }

    /// Every line that the server wrote, after its end.
    pub(crate) async fn finish(self) -> Vec<String> {
        let serving = self.wire.serving.lock().unwrap().take().expect("the connection was opened");
        serving.await.unwrap().unwrap();
        let hearing = self.wire.hearing.lock().unwrap().take().expect("the connection was opened");
        hearing.await.unwrap();
        std::mem::take(&mut *self.wire.heard.lock().unwrap())
    }
}

impl Endpoint for Piped {
    fn call(&self, inbound: Inbound) -> BoxFuture<'static, Outbound> {
        let session: Option<Arc<dyn Any + Send + Sync>> = inbound.session.map(|session| session as _);
        let session = session.and_then(|session| session.downcast::<Client>().ok()).expect("our own session");
        if let Some(input) = &*session.input.lock().unwrap() {
            input.send(inbound.body).expect("the server reads until the end of input");
        }
        Box::pin(std::future::ready(Outbound::nothing()))
    }

    fn open(&self, outlet: Arc<dyn Outlet>) -> Arc<dyn Session> {
        let (mut to, reader) = duplex(64 * 1024);
        let (writer, from) = duplex(64 * 1024);
        let serving = serve_io(Arc::clone(&self.endpoint), reader, writer, Options::default());
        *self.wire.serving.lock().unwrap() = Some(tokio::spawn(serving));
        let wire = Arc::clone(&self.wire);
        let hearing = tokio::spawn(async move {
            let mut lines = BufReader::new(from).lines();
            while let Some(line) = lines.next_line().await.unwrap() {
                wire.heard.lock().unwrap().push(line.clone());
                // Once the transcript is over, the line is only kept.
                let _ = outlet.try_send(Bytes::from(line));
            }
        });
        *self.wire.hearing.lock().unwrap() = Some(hearing);
        let (input, mut messages) = unbounded_channel::<Bytes>();
        tokio::spawn(async move {
            while let Some(message) = messages.recv().await {
                to.write_all(&message).await.unwrap();
                to.write_all(b"\n").await.unwrap();
            }
        });
        Arc::new(Client { input: Mutex::new(Some(input)) })
    }

    fn surface(&self) -> &Surface {
        self.endpoint.surface()
    }

    fn start(&self) -> BoxFuture<'static, Result<(), Box<dyn Error + Send + Sync>>> {
        self.endpoint.start()
    }

    fn drain(&self) {
        self.endpoint.drain();
    }

    fn stop(&self) -> BoxFuture<'static, ()> {
        self.endpoint.stop()
    }
}

/// The client's end of the pipes.
struct Client {
    input: Mutex<Option<UnboundedSender<Bytes>>>,
}

impl Session for Client {
    fn revision(&self) -> Option<Revision> {
        None
    }

    fn end_of_input(&self) {
        self.input.lock().unwrap().take();
    }

    fn close(&self) {
        self.end_of_input();
    }
}
