use std::fmt;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use toolwright_core::{Raw, joint::Principal, jsonrpc::RpcError, model::Method};

use super::{Target, head::without_position};
use crate::Context;

/// One request or notification, as middleware sees it.
///
/// # Example
/// ```
/// use toolwright_server::{Call, Reply, middleware::Next};
///
/// async fn trace(call: Call, next: Next) -> Reply {
///     let method = call.method().as_str().to_owned();
///     let reply = next.run(call).await;
///     tracing::debug!(%method, failed = reply.is_error());
///     reply
/// }
/// # let _ = trace;
/// ```
pub struct Call {
    pub(crate) context: Context,
    pub(crate) params: Option<Bytes>,
    pub(crate) target: Option<Target>,
    pub(crate) arguments: Option<Bytes>,
    /// What headers of the request mirror: the arguments as the client sent them. Nothing where there are no such headers.
    pub(crate) mirrored: Option<Bytes>,
    pub(crate) version: Option<String>,
}

impl Call {
    /// All of it, but that the context is shared. What is left addresses nothing.
    pub(crate) fn take(&mut self) -> Self {
        Self {
            context: self.context.clone(),
            params: self.params.take(),
            target: self.target.take(),
            arguments: self.arguments.take(),
            mirrored: self.mirrored.take(),
            version: self.version.take(),
        }
    }

    /// The method.
    pub fn method(&self) -> &Method {
        self.context.method()
    }

    /// Whether it is a notification, which nobody answers.
    pub fn is_notification(&self) -> bool {
        self.context.request_id().is_none()
    }

    /// What it addresses: the name of a tool or prompt, the URI of a resource.
    pub fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// Addresses something else instead. Headers of the request that mirror arguments are then for the client's own target, and
    /// no longer looked at.
    pub fn retarget(&mut self, target: impl Into<String>) {
        self.target = Some(target.into().into());
        self.mirrored = None;
    }

    /// The JSON text of the arguments of a tool or prompt.
    pub fn arguments(&self) -> Option<&str> {
        self.arguments.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok())
    }

    /// Replaces the arguments.
    pub fn replace_arguments(&mut self, arguments: &Raw) {
        self.arguments = Some(Bytes::copy_from_slice(arguments.as_str().as_bytes()));
    }

    /// The call's context: who, how, and what can be said meanwhile.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Who is calling.
    pub fn principal(&self) -> Option<&Principal> {
        self.context.principal()
    }

    /// Which run this is: 0, until a client answers questions by calling again.
    pub fn round(&self) -> u32 {
        self.context.round()
    }

    /// Reads all `params` as a `T`; absent ones as `{}`.
    ///
    /// # Errors
    /// `-32602` when they have another shape.
    pub fn params<T: DeserializeOwned>(&self) -> Result<T, RpcError> {
        let text = self.params.as_deref().unwrap_or(b"{}");
        serde_json::from_slice(text).map_err(|error| {
            RpcError::invalid_params(format!("`params` cannot be read: {}", without_position(&error)))
        })
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("method", self.method())
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}
