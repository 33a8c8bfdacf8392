//! A server of its own, in this process.
use std::{net::SocketAddr, sync::Arc};

use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use toolwright_core::{
    joint::Limits,
    model::{CallToolResult, ContentBlock},
};
use toolwright_http::{Error, HttpHandle, HttpServer, ServeHttp as _};
use toolwright_server::{HandlerError, Server, ServerBuilder, Tool};

use super::socket::Socket;

pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) handle: HttpHandle,
    pub(crate) gate: Gate,
    serving: JoinHandle<Result<(), Error>>,
}

/// Where calls of the tool `hold` wait.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<watch::Sender<(usize, bool)>>);

impl Gate {
    /// Waits until so many calls have come.
    pub(crate) async fn held(&self, count: usize) {
        self.0.subscribe().wait_for(|(held, _)| *held == count).await.unwrap();
    }

    pub(crate) fn open(&self) {
        self.0.send_modify(|(_, open)| *open = true);
    }

    async fn wait(&self) -> Result<CallToolResult, HandlerError> {
        self.0.send_modify(|(held, _)| *held += 1);
        self.0.subscribe().wait_for(|(_, open)| *open).await?;
        Ok(CallToolResult::new([ContentBlock::text("let go")]))
    }
}

/// A server with the tools `quick`, which answers at once, and `hold`, which waits at the gate.
pub(crate) fn server(gate: &Gate) -> ServerBuilder {
    let gate = gate.clone();
    let quick = Tool::new("quick")
        .raw_handler(|_, _| async { Ok(CallToolResult::new([ContentBlock::text("here")])) });
    let hold = Tool::new("hold").raw_handler(move |_, _| {
        let gate = gate.clone();
        async move { gate.wait().await }
    });
    Server::builder("demo").tool(quick).tool(hold)
}

impl Running {
    pub(crate) async fn start(configure: impl FnOnce(HttpServer) -> HttpServer) -> Self {
        Self::limited(Limits::default(), configure).await
    }

    pub(crate) async fn limited(limits: Limits, configure: impl FnOnce(HttpServer) -> HttpServer) -> Self {
        let gate = Gate::default();
        let server = server(&gate).limits(limits).build().unwrap();
        Self::of(server.http(), gate, configure).await
    }

    pub(crate) async fn of(
        http: HttpServer,
        gate: Gate,
        configure: impl FnOnce(HttpServer) -> HttpServer,
    ) -> Self {
        let http = configure(http.signals(false));
        let handle = http.handle();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        Self { address, handle, gate, serving: tokio::spawn(http.serve_listener(listener)) }
    }

    pub(crate) async fn connect(&self) -> Socket {
        Socket::open(self.address).await
    }

    /// Drops it in the middle of its work.
    pub(crate) fn abandon(self) {
        self.serving.abort();
    }

    /// How serving ended.
    pub(crate) async fn ended(self) -> Result<(), Error> {
        self.serving.await.unwrap()
    }
}
