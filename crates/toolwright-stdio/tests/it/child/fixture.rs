//! A server that does as it is told, and how tests talk to it.
#![expect(clippy::print_stderr, reason = "servers write there")]
use std::{
    collections::BTreeMap,
    env,
    io::{Read as _, Write as _, stdin, stdout},
    net::{SocketAddr, TcpStream},
    process::{Command, Stdio, exit},
    sync::Arc,
};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt as _, net::TcpListener, sync::mpsc};
use toolwright_core::{
    joint::{
        Attach, BoxFuture, Closed, Connect as _, Incoming, Link, LinkError, Outgoing, Outlet, SendError,
    },
    jsonrpc::encode,
};
use toolwright_stdio::Child;

const MODE: &str = "TOOLWRIGHT_STDIO_TEST_CHILD";

/// The server. Does nothing as a test.
#[test]
fn server() {
    let Ok(mode) = env::var(MODE) else { return };
    match mode.as_str() {
        // The grandchild.
        _ if mode.parse::<SocketAddr>().is_ok() => hang_on(&mode),
        "stubborn" => stubborn(),
        "mourner" => mourner(),
        _ => serve(&mode),
    }
    exit(0);
}

/// Keeps a connection open that tells the other side when this process is gone.
fn hang_on(address: &str) {
    let mut stream = TcpStream::connect(address).unwrap();
    let _ = stream.read(&mut [0]);
}

/// Neither SIGTERM nor the end of input ends it.
fn stubborn() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let signals = runtime.block_on(async {
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).unwrap()
    });
    serve("");
    drop(signals);
    loop {
        std::thread::park();
    }
}

/// A client whose server dies. Nothing panics on the way.
fn mourner() {
    std::panic::set_hook(Box::new(|_| exit(9)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (link, _inlet) = connect(&child("")).await;
        link.exchange(request(1, "die", json!({}))).await.unwrap_err();
        link.close().await;
    });
}

fn serve(mode: &str) {
    for (count, line) in stdin().lines().map_while(Result::ok).enumerate() {
        let message: Value = serde_json::from_str(&line).unwrap();
        let method = message["method"].as_str().unwrap();
        if mode == "legacy" && count == 0 && method != "initialize" {
            eprintln!("not initialized");
            exit(3);
        }
        let Some(result) = obey(method, &message["params"]) else { continue };
        if let Some(id) = message.get("id") {
            say(&json!({ "jsonrpc": "2.0", "id": id, "result": result }).to_string());
        }
    }
}

fn say(line: &str) {
    let mut stdout = stdout().lock();
    stdout.write_all(format!("{line}\n").as_bytes()).unwrap();
    stdout.flush().unwrap();
}

fn obey(method: &str, params: &Value) -> Option<Value> {
    Some(match method {
        "echo" => params.clone(),
        "pid" => json!(std::process::id()),
        "process" => json!({ "id": std::process::id() }),
        "environment" => json!(env::vars().collect::<BTreeMap<_, _>>()),
        "directory" => json!(env::current_dir().unwrap()),
        "arguments" => json!(env::args().collect::<Vec<_>>()),
        "silence" => return None,
        "watch" => {
            let address = params["address"].as_str().unwrap().to_owned();
            std::thread::spawn(move || hang_on(&address));
            json!({})
        }
        "spawn" => {
            start(params["address"].as_str().unwrap());
            json!({})
        }
        "write" => {
            for line in params["lines"].as_array().unwrap() {
                say(line.as_str().unwrap());
            }
            json!({})
        }
        "complain" => {
            for number in 0..params["times"].as_u64().unwrap() {
                eprintln!("complaint {number}");
            }
            json!({})
        }
        "huge" => {
            say(&"x".repeat(usize::try_from(params["length"].as_u64().unwrap()).unwrap()));
            json!({})
        }
        "half" => {
            stdout().write_all(br#"{"jsonrpc":"2.0","id":1,"resu"#).unwrap();
            stdout().flush().unwrap();
            exit(4)
        }
        "die" => {
            eprintln!("I die of {}", params["of"]);
            exit(7)
        }
        "initialize" => json!({
            "protocolVersion": params["protocolVersion"],
            "capabilities": { "tools": {} },
            "serverInfo": { "name": "fixture", "version": "1" },
        }),
        "tools/list" => json!({ "tools": [] }),
        _ => return None,
    })
}

/// Starts a process that hangs on to `address`, and to the stdout and stderr of this one.
fn start(address: &str) {
    let grandchild = Command::new(env::current_exe().unwrap())
        .args(["--exact", "child::fixture::server", "--nocapture", "--test-threads=2"])
        .env(MODE, address)
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    drop(grandchild);
}

pub(super) fn child(mode: &str) -> Child {
    Child::new(env::current_exe().unwrap())
        .args(["--exact", "child::fixture::server", "--nocapture", "--test-threads=2"])
        .env(MODE, mode)
}

/// Keeps what the server sends on its own.
struct Inlet(mpsc::UnboundedSender<Value>);

impl Outlet for Inlet {
    fn try_send(&self, message: Bytes) -> Result<(), SendError> {
        Ok(self.0.send(serde_json::from_slice(&message).unwrap()).map_err(|_| Closed)?)
    }

    fn send(&self, message: Bytes) -> BoxFuture<'_, Result<(), Closed>> {
        Box::pin(async move { self.try_send(message).map_err(|_| Closed) })
    }
}

pub(super) async fn connect(child: &Child) -> (Arc<dyn Link>, mpsc::UnboundedReceiver<Value>) {
    let (send, inlet) = mpsc::unbounded_channel();
    (child.connect(Attach::new(Arc::new(Inlet(send)))).await.unwrap(), inlet)
}

pub(super) fn request(id: i64, method: &str, params: Value) -> Outgoing {
    Outgoing::request(id.into(), encode::request(&id.into(), method, &params).unwrap())
}

pub(super) fn result(answer: Result<Incoming, LinkError>) -> Value {
    let mut body: Value = serde_json::from_slice(&answer.unwrap().body.unwrap()).unwrap();
    body["result"].take()
}

pub(super) async fn ask(link: &Arc<dyn Link>, method: &str, params: Value) -> Value {
    result(link.exchange(request(1, method, params)).await)
}

/// Tells when a process is gone: it holds the other end of a connection.
pub(super) struct Watch {
    listener: TcpListener,
}

impl Watch {
    pub(super) async fn new() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    pub(super) fn address(&self) -> Value {
        json!({ "address": self.listener.local_addr().unwrap().to_string() })
    }

    /// Resolves with the connection once the process is there.
    pub(super) async fn there(&self) -> tokio::net::TcpStream {
        self.listener.accept().await.unwrap().0
    }
}

/// Resolves when the process at the other end is gone.
pub(super) async fn gone(mut stream: tokio::net::TcpStream) {
    // Either way of ending is one.
    let _ = stream.read(&mut [0]).await;
}
