use toolwright_core::{
    jsonrpc::RpcError,
    model::{SubscribeParams, UnsubscribeParams},
};

use super::{failure, found};
use crate::{Call, ServerResult};

/// `resources/subscribe`: refused for what the caller cannot read.
pub(super) async fn subscribe(call: &Call) -> Result<ServerResult, RpcError> {
    let SubscribeParams { uri, .. } = call.params()?;
    let context = &call.context;
    let Some(connection) = context.connection() else {
        return Err(RpcError::invalid_request("subscriptions need a session"));
    };
    let engine = context.engine();
    let caller = found::caller(context);
    engine.snapshot().resource(&uri, None, &caller).await.map_err(|error| {
        found::missing(context, error, || {
            failure::not_found(context, &uri, format!("unknown resource `{uri}`"))
        })
    })?;
    let most = engine.limits().subscriptions;
    if !connection.subscribe(&uri, most) {
        return Err(RpcError::invalid_params(format!(
            "this session has {most} subscriptions, and may have no more"
        )));
    }
    Ok(ServerResult::Empty)
}

/// `resources/unsubscribe`.
pub(super) fn unsubscribe(call: &Call) -> Result<ServerResult, RpcError> {
    let UnsubscribeParams { uri, .. } = call.params()?;
    if let Some(connection) = call.context.connection() {
        connection.unsubscribe(&uri);
    }
    Ok(ServerResult::Empty)
}
