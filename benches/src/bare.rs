//! The limit over HTTP: a bare axum handler.
use std::{io, sync::Arc};

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

use crate::limit::Limit;

/// Serves `/mcp` with so many tools, for ever.
///
/// # Errors
/// When the listener has no address.
pub async fn serve(listener: TcpListener, tools: usize) -> io::Result<()> {
    let app = Router::new().route("/mcp", post(answer)).with_state(Arc::new(Limit::with_tools(tools)));
    let listener = listener.tap_io(|stream| {
        // Only slower without.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, app).await
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
