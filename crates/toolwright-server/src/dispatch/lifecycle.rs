use toolwright_core::{
    jsonrpc::RpcError,
    model::{DiscoverResult, InitializeParams, InitializeResult},
};

use crate::{Call, ServerResult, connection::Agreed, session::RandomId};

/// `initialize`: agrees on a revision that both sides speak ("Lifecycle"). The call is one of that revision already.
pub(super) fn initialize(call: &Call) -> Result<ServerResult, RpcError> {
    let params: InitializeParams = call.params()?;
    let (engine, era) = (call.context.engine(), call.context.era());
    if let Some(connection) = call.context.connection() {
        // A handshake that is repeated negotiates anew and loses nothing.
        let session = match connection.agreed().and_then(|before| before.session) {
            Some(session) => session,
            None => RandomId::mint().map_err(|error| {
                tracing::error!(%error, "a session needs a random number, and there is none");
                RpcError::internal_error("internal error")
            })?,
        };
        connection.agree(Agreed {
            session: Some(session),
            era,
            capabilities: engine.clients.capabilities.share(params.capabilities),
            info: engine.clients.infos.share(params.client_info),
        });
        engine.hub.join(connection);
    }
    let mut info = engine.info.clone();
    era.shape_implementation(&mut info);
    let mut result = InitializeResult::new(era.revision(), engine.capabilities(era), info);
    result.instructions.clone_from(&engine.instructions);
    Ok(ServerResult::Initialize(Box::new(result)))
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
