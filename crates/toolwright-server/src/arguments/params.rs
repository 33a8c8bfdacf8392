use std::{future::Future, marker::PhantomData};

use schemars::{Schema, SchemaGenerator};
use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess},
};

use super::{field::Field, kind::Kind, limits::broken, param::Role, slot::Slot, text::TextError};
use crate::{Context, HandlerError, extract::Needs};

/// The parameters of a handler: a tuple of slots.
pub trait Params: Send + Sync + 'static {
    /// The arguments that were read so far.
    type Slots: Send;
    /// What the handler is given.
    type Values: Send + 'static;
    /// Whether one of them holds all arguments at once.
    const WHOLE: bool;

    /// Nothing read yet.
    fn empty() -> Self::Slots;

    /// The position of the parameter of this name.
    fn index(&self, name: &str) -> Option<usize>;

    /// Reads the value of the parameter at `index`.
    ///
    /// # Errors
    /// When the JSON is of another shape.
    fn read_member<'de, A: MapAccess<'de>>(
        &self,
        index: usize,
        map: &mut A,
        slots: &mut Self::Slots,
    ) -> Result<(), A::Error>;

    /// Reads the value of the parameter at `index` from text.
    ///
    /// # Errors
    /// When the text does not say such a value.
    fn read_text(&self, index: usize, text: &str, slots: &mut Self::Slots) -> Result<(), TextError>;

    /// Reads all arguments into the parameter that holds them.
    ///
    /// # Errors
    /// When the JSON is of another shape.
    fn read_whole<'de, D: Deserializer<'de>>(
        &self,
        deserializer: D,
        slots: &mut Self::Slots,
    ) -> Result<(), D::Error>;

    /// Fills in what was not given, and checks limits.
    ///
    /// # Errors
    /// For an argument that is missing, or one that breaks a limit.
    fn complete<E: Error>(&self, slots: &mut Self::Slots) -> Result<(), E>;

    /// Runs the extractors, in order, and hands out all values.
    ///
    /// # Errors
    /// The first extractor's that fails.
    fn finish(
        &self,
        slots: Self::Slots,
        context: &Context,
    ) -> impl Future<Output = Result<Self::Values, HandlerError>> + Send;

    /// All values, where none comes from an extractor.
    fn values(slots: Self::Slots) -> Option<Self::Values>;

    /// The state that extractors need.
    fn needs(&self, needs: &mut Needs);

    /// Shows each parameter in order.
    fn describe(&self, generator: &mut SchemaGenerator, show: &mut dyn FnMut(Described<'_>));
}

/// What a schema or a list of prompt arguments says of a parameter.
#[derive(Debug)]
pub struct Described<'a> {
    /// Where the value comes from.
    pub role: Role,
    /// Name and description.
    pub field: &'a Field,
    /// The schema of an argument, limits and descriptions included.
    pub schema: Option<Schema>,
    /// Whether a call without it fails.
    pub required: bool,
}

/// Describes one slot.
fn describe<K: Kind>(slot: &Slot<K>, generator: &mut SchemaGenerator, show: &mut dyn FnMut(Described<'_>)) {
    let schema = K::schema(generator).map(|mut schema| {
        if K::ROLE == Role::Argument {
            slot.rules.describe(&mut schema);
            slot.field.describe(&mut schema);
        }
        schema
    });
    let required = K::ROLE == Role::Argument && slot.absent().is_none();
    show(Described { role: K::ROLE, field: &slot.field, schema, required });
}

/// Fills in one slot, and checks it.
fn complete<K: Kind, E: Error>(slot: &Slot<K>, owned: &mut Option<K::Owned>) -> Result<(), E> {
    if K::ROLE != Role::Argument {
        return Ok(());
    }
    let name = slot.field.name;
    match owned {
        Some(value) => match slot.rules.broken(value) {
            Some(wanted) => Err(broken(name, &wanted)),
            None => Ok(()),
        },
        None => {
            *owned = slot.absent();
            if owned.is_none() { Err(E::missing_field(name)) } else { Ok(()) }
        }
    }
}

/// The value of one slot.
async fn finish<K: Kind>(
    slot: &Slot<K>,
    owned: Option<K::Owned>,
    context: &Context,
) -> Result<K::Held, HandlerError> {
    let owned = match K::ROLE {
        Role::Extractor => K::extract(context).await?,
        Role::Argument | Role::Whole => owned,
    };
    let owned = owned.ok_or_else(|| format!("the parameter `{}` has no value", slot.field.name))?;
    Ok(K::hold(owned))
}

/// Lets a map hand its value to a slot.
struct Member<K>(PhantomData<K>);

impl<'de, K: Kind> DeserializeSeed<'de> for Member<K> {
    type Value = Option<K::Owned>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        K::read(deserializer)
    }
}

macro_rules! tuples {
    ($($slot:ident $index:tt),*) => {
        #[allow(unused_variables, clippy::unused_unit, reason = "the empty tuple uses nothing")]
        impl<$($slot: Kind),*> Params for ($(Slot<$slot>,)*) {
            type Slots = ($(Option<$slot::Owned>,)*);
            type Values = ($($slot::Held,)*);
            const WHOLE: bool = false $(|| matches!($slot::ROLE, Role::Whole))*;

            fn empty() -> Self::Slots {
                ($(None::<$slot::Owned>,)*)
            }

            fn index(&self, name: &str) -> Option<usize> {
                $(
                    if !name.is_empty() && self.$index.field.name == name {
                        return Some($index);
                    }
                )*
                None
            }

            fn read_member<'de, A: MapAccess<'de>>(
                &self,
                index: usize,
                map: &mut A,
                slots: &mut Self::Slots,
            ) -> Result<(), A::Error> {
                match index {
                    $($index => slots.$index = map.next_value_seed(Member::<$slot>(PhantomData))?,)*
                    _ => {}
                }
                Ok(())
            }

            fn read_text(&self, index: usize, text: &str, slots: &mut Self::Slots) -> Result<(), TextError> {
                match index {
                    $($index => slots.$index = $slot::read_text(text)?,)*
                    _ => {}
                }
                Ok(())
            }

            fn read_whole<'de, D: Deserializer<'de>>(
                &self,
                deserializer: D,
                slots: &mut Self::Slots,
            ) -> Result<(), D::Error> {
                $(
                    if matches!($slot::ROLE, Role::Whole) {
                        slots.$index = $slot::read(deserializer)?;
                        return Ok(());
                    }
                )*
                Ok(())
            }

            fn complete<Err: Error>(&self, slots: &mut Self::Slots) -> Result<(), Err> {
                $(complete(&self.$index, &mut slots.$index)?;)*
                Ok(())
            }

            async fn finish(&self, slots: Self::Slots, context: &Context) -> Result<Self::Values, HandlerError> {
                Ok(($(finish(&self.$index, slots.$index, context).await?,)*))
            }

            fn values(slots: Self::Slots) -> Option<Self::Values> {
                Some(($($slot::hold(slots.$index?),)*))
            }

            fn needs(&self, needs: &mut Needs) {
                $($slot::needs(needs);)*
            }

            fn describe(&self, generator: &mut SchemaGenerator, show: &mut dyn FnMut(Described<'_>)) {
                $(describe(&self.$index, generator, show);)*
            }
        }
    };
}

tuples!();
tuples!(S0 0);
tuples!(S0 0, S1 1);
tuples!(S0 0, S1 1, S2 2);
tuples!(S0 0, S1 1, S2 2, S3 3);
tuples!(S0 0, S1 1, S2 2, S3 3, S4 4);
tuples!(S0 0, S1 1, S2 2, S3 3, S4 4, S5 5);
tuples!(S0 0, S1 1, S2 2, S3 3, S4 4, S5 5, S6 6);
tuples!(S0 0, S1 1, S2 2, S3 3, S4 4, S5 5, S6 6, S7 7);
tuples!(S0 0, S1 1, S2 2, S3 3, S4 4, S5 5, S6 6, S7 7, S8 8);
tuples!(S0 0, S1 1, S2 2, S3 3, S4 4, S5 5, S6 6, S7 7, S8 8, S9 9);
tuples!(S0 0, S1 1, S2 2, S3 3, S4 4, S5 5, S6 6, S7 7, S8 8, S9 9, S10 10);
tuples!(S0 0, S1 1, S2 2, S3 3, S4 4, S5 5, S6 6, S7 7, S8 8, S9 9, S10 10, S11 11);
tuples!(S0 0, S1 1, S2 2, S3 3, S4 4, S5 5, S6 6, S7 7, S8 8, S9 9, S10 10, S11 11, S12 12);
tuples!(S0 0, S1 1, S2 2, S3 3, S4 4, S5 5, S6 6, S7 7, S8 8, S9 9, S10 10, S11 11, S12 12, S13 13);
tuples!(S0 0, S1 1, S2 2, S3 3, S4 4, S5 5, S6 6, S7 7, S8 8, S9 9, S10 10, S11 11, S12 12, S13 13, S14 14);
tuples!(S0 0, S1 1, S2 2, S3 3, S4 4, S5 5, S6 6, S7 7, S8 8, S9 9, S10 10, S11 11, S12 12, S13 13, S14 14, S15 15);
