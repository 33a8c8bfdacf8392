use toolwright_core::{jsonrpc::RpcError, model::SetLevelParams};

use crate::{Call, ServerResult};

/// `logging/setLevel`.
pub(super) fn set_level(call: &Call) -> Result<ServerResult, RpcError> {
    let params: SetLevelParams = call.params()?;
    if let Some(connection) = call.context.connection() {
        connection.set_level(params.level);
    }
    Ok(ServerResult::Empty)
}
