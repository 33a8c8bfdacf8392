use std::{future::Future, sync::Arc};

use toolwright_core::{model::ReadResourceResult, uri::expand};

use super::{
    run::{Async, Blocking, Plain, Run},
    shared::Shared,
};
use crate::{
    Context, HandlerError, Resource,
    arguments::{Input, Params, Variables},
    component::Address,
    respond::IntoResourceResult,
};

/// A resource that lacks its function.
#[derive(Debug)]
pub struct ResourceParts<P> {
    resource: Resource,
    params: P,
}

/// A resource or template at this address with these parameters.
pub fn resource<P: Params>(name: &'static str, address: &'static str, params: P) -> ResourceParts<P> {
    ResourceParts { resource: Resource::new(address).name(name), params }
}

/// How what a function returned becomes a result, once it is known for which URI.
type Finish = Box<dyn FnOnce(&str, Option<&str>) -> Result<ReadResourceResult, HandlerError> + Send>;

fn later<T: IntoResourceResult<M> + Send + 'static, M>(value: T) -> Finish {
    Box::new(move |uri, mime| value.into_result(uri, mime))
}

impl<P: Params> ResourceParts<P> {
    pub(super) fn new(resource: Resource, params: P) -> Self {
        Self { resource, params }
    }

    /// Makes it a method of a provider.
    pub fn shared<S: Send + Sync + 'static>(self, this: &Arc<S>) -> ResourceParts<Shared<S, P>> {
        ResourceParts {
            resource: self.resource,
            params: Shared { this: Arc::clone(this), params: self.params },
        }
    }

    /// Runs a function that does not wait.
    pub fn sync<F, T, M>(self, function: F) -> Resource
    where
        F: Fn(P::Values) -> Result<T, HandlerError> + Send + Sync + 'static,
        T: IntoResourceResult<M> + Send + 'static,
    {
        self.attach(Plain(move |values| function(values).map(later)))
    }

    /// Runs an `async` function.
    pub fn future<F, R, T, M>(self, function: F) -> Resource
    where
        F: Fn(P::Values) -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, HandlerError>> + Send,
        T: IntoResourceResult<M> + Send + 'static,
    {
        self.attach(Async(move |values| {
            let future = function(values);
            async move { future.await.map(later) }
        }))
    }

    /// Runs a function that blocks, on a thread for those.
    pub fn blocking<F, T, M>(self, function: F) -> Resource
    where
        F: Fn(P::Values) -> Result<T, HandlerError> + Send + Sync + 'static,
        T: IntoResourceResult<M> + Send + 'static,
    {
        self.attach(Blocking(Arc::new(move |values| function(values).map(later))))
    }

    fn attach(self, run: impl Run<P::Values, Finish>) -> Resource {
        let Self { mut resource, params } = self;
        let input = Input::new(params);
        resource.common_mut().needs = input.needs();
        let address = resource.address().clone();
        let body = Arc::new((input, run, address));
        resource.mime_handler(move |context, variables: Variables, mime| {
            let body = Arc::clone(&body);
            async move {
                let (input, run, address) = &*body;
                // A URI whose variables are no such values leads nowhere.
                let slots =
                    input.read_text(&variables).map_err(|text| HandlerError::public(text).not_found())?;
                let values = input.params.finish(slots, &context).await?;
                let finish = run.run(values).await?;
                finish(&uri(&context, address, &variables)?, mime.as_deref())
            }
        })
    }
}

/// The URI that is read: the one that was asked for, or else what the variables make of the template.
fn uri(context: &Context, address: &Address, variables: &Variables) -> Result<String, HandlerError> {
    match (context.subject(), address) {
        (Some(subject), _) => Ok(subject.target.to_string()),
        (None, Address::Uri(uri)) => Ok(uri.clone()),
        (None, Address::Template(template)) => Ok(expand(template, variables.iter())?),
    }
}
