//! A context for tests of what lies below the dispatch of calls.
use std::sync::Arc;

use toolwright_core::{
    era::Revision,
    joint::{Mute, Transport},
    model::Method,
};

use super::{Ambient, Context, Origin};
use crate::{Server, call::Metadata};

/// The context of a call to a server that has nothing.
pub(crate) fn context() -> Context {
    let server = Server::builder("test").build().expect("a server without components is legal");
    let origin = Origin {
        era: Revision::V2026_07_28.era(),
        method: Method::CallTool,
        id: Some(1.into()),
        meta: Metadata::default(),
    };
    let ambient = Ambient::new(Transport::InProcess, Arc::new(Mute));
    Context::new(server.engine, origin, ambient, None, None)
}
