use std::{fmt, ops::RangeBounds};

use schemars::Schema;
use serde_json::Value;

use super::{
    field::Field,
    kind::Kind,
    limits::{HasLength, InRange, Limit, Limited, Measured, Number, OneOf},
};

/// One parameter of a handler, with all that is known of it.
pub struct Slot<K: Kind> {
    pub(super) field: Field,
    pub(super) rules: Rules<K::Owned>,
}

impl<K: Kind> Slot<K> {
    /// The value where none was given.
    pub(super) fn absent(&self) -> Option<K::Owned> {
        self.rules.default.as_ref().map(|default| default()).or_else(K::absent)
    }
}

/// Default and limits of an argument.
pub(super) struct Rules<T> {
    default: Option<Box<dyn Fn() -> T + Send + Sync>>,
    shown: Option<Value>,
    limits: Vec<Box<dyn Limit<T>>>,
}

impl<T> Rules<T> {
    /// What the first limit wants that the value breaks.
    pub(super) fn broken(&self, value: &T) -> Option<String> {
        self.limits.iter().find(|limit| !limit.admits(value)).map(|limit| limit.wanted())
    }

    /// Writes all of it into the schema of the type.
    pub(super) fn describe(&self, schema: &mut Schema) {
        let object = schema.ensure_object();
        for limit in &self.limits {
            limit.describe(object);
        }
        if let Some(shown) = &self.shown {
            object.insert("default".to_owned(), shown.clone());
        }
    }
}

impl<K: Kind> fmt::Debug for Slot<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("field", &self.field).finish_non_exhaustive()
    }
}

/// A parameter of this kind.
pub fn slot<K: Kind>(kind: K, field: Field) -> Slot<K> {
    let _ = kind;
    Slot { field, rules: Rules { default: None, shown: None, limits: Vec::new() } }
}

/// `#[arg(default = ..)]`; `shown` writes the default as JSON, if its type can be written.
pub fn default<K: Kind>(
    mut slot: Slot<K>,
    default: impl Fn() -> K::Value + Send + Sync + 'static,
    shown: impl FnOnce(&K::Value) -> Option<Value>,
) -> Slot<K> {
    slot.rules.shown = shown(&default());
    slot.rules.default = Some(Box::new(move || K::own(default())));
    slot
}

/// `#[arg(range(..))]`
pub fn range<K: Kind>(
    mut slot: Slot<K>,
    range: impl RangeBounds<<K::Owned as Number>::Bound> + Send + Sync + 'static,
) -> Slot<K>
where
    K::Owned: Number,
{
    slot.rules.limits.push(Box::new(InRange(range)));
    slot
}

/// `#[arg(length(..))]`
pub fn length<K: Kind>(mut slot: Slot<K>, range: impl RangeBounds<usize> + Send + Sync + 'static) -> Slot<K>
where
    K::Owned: Measured,
{
    slot.rules.limits.push(Box::new(HasLength(range)));
    slot
}

/// `#[arg(enum(..))]`
pub fn one_of<K: Kind, const N: usize>(
    mut slot: Slot<K>,
    values: [<K::Owned as Limited>::Literal; N],
) -> Slot<K>
where
    K::Owned: Limited,
{
    slot.rules.limits.push(Box::new(OneOf(values)));
    slot
}
