//! What each method does, one family a file.
mod completion;
mod failure;
mod found;
mod lifecycle;
mod listen;
mod lists;
mod logging;
mod prompts;
mod resources;
mod subscribe;
mod tools;

use toolwright_core::{jsonrpc::RpcError, model::Method};

pub(crate) use tools::serve as call_tool;

use crate::{Call, Reply, ServerResult, registry::Listing};

/// Serves a call whose method exists in its era.
pub(crate) async fn dispatch(mut call: Call) -> Reply {
    serve(&mut call).await
}

/// The same for a call that is lent.
pub(crate) async fn serve(call: &mut Call) -> Reply {
    use Method as M;
    match call.method() {
        M::CallTool => tools::call(call).await,
        M::ListTools => lists::list(call, Listing::Tools).await,
        M::ReadResource => resources::read(call).await,
        M::ListResources => lists::list(call, Listing::Resources).await,
        M::ListResourceTemplates => lists::list(call, Listing::Templates).await,
        M::GetPrompt => prompts::get(call).await,
        M::ListPrompts => lists::list(call, Listing::Prompts).await,
        M::Initialize => lifecycle::initialize(call).into(),
        M::Discover => lifecycle::discover(call).into(),
        // Boxed, so that they take no room in the futures of all other calls.
        M::Complete => Box::pin(completion::complete(call)).await,
        M::Listen => Box::pin(listen::listen(call)).await,
        M::Subscribe => Box::pin(subscribe::subscribe(call)).await.into(),
        M::Unsubscribe => subscribe::unsubscribe(call).into(),
        M::SetLevel => logging::set_level(call).into(),
        M::Ping => ServerResult::Empty.into(),
        M::RootsListChanged => {
            if let Some(connection) = call.context.connection() {
                connection.forget_roots();
            }
            Reply::Nothing
        }
        M::Initialized | M::Progress | M::TaskStatus => Reply::Nothing,
        method => {
            let engine = std::sync::Arc::clone(call.context.engine());
            if engine.extensions.method(call.context.era(), method.as_str()).is_some() {
                engine.extensions.handle(call.take()).await
            } else {
                RpcError::method_not_found(method.as_str()).into()
            }
        }
    }
}
