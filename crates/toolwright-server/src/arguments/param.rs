use std::future::Future;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{
    Deserializer,
    de::{Deserialize, DeserializeOwned, IgnoredAny},
};

use super::{
    absent::absent,
    text::{TextError, from_text},
};
use crate::{
    Context, HandlerError,
    extract::{FromCall, Needs},
};

/// Marks a parameter that the client gives.
#[derive(Debug)]
pub enum Argument {}

/// Marks a parameter that comes from the call.
#[derive(Debug)]
pub enum Extractor {}

/// What a parameter takes its value from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// One argument of the client.
    Argument,
    /// The call.
    Extractor,
    /// All arguments at once.
    Whole,
}

/// The type of a handler's parameter; of `&X` it is `X`.
///
/// `M` is a marker that says of which kind the type is. Inference finds it where exactly one kind fits, so the spelling of a type
/// decides nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an argument nor an extractor",
    label = "not a parameter of a handler",
    note = "an argument is `Deserialize + JsonSchema + Send`; put `#[model]` on a type of your own",
    note = "an extractor implements `FromCall`"
)]
pub trait Param<M> {
    /// What is held while the handler runs; a borrowed parameter borrows from it.
    type Owned: Send + 'static;
    /// Where the value comes from.
    const ROLE: Role;

    /// The schema of an argument.
    fn schema(_generator: &mut SchemaGenerator) -> Option<Schema> {
        None
    }

    /// The state that an extractor needs.
    fn needs(_needs: &mut Needs) {}

    /// Reads an argument. What a client sends under the name of an extractor is skipped.
    ///
    /// # Errors
    /// When the JSON is of another shape.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self::Owned>, D::Error>;

    /// Reads an argument of a prompt or a variable of a template.
    ///
    /// # Errors
    /// When the text does not say such a value.
    fn read_text(_text: &str) -> Result<Option<Self::Owned>, TextError> {
        Ok(None)
    }

    /// The value of an argument that was not given, if its type has one for that.
    fn absent() -> Option<Self::Owned> {
        None
    }

    /// Gets an extractor's value.
    fn extract(_context: &Context) -> impl Future<Output = Result<Option<Self::Owned>, HandlerError>> + Send {
        std::future::ready(Ok(None))
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromCall + 'static> Param<Extractor> for T {
    type Owned = T;
    const ROLE: Role = Role::Extractor;

    fn needs(needs: &mut Needs) {
        T::needs(needs);
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|IgnoredAny| None)
    }

    async fn extract(context: &Context) -> Result<Option<T>, HandlerError> {
        T::from_call(context).await.map(Some)
    }
}

/// A parameter that lends what an owned type holds: `$borrowed` is read as `$owned`.
macro_rules! arguments {
    ($([$($generics:tt)*] $borrowed:ty => $owned:ty;)*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl<$($generics)*> Param<Argument> for $borrowed {
                type Owned = $owned;
                const ROLE: Role = Role::Argument;

                fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
                    Some(generator.subschema_for::<$owned>())
                }

                fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<$owned>, D::Error> {
                    <$owned>::deserialize(deserializer).map(Some)
                }

                fn read_text(text: &str) -> Result<Option<$owned>, TextError> {
                    from_text(text).map(Some)
                }

                fn absent() -> Option<$owned> {
                    absent()
                }
            }
        )*
    };
}

arguments! {
    [T: DeserializeOwned + JsonSchema + Send + 'static] T => T;
    [] str => String;
    [T: DeserializeOwned + JsonSchema + Send + 'static] [T] => Vec<T>;
}

/// The kind of a parameter's type.
#[derive(Debug)]
pub struct Parameter<T: ?Sized, M>(std::marker::PhantomData<fn(&T) -> M>);

impl<T: ?Sized, M> Parameter<T, M> {
    /// The kind.
    pub(crate) const NEW: Self = Self(std::marker::PhantomData);
}

/// Asks what `T` is as a parameter.
pub const fn parameter<T: Param<M> + ?Sized, M>() -> Role {
    T::ROLE
}

/// Asks what `T` is as a parameter that a pattern takes apart, so that it has no name.
pub const fn nameless<T: Nameless<M> + ?Sized, M>() -> Role {
    T::ROLE
}

/// Asks what `T` is as a parameter of a resource that no variable is named after.
pub const fn outside_template<T: OutsideTemplate<M> + ?Sized, M>() -> Role {
    T::ROLE
}

/// Asks whether `T` is an extractor.
pub const fn extractor<T: FromCall>() -> Role {
    Role::Extractor
}

/// Asks whether `T` is an argument.
pub const fn argument<T: IsArgument + ?Sized>() -> Role {
    Role::Argument
}

/// A parameter that the client gives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an argument",
    label = "not an argument",
    note = "an argument is `Deserialize + JsonSchema + Send`; put `#[model]` on a type of your own",
    note = "an extractor needs no `#[arg]`"
)]
pub trait IsArgument {}

#[diagnostic::do_not_recommend]
impl<T: Param<Argument> + ?Sized> IsArgument for T {}

/// A parameter that needs no name.
#[diagnostic::on_unimplemented(
    message = "a parameter without a name is an extractor or `Args`, and `{Self}` is neither",
    label = "an argument needs a name",
    note = "name the parameter, and take it apart in the body"
)]
pub trait Nameless<M>: Param<M> {}

/// A parameter of a resource that no variable is named after.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no extractor, and no variable of the resource has the name of this parameter",
    label = "neither an extractor nor a variable",
    note = "a parameter that is a variable has its name; others implement `FromCall`"
)]
pub trait OutsideTemplate<M>: Param<M> {}

#[diagnostic::do_not_recommend]
impl<T: FromCall + 'static> Nameless<Extractor> for T {}
#[diagnostic::do_not_recommend]
impl<T: FromCall + 'static> OutsideTemplate<Extractor> for T {}
