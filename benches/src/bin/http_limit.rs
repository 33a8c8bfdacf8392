//! The limit over HTTP: a bare axum handler. Its argument is the number of tools; it writes its address and serves `/mcp`.
#![expect(clippy::print_stdout, reason = "the address is for the program that runs this")]

use std::{error::Error, sync::Arc};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
    routing::post,
    serve::ListenerExt as _,
};
use tokio::net::TcpListener;
use toolwright_benches::limit::Limit;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let tools = std::env::args().nth(1).map_or(Ok(100), |count| count.parse())?;
    let app = Router::new().route("/mcp", post(answer)).with_state(Arc::new(Limit::with_tools(tools)));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        // Only slower without.
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, app).await?)
}

async fn answer(State(limit): State<Arc<Limit>>, body: Bytes) -> Response {
    let mut out = Vec::with_capacity(512);
    match limit.answer(&body, &mut out) {
        Ok(()) if out.is_empty() => StatusCode::ACCEPTED.into_response(),
        Ok(()) => {
            let mut response = Response::new(Body::from(out));
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    }
}
