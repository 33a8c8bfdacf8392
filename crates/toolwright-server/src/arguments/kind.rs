//! Which kind of parameter a type is, where the answer may be "none" without a second error.
//!
//! Expansions ask twice. [`parameter`](super::param::parameter) asks by trait resolution: a type that is no parameter, or two
//! kinds at once, is one error at the type. The rest of the expansion asks by method lookup, which prefers a kind that fits and
//! falls back to [`Unfit`], so that it compiles for any type and adds no errors of its own.
use std::{convert::Infallible, future::Future, marker::PhantomData, ops::Deref};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserializer, de::DeserializeOwned};

use super::{
    args::{Args, Whole},
    param::{Argument, Extractor, Param, Parameter, Role},
    text::TextError,
};
use crate::{
    Context, HandlerError,
    extract::{FromCall, Needs},
};

/// How values of a parameter are described, read and held.
pub trait Kind: 'static {
    /// What is read.
    type Owned: Send + 'static;
    /// What a default is written as.
    type Value;
    /// What the expansion takes values out of.
    type Held: Send + 'static;
    /// Where the value comes from.
    const ROLE: Role;

    /// See [`Param::schema`].
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema>;

    /// See [`Param::needs`].
    fn needs(needs: &mut Needs);

    /// See [`Param::read`].
    ///
    /// # Errors
    /// When the JSON is of another shape.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self::Owned>, D::Error>;

    /// See [`Param::read_text`].
    ///
    /// # Errors
    /// When the text does not say such a value.
    fn read_text(text: &str) -> Result<Option<Self::Owned>, TextError>;

    /// See [`Param::absent`].
    fn absent() -> Option<Self::Owned>;

    /// See [`Param::extract`].
    fn extract(context: &Context) -> impl Future<Output = Result<Option<Self::Owned>, HandlerError>> + Send;

    /// Holds a default.
    fn own(value: Self::Value) -> Self::Owned;

    /// Holds what was read for the call.
    fn hold(owned: Self::Owned) -> Self::Held;
}

impl<T: Param<M> + ?Sized + 'static, M: 'static> Kind for Parameter<T, M> {
    type Owned = T::Owned;
    type Value = T::Owned;
    type Held = Held<T::Owned>;
    const ROLE: Role = T::ROLE;

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        T::schema(generator)
    }

    fn needs(needs: &mut Needs) {
        T::needs(needs);
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T::Owned>, D::Error> {
        T::read(deserializer)
    }

    fn read_text(text: &str) -> Result<Option<T::Owned>, TextError> {
        T::read_text(text)
    }

    fn absent() -> Option<T::Owned> {
        T::absent()
    }

    fn extract(context: &Context) -> impl Future<Output = Result<Option<T::Owned>, HandlerError>> + Send {
        T::extract(context)
    }

    fn own(value: T::Owned) -> T::Owned {
        value
    }

    fn hold(owned: T::Owned) -> Held<T::Owned> {
        Held(owned)
    }
}

/// A value for one call: lent, or taken out.
#[derive(Debug)]
pub struct Held<T>(T);

impl<T> Held<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself.
    pub fn take(self) -> T {
        self.0
    }
}

impl<T> Deref for Held<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Stands for a type that is no parameter. The compiler has refused it elsewhere, so nothing here ever runs.
#[derive(Debug)]
pub struct Unfit<T: ?Sized>(Infallible, PhantomData<fn(&T)>);

impl<T> Unfit<T> {
    /// The value that never is.
    pub fn take(self) -> T {
        match self.0 {}
    }
}

impl<T: ?Sized> Deref for Unfit<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self.0 {}
    }
}

/// The kind of a type that is no parameter; defaults are written as a `V`.
#[derive(Debug)]
pub struct Unknown<T: ?Sized, V>(PhantomData<fn(&T, V)>);

impl<T: ?Sized, V> Unknown<T, V> {
    /// The kind.
    pub(crate) const NEW: Self = Self(PhantomData);
}

impl<T: ?Sized + 'static, V: 'static> Kind for Unknown<T, V> {
    type Owned = Unfit<T>;
    type Value = V;
    type Held = Unfit<T>;
    const ROLE: Role = Role::Argument;

    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }

    fn needs(_: &mut Needs) {}

    fn read<'de, D: Deserializer<'de>>(_: D) -> Result<Option<Unfit<T>>, D::Error> {
        Ok(None)
    }

    fn read_text(_: &str) -> Result<Option<Unfit<T>>, TextError> {
        Ok(None)
    }

    fn absent() -> Option<Unfit<T>> {
        None
    }

    fn extract(_: &Context) -> impl Future<Output = Result<Option<Unfit<T>>, HandlerError>> + Send {
        std::future::ready(Ok(None))
    }

    fn own(_: V) -> Unfit<T> {
        unreachable!("a type that is no parameter does not compile")
    }

    fn hold(owned: Unfit<T>) -> Unfit<T> {
        owned
    }
}

/// A type that is asked for its kind, by method lookup on references to references to this.
#[derive(Debug)]
pub struct Probe<T: ?Sized>(PhantomData<fn(&T)>);

impl<T: ?Sized> Probe<T> {
    /// Asks about `T`.
    pub const NEW: Self = Self(PhantomData);
}

macro_rules! lookups {
    ($($(#[$doc:meta])* $trait:ident $method:ident [$($generics:tt)*] $receiver:ty => $kind:ty, $value:expr;)*) => {
        $(
            $(#[$doc])*
            pub trait $trait {
                /// The kind.
                type Kind: Kind;

                /// Finds it.
                fn $method(&self) -> Self::Kind;
            }

            impl<$($generics)*> $trait for $receiver {
                type Kind = $kind;

                fn $method(&self) -> Self::Kind {
                    $value
                }
            }
        )*
    };
}

lookups! {
    /// Finds extractors.
    ViaExtractor kind [T: FromCall + 'static] &&&&Probe<T> => Parameter<T, Extractor>, Parameter::NEW;
    /// Finds arguments.
    ViaArgument kind [T: Param<Argument> + ?Sized + 'static] &&&Probe<T> => Parameter<T, Argument>, Parameter::NEW;
    /// Finds `Args`.
    ViaWhole kind [T: DeserializeOwned + JsonSchema + Send + 'static] &&Probe<Args<T>> => Parameter<Args<T>, Whole>, Parameter::NEW;
    /// Finds nothing that fits.
    ViaNothing kind [T: 'static] &Probe<T> => Unknown<T, T>, Unknown::NEW;
    /// Finds nothing that fits, and nothing to own.
    ViaUnsized kind [T: ?Sized + 'static] Probe<T> => Unknown<T, Infallible>, Unknown::NEW;
    /// Finds arguments only.
    OnlyArgument argument [T: Param<Argument> + ?Sized + 'static] &&Probe<T> => Parameter<T, Argument>, Parameter::NEW;
    /// Finds no argument.
    NoArgument argument [T: 'static] &Probe<T> => Unknown<T, T>, Unknown::NEW;
    /// Finds no argument, and nothing to own.
    NoUnsized argument [T: ?Sized + 'static] Probe<T> => Unknown<T, Infallible>, Unknown::NEW;
    /// Finds extractors only.
    OnlyExtractor extractor [T: FromCall + 'static] &Probe<T> => Parameter<T, Extractor>, Parameter::NEW;
    /// Finds no extractor.
    NoExtractor extractor [T: ?Sized + 'static] Probe<T> => Unknown<T, Infallible>, Unknown::NEW;
}
