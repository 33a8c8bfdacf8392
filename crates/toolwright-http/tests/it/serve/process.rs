//! A process of its own: this test binary runs itself as the server.
use std::{
    env,
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio, exit},
};

use http::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use toolwright_core::{
    joint::Limits,
    model::{CallToolResult, ContentBlock},
};
use toolwright_http::ServeHttp as _;
use toolwright_server::{Server, Tool};

use super::socket::{Socket, call, modern, text};

const SERVER: &str = "TOOLWRIGHT_HTTP_TEST_SERVER";

/// The server. Does nothing as a test.
#[test]
fn server() {
    let Ok(runtime) = env::var(SERVER) else { return };
    let mut runtime = match runtime.as_str() {
        "current thread" => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = runtime.enable_all().build().unwrap();
    let result = runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("at {}", listener.local_addr().unwrap());
        tools().http().serve_listener(listener).await
    });
    // As when `main` returns.
    drop(runtime);
    if let Err(error) = &result {
        eprintln!("{error}");
    }
    exit(i32::from(result.is_err()));
}

/// Tools that say when they are called.
#[expect(clippy::print_stdout, reason = "the test that started this process reads it")]
fn tools() -> Server {
    let result = |text: String| Ok(CallToolResult::new([ContentBlock::text(text)]));
    let terminated = Tool::new("terminated").raw_handler(move |_, _| async move {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let mut terminate = signal(SignalKind::terminate())?;
            println!("called");
            terminate.recv().await;
        }
        result("finished".into())
    });
    let hold = Tool::new("hold").raw_handler(|_, _| async {
        println!("called");
        std::future::pending().await
    });
    let process =
        Tool::new("process").raw_handler(move |_, _| async move { result(std::process::id().to_string()) });
    let mut builder = Server::builder("demo").tool(terminated).tool(hold).tool(process);
    for number in 0..7 {
        let name = format!("numbered_{number}");
        builder = builder.tool(Tool::new(name).raw_handler(move |_, _| async move { result("".into()) }));
    }
    builder.limits(Limits::default().page(3)).build().unwrap()
}

pub(super) struct Process {
    pub(super) child: Child,
    pub(super) address: SocketAddr,
    from: BufReader<ChildStdout>,
}

impl Process {
    pub(super) fn start() -> Self {
        Self::start_on("multi thread")
    }

    fn start_on(runtime: &str) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "serve::process::server", "--nocapture", "--test-threads=2"])
            .env(SERVER, runtime)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut from = BufReader::new(child.stdout.take().unwrap());
        let address = loop {
            // Before this, the test harness says what it does.
            let mut line = String::new();
            assert_ne!(from.read_line(&mut line).unwrap(), 0, "the server did not start");
            if let Some(address) = line.trim_end().strip_prefix("at ") {
                break address.parse().unwrap();
            }
        };
        Self { child, address, from }
    }

    pub(super) async fn connect(&self) -> Socket {
        Socket::open(self.address).await
    }

    /// Waits until so many tools were called.
    pub(super) fn called(&mut self, count: usize) {
        for _ in 0..count {
            let mut line = String::new();
            self.from.read_line(&mut line).unwrap();
            assert_eq!(line, "called\n");
        }
    }

    #[cfg(unix)]
    fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// What is left of stderr, and how the process ended.
    fn rest(mut self) -> (String, ExitStatus) {
        let mut stderr = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        (stderr, self.child.wait().unwrap())
    }
}

#[tokio::test]
#[cfg(unix)]
async fn termination_loses_no_answer() {
    for runtime in ["multi thread", "current thread"] {
        let mut process = Process::start_on(runtime);
        let mut listening = Vec::new();
        for id in 0..8 {
            let mut socket = process.connect().await;
            let filter = json!({ "notifications": { "toolsListChanged": true } });
            socket.post(&modern(id, "subscriptions/listen", filter)).await;
            assert_eq!(socket.head().await.status, StatusCode::OK);
            assert!(socket.chunk().await.unwrap().contains("acknowledged"));
            listening.push(socket);
        }
        let mut calling = Vec::new();
        for id in 0..64 {
            let mut socket = process.connect().await;
            socket.post(&call(id, "terminated")).await;
            calling.push(socket);
        }
        process.called(64);
        process.signal("TERM");
        for (id, mut socket) in calling.into_iter().enumerate() {
            let (status, body) = socket.response().await;
            assert_eq!(status, StatusCode::OK, "{runtime}: {body}");
            let answer: Value = serde_json::from_str(&body).unwrap();
            assert_eq!((&answer["id"], text(&answer)), (&json!(id), "finished"));
        }
        for (id, mut socket) in listening.into_iter().enumerate() {
            let event = socket.chunk().await.unwrap();
            assert!(event.contains(&format!("\"id\":{id},\"result\"")), "{event}");
            assert_eq!(socket.chunk().await, None);
        }
        let (stderr, status) = process.rest();
        assert_eq!((stderr.as_str(), status.code()), ("", Some(0)), "{runtime}");
    }
}

#[tokio::test]
#[cfg(unix)]
async fn an_interrupt_ends_an_idle_server_well() {
    let process = Process::start();
    let mut socket = process.connect().await;
    socket.call(&call(1, "process")).await;
    process.signal("INT");
    assert!(socket.is_closed().await);
    let (stderr, status) = process.rest();
    assert_eq!((stderr.as_str(), status.code()), ("", Some(0)));
}

#[tokio::test]
#[cfg(unix)]
async fn a_second_signal_does_not_wait() {
    let mut process = Process::start();
    let mut socket = process.connect().await;
    socket.post(&call(1, "hold")).await;
    process.called(1);
    let mut probe = process.connect().await;
    assert_eq!(probe.get("/ready").await.0, StatusCode::OK);
    process.signal("TERM");
    // Until the first signal has arrived: a process counts equal ones that come at the same time as one.
    while process.connect_if_it_listens().await {}
    process.signal("TERM");
    socket.until_closed().await;
    let (stderr, status) = process.rest();
    assert_eq!(stderr, "interrupted before all running requests had finished\n");
    assert_eq!(status.code(), Some(1));
}

impl Process {
    #[cfg(unix)]
    async fn connect_if_it_listens(&self) -> bool {
        tokio::net::TcpStream::connect(self.address).await.is_ok()
    }
}
