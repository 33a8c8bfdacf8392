//! Servers over Streamable HTTP: a router for [axum], a tower service, or a server of its own.
//!
//! [`ServeHttp::http`] configures a [`Server`](crate::Server) for it; the guide has pages about [serving](crate::guide::http),
//! [axum applications](crate::guide::axum) and [deployment](crate::guide::deployment). The client's side is
//! [`client::Http`](crate::client).
#[doc(no_inline)]
pub use toolwright_http::axum;
#[cfg(feature = "http-client")]
pub use toolwright_http::client;
#[cfg(feature = "testing")]
pub use toolwright_http::contract;
pub use toolwright_http::{
    Body, Cors, CorsFuture, CorsService, Error, EventStore, HttpHandle, HttpServer, HttpService,
    MemoryEventStore, ServeHttp, SessionMode, SharedEventStore, bearer, guard, shutdown_signal,
};
