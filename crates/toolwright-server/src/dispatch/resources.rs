use std::sync::Arc;

use toolwright_core::{
    jsonrpc::RpcError,
    model::{CacheHint, CacheScope},
};

use super::{failure, found};
use crate::{
    Call, Context, Reply, Resource, ServerResult,
    arguments::Variables,
    journal::{self, Rounds, Schema},
};

/// `resources/read`.
pub(super) async fn read(call: &mut Call) -> Reply {
    let uri = match found::target(call, "uri") {
        Ok(uri) => uri,
        Err(error) => return error.into(),
    };
    let caller = found::caller(&call.context);
    let snapshot = call.context.engine().snapshot();
    let (resource, variables) = match snapshot.resource(uri, call.version.as_deref(), &caller).await {
        Ok(found) => found,
        Err(error) => {
            let context = &call.context;
            let unknown = || failure::not_found(context, uri, format!("unknown resource `{uri}`"));
            return found::missing(&call.context, error, unknown).into();
        }
    };
    drop(snapshot);
    match found::settle(call, resource.common(), Schema::Resource(Arc::clone(&resource))) {
        Ok(None) => {}
        Ok(Some(missing)) => return failure::missing_capability(&call.context, &missing).into(),
        Err(error) => return error.into(),
    }
    if resource.common().layers.is_empty() {
        return run(&resource, variables, &call.context).await;
    }
    let inner = Arc::clone(&resource);
    found::layered(resource.common(), call.take(), move |call| {
        let (resource, variables) = (Arc::clone(&inner), variables.clone());
        async move { run(&resource, variables, &call.context).await }
    })
    .await
}

async fn run(resource: &Resource, variables: Variables, context: &Context) -> Reply {
    let uri = context.subject().map(|subject| subject.target.clone()).unwrap_or_default();
    let Some(handler) = resource.read(context.clone(), variables) else {
        return RpcError::internal_error("the resource has no handler").into();
    };
    match journal::run(context, handler).await {
        Ok(Ok(mut result)) => {
            context.era().shape_contents(&mut result);
            let common = resource.common();
            let mut hint = common.cache.unwrap_or(context.engine().cache);
            // What is there for one caller must not be shown to another, whoever said that it may be shared ("Caching").
            if common.depends_on_caller() {
                hint.scope = CacheScope::Private;
                result.cache_scope = None;
            }
            // What depends on answers is for the one who gave them, and for once ("Caching").
            if context.rounds_so_far().is_some_and(Rounds::is_retry) {
                hint = CacheHint::new(0, CacheScope::Private);
                (result.ttl_ms, result.cache_scope) = (None, None);
            }
            ServerResult::ReadResource(Box::new(result), Some(hint)).into()
        }
        Ok(Err(error)) => failure::as_rpc(context, &resource.key(), &uri, &error).into(),
        Err(asking) => asking,
    }
}
