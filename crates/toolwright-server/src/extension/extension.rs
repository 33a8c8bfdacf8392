use std::future::Future;

use toolwright_core::{
    era::Revision,
    jsonrpc::RpcError,
    model::{JsonObject, SubscriptionFilter},
};

use super::ExtensionMethod;
use crate::{Call, Context, Reply, middleware::Next};

/// An extension of the protocol. Everything but the identifier defaults to nothing.
///
/// # Example
/// ```
/// use toolwright_core::Raw;
/// use toolwright_server::{Call, Reply, Server, ServerResult, extension::{Extension, ExtensionMethod}};
///
/// struct Clock;
///
/// impl Extension for Clock {
///     fn id(&self) -> &str {
///         "com.example/clock"
///     }
///
///     fn methods(&self) -> Vec<ExtensionMethod> {
///         vec![ExtensionMethod::request("clock/now")]
///     }
///
///     async fn handle(&self, _call: Call) -> Reply {
///         ServerResult::Other(Raw::from(serde_json::json!({ "now": "12:00" }))).into()
///     }
/// }
///
/// let server = Server::builder("demo").extension(Clock).build();
/// assert!(server.is_ok());
/// ```
pub trait Extension: Send + Sync + 'static {
    /// The identifier: a prefix that its author controls, and a name.
    fn id(&self) -> &str;

    /// What is declared to clients of this revision; `None` where the extension is not offered. Empty settings mean support.
    fn settings(&self, revision: Revision) -> Option<JsonObject> {
        let _ = revision;
        Some(JsonObject::new())
    }

    /// Methods and notifications that it adds. None of them may be one of the protocol's.
    fn methods(&self) -> Vec<ExtensionMethod> {
        Vec::new()
    }

    /// Values of `resultType` that its results may have, beside those of the protocol.
    fn result_types(&self) -> Vec<String> {
        Vec::new()
    }

    /// `_meta` keys that it reads and writes.
    fn meta_keys(&self) -> Vec<String> {
        Vec::new()
    }

    /// Members that it adds to the filter of `subscriptions/listen`.
    fn listen_members(&self) -> Vec<String> {
        Vec::new()
    }

    /// Looks at its members of a listen filter and says which part of them is honoured; the default takes them all.
    fn listen(&self, context: &Context, asked: &SubscriptionFilter) -> JsonObject {
        let _ = context;
        let own = self.listen_members();
        asked
            .other
            .iter()
            .filter(|(name, _)| own.contains(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// Serves one of its methods.
    fn handle(&self, call: Call) -> impl Future<Output = Reply> + Send {
        let method = call.method().as_str().to_owned();
        async move { RpcError::method_not_found(&method).into() }
    }

    /// Wraps calls of tools by clients that declare it.
    fn intercept(&self, call: Call, next: Next) -> impl Future<Output = Reply> + Send {
        next.run(call)
    }

    /// Whether [`intercept`](Self::intercept) does anything; asked once.
    fn intercepts(&self) -> bool {
        false
    }

    /// Runs when the server starts.
    ///
    /// # Errors
    /// What keeps the server from starting.
    fn start(&self) -> impl Future<Output = Result<(), Box<dyn std::error::Error + Send + Sync>>> + Send {
        async { Ok(()) }
    }

    /// Runs when the server stops.
    fn stop(&self) -> impl Future<Output = ()> + Send {
        async {}
    }
}
