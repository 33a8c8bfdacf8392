//! The official SDK's client, with the arguments and the lines of `bench-client`: `peer-rmcp-client pipe | http URL |
//! stdio COMMAND..`. Over a pipe in the process it talks to the same server as ours.
use std::{
    env,
    error::Error,
    io::{self, BufRead as _, Write as _},
    sync::Arc,
    time::Instant,
};

use rmcp::{
    RoleClient,
    model::{CallToolRequestParams, ProtocolVersion},
    service::{ClientLifecycleMode, ClientServiceExt as _, Peer, RunningService},
    transport::{
        StreamableHttpClientTransport, TokioChildProcess,
        streamable_http_client::StreamableHttpClientTransportConfig,
    },
};
use serde_json::json;
use tokio::{process::Command, runtime::Runtime, task::JoinSet};

type Failure = Box<dyn Error + Send + Sync>;
type Running = RunningService<RoleClient, ()>;

fn main() -> Result<(), Failure> {
    let runtime = Runtime::new()?;
    let client = runtime.block_on(connect(&env::args().skip(1).collect::<Vec<_>>()))?;
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "ready")?;
    stdout.flush()?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (count, deep) = line.split_once(' ').ok_or("expected a count and a depth")?;
        let started = Instant::now();
        runtime.block_on(calls(&client, count.parse()?, deep.parse()?))?;
        writeln!(stdout, "{}", started.elapsed().as_nanos())?;
        stdout.flush()?;
    }
    runtime.block_on(client.cancel())?;
    runtime.shutdown_background();
    Ok(())
}

/// Without a handshake, as ours does it.
fn stateless() -> ClientLifecycleMode {
    ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] }
}

async fn connect(arguments: &[String]) -> Result<Running, Failure> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    Ok(match *arguments {
        ["pipe"] => {
            let (ours, theirs) = tokio::io::duplex(64 * 1024);
            let (reader, writer) = tokio::io::split(theirs);
            let server = Arc::new(toolwright_benches::fixture::server(100));
            tokio::spawn(toolwright_stdio::serve_io(server, reader, writer, toolwright_stdio::Options::new()));
            ().serve_with_lifecycle(ours, stateless()).await?
        }
        ["http", url] => {
            // Its default opens a connection for each request; this one keeps them.
            let pooled = reqwest::Client::builder().tcp_nodelay(true).build()?;
            let config = StreamableHttpClientTransportConfig::with_uri(url).max_concurrent_requests(64);
            let transport = StreamableHttpClientTransport::with_client(pooled, config);
            ().serve_with_lifecycle(transport, stateless()).await?
        }
        ["stdio", program, ..] => {
            let mut command = Command::new(program);
            command.args(&arguments[2..]);
            ().serve_with_lifecycle(TokioChildProcess::new(command)?, stateless()).await?
        }
        _ => return Err("usage: peer-rmcp-client pipe | http URL | stdio COMMAND..".into()),
    })
}

async fn calls(client: &Running, count: usize, deep: usize) -> Result<(), Failure> {
    if deep == 1 {
        return some(client.peer(), count).await;
    }
    let mut tasks = JoinSet::new();
    for _ in 0..deep {
        let peer = client.peer().clone();
        tasks.spawn(async move { some(&peer, count / deep).await });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

async fn some(client: &Peer<RoleClient>, count: usize) -> Result<(), Failure> {
    for _ in 0..count {
        let arguments = json!({ "a": 2, "b": 3 }).as_object().cloned().unwrap_or_default();
        let result = client.call_tool(CallToolRequestParams::new("add").with_arguments(arguments)).await?;
        let sum = result.structured_content.as_ref().and_then(serde_json::Value::as_i64);
        assert_eq!(sum, Some(5), "add adds");
    }
    Ok(())
}
