use super::{Provider, SharedProvider};
use crate::component::{Components, DefineProvider};

/// Anything that `.provider(..)` of the builder takes: a type with `#[provider]`, a set of [`Components`], a live [`Provider`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no provider of components",
    note = "put `#[provider]` on an impl block of it, or implement `Provider` for a live one"
)]
pub trait IntoProvider<M> {
    /// Turns it into what the server keeps.
    fn into_source(self) -> Source;
}

/// What `.provider(..)` was given.
#[derive(Debug)]
pub struct Source(pub(crate) Kept);

#[derive(Debug)]
pub(crate) enum Kept {
    Compiled(Components),
    Live(SharedProvider),
}

/// Marker of types with `#[provider]`.
#[derive(Debug)]
pub enum Defined {}

/// Marker of live providers.
#[derive(Debug)]
pub enum Alive {}

/// Marker of sets of components.
#[derive(Debug)]
pub enum Given {}

impl<P: DefineProvider + Send + Sync + 'static> IntoProvider<Defined> for P {
    fn into_source(self) -> Source {
        Source(Kept::Compiled(self.components()))
    }
}

impl<P: Provider> IntoProvider<Alive> for P {
    fn into_source(self) -> Source {
        Source(Kept::Live(SharedProvider::new(self)))
    }
}

impl IntoProvider<Given> for Components {
    fn into_source(self) -> Source {
        Source(Kept::Compiled(self))
    }
}
