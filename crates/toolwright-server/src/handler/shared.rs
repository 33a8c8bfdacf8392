use std::sync::Arc;

use schemars::SchemaGenerator;
use serde::{
    Deserializer,
    de::{Error, MapAccess},
};

use crate::{
    Context, HandlerError,
    arguments::{Params, params::Described, text::TextError},
    extract::Needs,
};

/// The parameters of a method, with a share of the provider that it is called on.
#[derive(Debug)]
pub struct Shared<S, P> {
    pub(super) this: Arc<S>,
    pub(super) params: P,
}

impl<S: Send + Sync + 'static, P: Params> Params for Shared<S, P> {
    type Slots = P::Slots;
    type Values = (Arc<S>, P::Values);
    const WHOLE: bool = P::WHOLE;

    fn empty() -> P::Slots {
        P::empty()
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.params.index(name)
    }

    fn read_member<'de, A: MapAccess<'de>>(
        &self,
        index: usize,
        map: &mut A,
        slots: &mut P::Slots,
    ) -> Result<(), A::Error> {
        self.params.read_member(index, map, slots)
    }

    fn read_text(&self, index: usize, text: &str, slots: &mut P::Slots) -> Result<(), TextError> {
        self.params.read_text(index, text, slots)
    }

    fn read_whole<'de, D: Deserializer<'de>>(
        &self,
        deserializer: D,
        slots: &mut P::Slots,
    ) -> Result<(), D::Error> {
        self.params.read_whole(deserializer, slots)
    }

    fn complete<E: Error>(&self, slots: &mut P::Slots) -> Result<(), E> {
        self.params.complete(slots)
    }

    async fn finish(&self, slots: P::Slots, context: &Context) -> Result<Self::Values, HandlerError> {
        Ok((Arc::clone(&self.this), self.params.finish(slots, context).await?))
    }

    /// A share is no field of a form, so this has no values without a call.
    fn values(_: P::Slots) -> Option<Self::Values> {
        None
    }

    fn needs(&self, needs: &mut Needs) {
        self.params.needs(needs);
    }

    fn describe(&self, generator: &mut SchemaGenerator, show: &mut dyn FnMut(Described<'_>)) {
        self.params.describe(generator, show);
    }
}
