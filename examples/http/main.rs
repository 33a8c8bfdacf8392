//! A server as one deploys it: HTTP, tokens, limits, health checks, and an end in good order.
//!
//! `READER=r-secret WRITER=w-secret cargo run --example http` serves <http://127.0.0.1:8000/mcp>; `/health` and `/ready` are for
//! probes. `TOOLWRIGHT_HTTP=0.0.0.0:8000 TOOLWRIGHT_ALLOWED_HOSTS=mcp.example.org` serves the world, behind something that speaks
//! TLS. SIGTERM and Ctrl-C let running calls finish. `docs/deploy` has what containers, systemd and nginx want to know.
use std::{
    collections::BTreeMap,
    env,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use toolwright::{
    core::joint::Limits,
    http::{axum::routing::get, bearer::BearerTokens},
    prelude::*,
};

/// What is in the warehouse. A real one is in a database, so that replicas agree.
#[derive(Default)]
struct Stock(Mutex<BTreeMap<String, u32>>);

impl Stock {
    fn items(&self) -> MutexGuard<'_, BTreeMap<String, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many of an item are in stock.
#[tool(annotations(read_only))]
fn count(stock: State<Stock>, item: &str) -> Result<u32, HandlerError> {
    let known = || HandlerError::from(format!("no `{item}` was ever in stock")).hint("read stock://all");
    stock.items().get(item).copied().ok_or_else(known)
}

/// Take items out of stock. Returns how many are left.
#[tool(annotations(destructive))]
fn take(
    stock: State<Stock>,
    who: Principal,
    item: &str,
    #[arg(default = 1, range(1..=100))] count: u32,
) -> Result<u32, HandlerError> {
    if !who.has_scope("stock:write") {
        return Err(format!("{} may look and not take", who.subject()).into());
    }
    let mut items = stock.items();
    let left = items.get_mut(item).ok_or_else(|| format!("no `{item}` is in stock"))?;
    *left = left.checked_sub(count).ok_or_else(|| format!("only {left} of `{item}` are left"))?;
    Ok(*left)
}

/// Everything in stock.
#[resource("stock://all")]
fn all(stock: State<Stock>) -> serde_json::Value {
    json!(*stock.items())
}

/// Who may call, by tokens from the environment: secrets are no part of a program.
fn tokens(variable: impl Fn(&str) -> Option<String>) -> toolwright::Result<BearerTokens> {
    let token = |name| {
        variable(name).filter(|token| !token.is_empty()).ok_or_else(|| {
            std::io::Error::other(format!(
                "set {name} to a secret, for example to that of `openssl rand -hex 32`"
            ))
        })
    };
    Ok(BearerTokens::new()
        .token(token("READER")?, Principal::new("reader"))
        .token(token("WRITER")?, Principal::new("writer").scopes(["stock:write"])))
}

fn server(tokens: BearerTokens) -> toolwright::Result<HttpServer> {
    let stock = Stock(Mutex::new(BTreeMap::from([("bolt".to_owned(), 500), ("nut".to_owned(), 499)])));
    let limits = Limits::default()
        .body(256 * 1024)
        .request_timeout(Duration::from_secs(30))
        .drain(Duration::from_secs(25)); // Less than what comes before SIGKILL: 30 seconds in Kubernetes.
    let server = Server::builder("stock")
        .state(stock)
        .tools(tools![count, take])
        .resources(resources![all])
        .limits(limits)
        .auth(tokens)
        .build()?;
    Ok(server
        .http()
        .max_requests(256)
        .max_connections(2_000)
        .public_route("/version", get(async || env!("CARGO_PKG_VERSION"))))
}

#[tokio::main]
async fn main() -> toolwright::Result<()> {
    server(tokens(|name| env::var(name).ok())?)?.run().await
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::{SocketAddr, TcpStream},
    };

    use super::*;

    fn secrets(name: &str) -> Option<String> {
        Some(format!("secret-of-{}", name.to_lowercase()))
    }

    /// Sends one request on a connection of its own: status and body.
    fn send(address: SocketAddr, head: String, body: String) -> (u16, String) {
        let mut stream = TcpStream::connect(address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{head}host: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    async fn get(address: SocketAddr, path: &str) -> (u16, String) {
        let head = format!("GET {path} HTTP/1.1\r\n");
        tokio::task::spawn_blocking(move || send(address, head, String::new())).await.unwrap()
    }

    async fn take(address: SocketAddr, token: &str) -> (u16, String) {
        let head = format!(
            "POST /mcp HTTP/1.1\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             mcp-protocol-version: 2026-07-28\r\nmcp-method: tools/call\r\nmcp-name: take\r\n"
        );
        let params = json!({
            "name": "take",
            "arguments": { "item": "nut" },
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
            },
        });
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params }).to_string();
        tokio::task::spawn_blocking(move || send(address, head, body)).await.unwrap()
    }

    #[tokio::test]
    async fn each_caller_may_do_what_their_token_allows() -> toolwright::Result<()> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let server = server(tokens(secrets)?)?.signals(false);
        let handle = server.handle();
        let serving = tokio::spawn(server.serve_listener(listener));

        assert_eq!(take(address, "a-guess").await.0, 401);
        let (status, body) = take(address, "secret-of-reader").await;
        assert_eq!(status, 200);
        assert!(body.contains("reader may look and not take"), "{body}");
        let (status, body) = take(address, "secret-of-writer").await;
        assert!(status == 200 && body.contains("498"), "{body}");

        assert_eq!(get(address, "/version").await, (200, env!("CARGO_PKG_VERSION").into()));
        assert_eq!(get(address, "/ready").await.0, 200);
        assert_eq!(get(address, "/.well-known/oauth-protected-resource").await.0, 404);
        handle.drain();
        serving.await.expect("serving does not panic")?;
        Ok(())
    }

    #[tokio::test]
    async fn without_secrets_nothing_is_served() {
        let error = tokens(|name| (name == "READER").then(|| "secret".into())).unwrap_err().to_string();
        assert!(error.starts_with("set WRITER to a secret"), "{error}");
    }
}
