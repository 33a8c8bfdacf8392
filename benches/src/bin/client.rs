//! The client under test: `bench-client in-process | pipe | http URL | stdio COMMAND..`. Told a number of calls and how many of
//! them are under way at once, in a line, it makes them, and writes how long they took in nanoseconds.
use std::{
    env,
    error::Error,
    io::{self, BufRead as _, Write as _},
    time::Instant,
};

use tokio::{io::split, runtime::Runtime, task::JoinSet};
use toolwright::client::{Child, Http};
use toolwright_benches::fixture;
use toolwright_client::Client;
use toolwright_stdio::{Options, Pipe, serve_io};

#[derive(serde::Serialize)]
struct Add {
    a: i64,
    b: i64,
}

fn main() -> Result<(), Box<dyn Error>> {
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
    runtime.block_on(client.close());
    runtime.shutdown_background();
    Ok(())
}

async fn connect(arguments: &[String]) -> Result<Client, Box<dyn Error>> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    Ok(match *arguments {
        ["in-process"] => Client::connect(fixture::server(100)).await?,
        ["pipe"] => {
            let (ours, theirs) = tokio::io::duplex(64 * 1024);
            let (reader, writer) = split(theirs);
            tokio::spawn(serve_io(std::sync::Arc::new(fixture::server(100)), reader, writer, Options::new()));
            let (reader, writer) = split(ours);
            Client::connect(Pipe::new(reader, writer)).await?
        }
        ["http", url] => Client::connect(Http::new(url)).await?,
        ["stdio", program, ..] => Client::connect(Child::new(program).args(&arguments[2..])).await?,
        _ => return Err("usage: bench-client in-process | pipe | http URL | stdio COMMAND..".into()),
    })
}

/// `count` calls, `deep` of them under way at once; each answer is looked at.
async fn calls(client: &Client, count: usize, deep: usize) -> Result<(), Box<dyn Error>> {
    if deep == 1 {
        return Ok(some(client, count).await?);
    }
    let mut tasks = JoinSet::new();
    for _ in 0..deep {
        let client = client.clone();
        tasks.spawn(async move { some(&client, count / deep).await });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

async fn some(client: &Client, count: usize) -> Result<(), toolwright_client::ClientError> {
    for _ in 0..count {
        let sum: i64 = client.call("add", Add { a: 2, b: 3 }).await?.data()?;
        assert_eq!(sum, 5, "add adds");
    }
    Ok(())
}
