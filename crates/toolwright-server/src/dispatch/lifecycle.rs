use std::sync::Arc;

use http::StatusCode;
use toolwright_core::{
    era::Revision,
    jsonrpc::{Id, RpcError},
    model::{CacheHint, CacheScope, DiscoverResult, InitializeParams, InitializeResult},
};

use crate::{Call, ServerResult, connection::Agreed, context::Ambient, engine::Engine, service::Answer};

/// `initialize`: agrees on a revision that both sides speak ("Lifecycle").
pub(crate) fn initialize(engine: &Arc<Engine>, ambient: &Ambient, id: &Id, params: Option<&[u8]>) -> Answer {
    let refuse = |error: RpcError| {
        let era = engine.served.latest_session().unwrap_or(Revision::V2025_11_25).era();
        Answer::error(era, Some(id), &error, StatusCode::BAD_REQUEST)
    };
    let params: InitializeParams = match serde_json::from_slice(params.unwrap_or(b"{}")) {
        Ok(params) => params,
        Err(error) => {
            let text =
                format!("`params` of `initialize` cannot be read: {}", crate::call::without_position(&error));
            return refuse(RpcError::invalid_params(text));
        }
    };
    let requested = params.protocol_version.as_str();
    let Some(era) = engine.served.negotiate(requested) else {
        return refuse(RpcError::unsupported_protocol_version(requested, &engine.served.names()));
    };
    if let Some(connection) = &ambient.connection {
        connection.agree(Agreed {
            era,
            capabilities: Arc::new(params.capabilities),
            info: Arc::new(params.client_info),
        });
        engine.hub.join(connection);
    }
    let mut info = engine.info.clone();
    era.shape_implementation(&mut info);
    let mut result = InitializeResult::new(era.revision(), engine.capabilities(era), info);
    result.instructions.clone_from(&engine.instructions);
    let body = era.response(id, result, CacheHint::new(0, CacheScope::Private), &engine.signature);
    Answer { opened: true, ..Answer::result(body) }
}

/// `server/discover`.
pub(super) fn discover(call: &Call) -> ServerResult {
    let engine = call.context.engine();
    let era = call.context.era();
    let mut result = DiscoverResult::new(engine.served.stateless(), engine.capabilities(era));
    result.instructions.clone_from(&engine.instructions);
    let result = result.cache(engine.cache);
    ServerResult::Discover(Box::new(result))
}
