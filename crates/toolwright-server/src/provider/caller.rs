use toolwright_core::{era::Revision, joint::Principal};

use crate::Context;

/// Who asks a live provider for components.
#[derive(Clone, Debug)]
pub struct Caller(Context);

impl Caller {
    pub(crate) fn new(context: &Context) -> Self {
        Self(context.clone())
    }

    /// Who is calling, if the transport found out.
    pub fn principal(&self) -> Option<&Principal> {
        self.0.principal()
    }

    /// The revision that the caller speaks.
    pub fn revision(&self) -> Revision {
        self.0.revision()
    }

    /// The call that needs the components.
    pub fn context(&self) -> &Context {
        &self.0
    }
}
