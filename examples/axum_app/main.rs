//! An axum application that was there before MCP: a task board with routes, state and a login. It gets an MCP endpoint, and a
//! gateway that decides by headers who may call what.
//!
//! `cargo run --example axum_app` serves <http://127.0.0.1:3000>. `curl -H 'x-api-key: key-of-ada' 127.0.0.1:3000/tasks` shows the
//! board, and <http://127.0.0.1:3000/mcp> is for MCP clients that send such a key. Ada is an admin, bob (`key-of-bob`) is not.
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    future::IntoFuture as _,
    io,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Extension, Router,
    extract::{self, Request},
    http::{HeaderMap, HeaderName, StatusCode},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::get,
};
use tokio::{net::TcpListener, sync::oneshot, time::timeout};
use toolwright::{
    core::{
        era::Revision,
        headers::{MCP_METHOD, MCP_NAME, decode_value, single},
    },
    http::{HttpHandle, shutdown_signal},
    prelude::*,
};

#[cfg(test)]
mod tests;

/// The state of the application.
#[derive(Clone)]
struct App {
    board: Arc<Mutex<BTreeMap<u32, Task>>>,
    /// By their keys. A real application keeps hashes of them, in a database.
    users: Arc<HashMap<&'static str, User>>,
}

struct Task {
    title: String,
    owner: &'static str,
}

#[derive(Clone, Copy)]
struct User {
    name: &'static str,
    admin: bool,
}

impl App {
    fn new() -> Self {
        let users = [
            ("key-of-ada", User { name: "ada", admin: true }),
            ("key-of-bob", User { name: "bob", admin: false }),
        ];
        let task = Task { title: "water the plants".into(), owner: "ada" };
        Self { board: Arc::new(Mutex::new(BTreeMap::from([(1, task)]))), users: Arc::new(users.into()) }
    }

    fn board(&self) -> MutexGuard<'_, BTreeMap<u32, Task>> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, owner: &User, title: String) -> u32 {
        let mut board = self.board();
        let id = board.last_key_value().map_or(1, |(last, _)| last + 1);
        board.insert(id, Task { title, owner: owner.name });
        id
    }

    /// One line a task; of one owner, or of all.
    fn list(&self, owner: Option<&str>) -> Vec<String> {
        let board = self.board();
        let shown = board.iter().filter(|(_, task)| owner.is_none_or(|owner| owner == task.owner));
        shown.map(|(id, Task { title, owner })| format!("{id}: {title} ({owner})")).collect()
    }
}

// What the application had before: handlers, and a layer that knows its users.

async fn list(app: extract::State<App>) -> String {
    app.list(None).join("\n")
}

async fn add(app: extract::State<App>, user: Extension<User>, title: String) -> (StatusCode, String) {
    (StatusCode::CREATED, app.add(&user, title).to_string())
}

/// Whoever calls, handlers and tools learn it from the extensions of the request. An application that serves clients with
/// sessions inserts a [`Principal`], too, so that a session belongs to the user who opened it.
async fn login(app: extract::State<App>, mut request: Request, next: Next) -> Result<Response, StatusCode> {
    let key = request.headers().get("x-api-key").and_then(|key| key.to_str().ok());
    let user = key.and_then(|key| app.users.get(key)).copied().ok_or(StatusCode::UNAUTHORIZED)?;
    request.extensions_mut().insert(user);
    Ok(next.run(request).await)
}

// What is new: tools on the same state, and a gateway.

/// Put a task on the board. Returns its number.
#[tool]
fn add_task(app: State<App>, user: Ext<User>, title: String) -> u32 {
    app.add(&user, title)
}

/// The tasks on the board.
#[tool(annotations(read_only))]
fn list_tasks(
    app: State<App>,
    // Where no layer was, over stdio for example, there is no user.
    user: Option<Ext<User>>,
    /// Only those of the user who asks.
    #[arg(default = false)]
    mine: bool,
) -> Result<Vec<String>, HandlerError> {
    match user {
        Some(user) if mine => Ok(app.list(Some(user.name))),
        None if mine => Err("nobody is logged in, so no task is theirs".into()),
        _ => Ok(app.list(None)),
    }
}

/// Take a task off the board, whoever owns it. For admins.
#[tool(annotations(destructive))]
fn delete_task(app: State<App>, id: u32) -> Result<(), HandlerError> {
    let task = app.board().remove(&id);
    task.map(drop).ok_or_else(|| HandlerError::from(format!("there is no task {id}")).hint("see list_tasks"))
}

/// Decides by the headers that mirror a request, without reading its body. It could run in another process as well.
///
/// It can rely on them, because the endpoint refuses every request without them, and every one whose body says something else.
/// That holds for 2026-07-28. Requests of older revisions have no such headers, so [`server`] does not serve these.
async fn gateway(user: Extension<User>, request: Request, next: Next) -> Result<Response, StatusCode> {
    let method = mirrored(request.headers(), &MCP_METHOD)?;
    let name = mirrored(request.headers(), &MCP_NAME)?;
    match (method.as_deref(), name.as_deref()) {
        (Some("tools/call"), Some("delete_task")) if !user.admin => Err(StatusCode::FORBIDDEN),
        // Without the headers, too: the endpoint's refusal tells older clients which revision is served here.
        _ => Ok(next.run(request).await),
    }
}

/// What cannot be read, or be read in two ways, is nothing to decide by.
fn mirrored<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<Cow<'a, str>>, StatusCode> {
    let value = single(headers, name).map_err(|_| StatusCode::BAD_REQUEST)?;
    value.map(decode_value).transpose().map_err(|_| StatusCode::BAD_REQUEST)
}

fn server(app: App) -> toolwright::Result<Server> {
    Ok(Server::builder("board")
        .protocols([Revision::V2026_07_28]) // The gateway has nothing to go by in others.
        .state(app)
        .tools(tools![add_task, list_tasks, delete_task])
        .build()?)
}

/// The whole application, and what ends its endpoint.
fn router(app: App) -> toolwright::Result<(Router, HttpHandle)> {
    // Loopback names only, unless `.allowed_hosts(["board.example.org"])?` says more.
    let mcp = server(app.clone())?.http();
    let handle = mcp.handle();
    let router = Router::new()
        .route("/tasks", get(list).post(add))
        .merge(mcp.router("/mcp").route_layer(from_fn(gateway)))
        // Outside of the gateway, which asks for the user. What comes after it is for everybody.
        .route_layer(from_fn_with_state(app.clone(), login))
        .route("/", get(async || "The board is at /tasks, and at /mcp for models."))
        .with_state(app);
    Ok((router, handle))
}

/// How long the end may take. Longer than `Limits::drain`, 10 seconds, after which the endpoint has cancelled its calls; less than
/// what comes before SIGKILL.
const GRACE: Duration = Duration::from_secs(15);

/// Serves until told to end. The endpoint then ends its streams, which would hold axum for ever, and running requests finish. What
/// of the application's own takes longer than [`GRACE`] is given up: axum would wait for it.
async fn serve(
    listener: TcpListener,
    router: Router,
    mcp: HttpHandle,
    told: impl Future<Output = ()>,
) -> io::Result<()> {
    let (begin, begun) = oneshot::channel::<()>();
    let graceful = axum::serve(listener, router).with_graceful_shutdown(async {
        let _ = begun.await; // An error, for nothing is sent: the sender is dropped.
    });
    let mut serving = pin!(graceful.into_future());
    tokio::select! {
        served = &mut serving => return served,
        () = told => drop(begin),
    }
    let end = async { tokio::join!(mcp.stop(), serving).1 };
    timeout(GRACE, end).await.unwrap_or(Ok(()))
}

#[tokio::main]
async fn main() -> toolwright::Result<()> {
    let (router, mcp) = router(App::new())?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    Ok(serve(listener, router, mcp, shutdown_signal()).await?)
}
