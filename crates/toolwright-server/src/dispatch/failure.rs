use toolwright_core::{
    Raw,
    jsonrpc::RpcError,
    model::{ClientCapabilities, ResourceNotFoundData},
};

use crate::{
    Context, HandlerError,
    component::{ComponentKey, Kind},
};

/// What a client is told where errors are masked.
pub(super) const MASKED: &str = "the call failed; the server's log says why";

/// Logs a handler's error with everything it came from, and says what of it the client may read.
pub(super) fn public_text(context: &Context, key: &ComponentKey, error: &HandlerError) -> String {
    let chain = || error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ");
    // What was made for the caller to read is the caller's business.
    if error.is_public() {
        tracing::debug!(component = %key, error = chain(), "a call was refused");
    } else {
        tracing::warn!(component = %key, error = chain(), "a handler failed");
    }
    if context.engine().masks_errors && !error.is_public() { MASKED.to_owned() } else { error.to_string() }
}

/// The error of a handler as the JSON-RPC error of its revision, for what has no other way to fail.
pub(super) fn as_rpc(context: &Context, key: &ComponentKey, target: &str, error: &HandlerError) -> RpcError {
    let text = public_text(context, key, error);
    if let Some(rpc) = error.as_rpc() {
        return rpc.clone();
    }
    if error.is_not_found() {
        return match key.kind {
            Kind::Resource | Kind::Template => not_found(context, target, text),
            Kind::Tool | Kind::Prompt => RpcError::invalid_params(text),
        };
    }
    RpcError::internal_error(text)
}

/// A resource that does not exist, in the words of the revision ("Resources", "Error Handling").
pub(super) fn not_found(context: &Context, uri: &str, text: String) -> RpcError {
    let data = Raw::serialize(&ResourceNotFoundData::new(uri)).expect("a URI can always be written");
    RpcError::new(context.era().not_found_code(), text).data(data)
}

/// The client lacks what the component requires. Only stateless revisions have a code for it ("Error codes").
pub(super) fn missing_capability(context: &Context, missing: &ClientCapabilities) -> RpcError {
    let missing = Raw::serialize(missing).expect("capabilities can always be written");
    if context.era().is_stateless() {
        RpcError::missing_client_capability(&missing)
    } else {
        RpcError::invalid_params(format!("this needs a client that can do {}", missing.as_str()))
    }
}
