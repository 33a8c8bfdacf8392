use std::{future::Future, marker::PhantomData};

use schemars::{Schema, SchemaGenerator};
use serde::Deserializer;

use super::ElicitField;
use crate::{
    Context, HandlerError,
    arguments::{
        kind::{Held, Kind, Probe, Unknown},
        param::Role,
        slot::{Slot, default},
        text::TextError,
    },
    extract::Needs,
};

/// Asks whether a form can have a field of this type.
pub const fn answer<T: ElicitField>() -> Role {
    Role::Argument
}

/// The kind of a form's field.
#[derive(Debug)]
pub struct Answer<T>(PhantomData<fn() -> T>);

impl<T> Answer<T> {
    pub(super) const NEW: Self = Self(PhantomData);
}

impl<T: ElicitField> Kind for Answer<T> {
    type Owned = T;
    type Value = T;
    type Held = Held<T>;
    const ROLE: Role = Role::Argument;

    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        Schema::try_from(T::schema()).ok()
    }

    fn needs(_: &mut Needs) {}

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        T::read(deserializer).map(Some)
    }

    fn read_text(_: &str) -> Result<Option<T>, TextError> {
        Ok(None)
    }

    fn absent() -> Option<T> {
        T::absent()
    }

    fn extract(_: &Context) -> impl Future<Output = Result<Option<T>, HandlerError>> + Send {
        std::future::ready(Ok(None))
    }

    fn own(value: T) -> T {
        value
    }

    fn hold(owned: T) -> Held<T> {
        Held::new(owned)
    }
}

/// Finds fields of forms.
pub trait OnlyAnswer {
    /// The kind.
    type Kind: Suggest;

    /// Finds it.
    fn answer(&self) -> Self::Kind;
}

impl<T: ElicitField> OnlyAnswer for &Probe<T> {
    type Kind = Answer<T>;

    fn answer(&self) -> Answer<T> {
        Answer::NEW
    }
}

/// Finds nothing that fits.
pub trait NoAnswer {
    /// The kind.
    type Kind: Suggest;

    /// Finds it.
    fn answer(&self) -> Self::Kind;
}

impl<T: 'static> NoAnswer for Probe<T> {
    type Kind = Unknown<T, T>;

    fn answer(&self) -> Unknown<T, T> {
        Unknown::NEW
    }
}

/// A kind whose defaults can be shown.
pub trait Suggest: Kind {
    /// The default as an answer.
    fn shown(value: &Self::Value) -> Option<serde_json::Value>;
}

impl<T: ElicitField> Suggest for Answer<T> {
    fn shown(value: &T) -> Option<serde_json::Value> {
        Some(value.to_value()).filter(|value| !value.is_null())
    }
}

impl<T: 'static> Suggest for Unknown<T, T> {
    fn shown(_: &T) -> Option<serde_json::Value> {
        None
    }
}

/// `#[arg(default = ..)]` on a field: what the form has filled in already.
pub fn suggestion<K: Suggest>(
    slot: Slot<K>,
    value: impl Fn() -> K::Value + Send + Sync + 'static,
) -> Slot<K> {
    default(slot, value, K::shown)
}
