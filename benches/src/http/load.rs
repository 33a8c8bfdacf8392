use std::{
    cell::{Cell, RefCell},
    error::Error,
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use tokio::{
    task::{JoinSet, LocalSet},
    time::{sleep, timeout},
};

use super::{
    connection::Connection, digits::Digits, request::Request, running::Running, sample::Sample,
    template::Template, workload::Workload,
};

/// How long one round lasts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) warm_up: Duration,
    pub(super) time: Duration,
}

/// A slow server gets longer rounds, so that there is something to count.
const FEWEST: usize = 20;
const LONGEST: u32 = 10;
/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The id that is sent to servers that keep no sessions, so that all have as much to read.
const NO_SESSION: &str = "00000000-0000-4000-8000-000000000000";

/// What the connections share.
#[derive(Debug, Default)]
struct Shared {
    next: Cell<u64>,
    over: Cell<bool>,
    counting: Cell<bool>,
    latencies: RefCell<Vec<Duration>>,
}

/// Has a server answer as fast as it can on so many connections.
pub(super) async fn load(
    server: &Running,
    workload: &Workload,
    connections: usize,
    pace: Pace,
) -> Result<Sample, Box<dyn Error>> {
    let local = LocalSet::new();
    local.run_until(run(server, workload, connections, pace)).await
}

async fn run(
    server: &Running,
    workload: &Workload,
    connections: usize,
    pace: Pace,
) -> Result<Sample, Box<dyn Error>> {
    let shared = Rc::new(Shared::default());
    let mut tasks = JoinSet::new();
    for _ in 0..connections {
        let (address, workload, shared) = (server.address(), *workload, Rc::clone(&shared));
        tasks.spawn_local(async move {
            let outcome = ask(address, &workload, &shared).await.map_err(|error| error.to_string());
            shared.over.set(shared.over.get() || outcome.is_err());
            outcome
        });
    }
    sleep(pace.warm_up).await;
    let (begun, cpu) = (Instant::now(), server.cpu()?);
    shared.counting.set(true);
    loop {
        sleep(pace.time).await;
        let enough = shared.latencies.borrow().len() >= FEWEST || begun.elapsed() > LONGEST * pace.time;
        if enough || shared.over.get() {
            break;
        }
    }
    let (wall, cpu) = (begun.elapsed(), server.cpu()?.saturating_sub(cpu));
    shared.counting.set(false);
    shared.over.set(true);
    let finished = timeout(PATIENCE, async {
        while let Some(ended) = tasks.join_next().await {
            ended.map_err(|error| error.to_string())??;
        }
        Ok::<_, String>(())
    });
    finished.await.map_err(|_| "no answer for 20 s")??;
    let latencies = shared.latencies.take();
    if latencies.is_empty() {
        return Err("not one answer in time".into());
    }
    Ok(Sample::new(cpu, wall, latencies, server.memory()?.peak))
}

/// Asks on one connection until it is over.
async fn ask(address: SocketAddr, workload: &Workload, shared: &Shared) -> Result<(), Box<dyn Error>> {
    let mut connection = Connection::open(address).await?;
    let session = match workload.session {
        true => Some(connection.shake_hands().await?.unwrap_or_else(|| NO_SESSION.to_owned())),
        false => None,
    };
    let mut request = Request::new(workload, address, session.as_deref());
    let mut template: Option<Template> = None;
    while !shared.over.get() {
        let digits = Digits::of(shared.next.replace(shared.next.get() + 1));
        let sent = Instant::now();
        let answer = connection.exchange(request.with(&digits)).await?;
        let taken = sent.elapsed();
        if answer.status != 200 {
            let message = String::from_utf8_lossy(&answer.message[..answer.message.len().min(600)]);
            return Err(format!("status {}: {message}", answer.status).into());
        }
        if !template.as_ref().is_some_and(|template| template.matches(answer.message, &digits)) {
            workload.check(answer.message, &digits)?;
            template = Some(Template::learn(answer.message, &digits));
        }
        if shared.counting.get() {
            shared.latencies.borrow_mut().push(taken);
        }
    }
    Ok(())
}
