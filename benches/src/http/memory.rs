use std::{error::Error, fmt, time::Duration};

use tokio::time::{sleep, timeout};
use toolwright_benches::{
    message::{Speech, request},
    post::{head, post},
};

use super::{connection::Connection, contender::Contender, running::Running};

const PATIENCE: Duration = Duration::from_secs(5);
/// Time to give back what is no longer needed.
const SETTLED: Duration = Duration::from_millis(500);

/// How much there is of what is counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Amounts {
    pub(super) sessions: usize,
    pub(super) streams: usize,
}

/// What a server needs while nobody asks it anything. KiB.
#[derive(Debug)]
pub(super) struct Footprint {
    name: &'static str,
    idle: u64,
    sessions: Result<Sessions, String>,
    get: Result<f64, String>,
    listen: Result<f64, String>,
}

#[derive(Debug)]
struct Sessions {
    each: f64,
    open: u64,
    deleted: Result<u64, String>,
    again: u64,
}

impl Footprint {
    pub(super) const HEAD: &'static str = "\n\
        | server | idle MiB | KiB per session | all open MiB | after DELETE MiB | opened again MiB | KiB per idle GET stream | KiB per idle listen stream |\n\
        |---|---|---|---|---|---|---|---|";

    /// Measures a server in fresh processes.
    pub(super) async fn of(contender: &Contender, amounts: Amounts) -> Result<Self, Box<dyn Error>> {
        let server = Running::start(contender, &contender.arguments(100, true))?;
        sleep(SETTLED).await;
        let idle = server.memory()?.now;
        let sessions = sessions(&server, amounts.sessions).await.map_err(|error| error.to_string());
        drop(server);
        let get =
            streams(contender, amounts.streams, Speech::Legacy).await.map_err(|error| error.to_string());
        let listen =
            streams(contender, amounts.streams, Speech::Modern).await.map_err(|error| error.to_string());
        Ok(Self { name: contender.name, idle, sessions, get, listen })
    }
}

async fn sessions(server: &Running, count: usize) -> Result<Sessions, Box<dyn Error>> {
    let mut connection = Connection::open(server.address()).await?;
    // What the first ones cost is not theirs alone.
    open(&mut connection, 10).await?;
    let before = server.memory()?.now;
    let ids = open(&mut connection, count).await?;
    let open_all = server.memory()?.now;
    let deleted = delete(&mut connection, &ids).await;
    sleep(SETTLED).await;
    let after = server.memory()?.now;
    open(&mut connection, count).await?;
    Ok(Sessions {
        each: (open_all.saturating_sub(before)) as f64 / count as f64,
        open: open_all,
        deleted: deleted.map(|()| after).map_err(|error| error.to_string()),
        again: server.memory()?.now,
    })
}

async fn open(connection: &mut Connection, count: usize) -> Result<Vec<String>, Box<dyn Error>> {
    let mut ids = Vec::with_capacity(count);
    for opened in 0..count {
        let session = timeout(PATIENCE, connection.shake_hands()).await.map_err(|_| "no answer")?;
        let session = session.map_err(|error| format!("after {opened} sessions: {error}"))?;
        ids.push(session.ok_or("it keeps no sessions")?);
    }
    Ok(ids)
}

async fn delete(connection: &mut Connection, ids: &[String]) -> Result<(), Box<dyn Error>> {
    for id in ids {
        let status = connection.delete(id).await?;
        if !(200..300).contains(&status) {
            return Err(format!("DELETE is answered with {status}").into());
        }
    }
    Ok(())
}

/// KiB for each idle stream, its connection included.
async fn streams(contender: &Contender, count: usize, speech: Speech) -> Result<f64, Box<dyn Error>> {
    let server = Running::start(contender, &contender.arguments(100, speech == Speech::Legacy))?;
    let mut held = Vec::with_capacity(count + 10);
    let mut before = 0;
    for opened in 0..count + 10 {
        if opened == 10 {
            before = server.memory()?.now;
        }
        let mut connection = Connection::open(server.address()).await?;
        let status = timeout(PATIENCE, listen(&mut connection, &server, speech)).await;
        let status = status.map_err(|_| format!("no answer after {opened} streams"))??;
        if status != 200 {
            return Err(format!("after {opened} streams the status is {status}").into());
        }
        held.push(connection);
    }
    Ok(server.memory()?.now.saturating_sub(before) as f64 / count as f64)
}

async fn listen(
    connection: &mut Connection,
    server: &Running,
    speech: Speech,
) -> Result<u16, Box<dyn Error>> {
    match speech {
        Speech::Legacy => {
            let session = connection.shake_hands().await?.ok_or("it keeps no sessions")?;
            let request = head("GET", server.address(), speech, Some(&session)) + "\r\n";
            connection.begin(request.as_bytes(), false).await
        }
        Speech::Modern => {
            let wanted = r#""notifications":{"toolsListChanged":true}"#;
            let body = request(speech, 1, "subscriptions/listen", wanted);
            let mirrored = "Mcp-Method: subscriptions/listen\r\n";
            let request = post(server.address(), speech, None, mirrored, &body);
            connection.begin(&request, true).await
        }
    }
}

impl fmt::Display for Footprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = |kib: u64| format!("{:.1}", kib as f64 / 1024.0);
        let plain = |text: &String| text.replace(['\n', '|'], " ");
        write!(f, "| {} | {} ", self.name, mib(self.idle))?;
        match &self.sessions {
            Ok(sessions) => {
                let deleted = sessions.deleted.as_ref().map_or_else(plain, |kib| mib(*kib));
                let (open, again) = (mib(sessions.open), mib(sessions.again));
                write!(f, "| {:.2} | {open} | {deleted} | {again} ", sessions.each)?;
            }
            Err(error) => write!(f, "| {} | | | ", plain(error))?,
        }
        for stream in [&self.get, &self.listen] {
            write!(f, "| {} ", stream.as_ref().map_or_else(plain, |kib| format!("{kib:.1}")))?;
        }
        f.write_str("|")
    }
}
