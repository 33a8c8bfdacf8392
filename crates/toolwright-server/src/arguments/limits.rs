//! Limits that `#[arg]` puts on values: checked after the typed pass, without allocating unless one is broken.
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    fmt::{Debug, Display},
    ops::{Bound, RangeBounds},
};

use serde::{Serialize, de::Error};
use serde_json::{Map, Value};

/// A value that has a number to compare with a range.
#[diagnostic::on_unimplemented(
    message = "`range` needs a number, and `{Self}` is none",
    label = "not a number",
    note = "for strings and lists there is `length`"
)]
pub trait Number {
    /// The type of its bounds.
    type Bound: PartialOrd + Serialize + Debug + Send + Sync + 'static;

    /// The number, unless there is none.
    fn number(&self) -> Option<&Self::Bound>;
}

macro_rules! numbers {
    ($($type:ty)*) => {
        $(
            impl Number for $type {
                type Bound = $type;

                fn number(&self) -> Option<&$type> {
                    Some(self)
                }
            }
        )*
    };
}

numbers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64);

impl<T: Number> Number for Option<T> {
    type Bound = T::Bound;

    fn number(&self) -> Option<&T::Bound> {
        self.as_ref()?.number()
    }
}

/// A value that has a length: characters of a string, items of a list, members of a map.
#[diagnostic::on_unimplemented(
    message = "`length` needs a string, a list or a map, and `{Self}` is none",
    label = "has no length",
    note = "for numbers there is `range`"
)]
pub trait Measured {
    /// The keywords of a schema for the least and the greatest length.
    const KEYWORDS: (&'static str, &'static str);

    /// The length, unless there is nothing to measure.
    fn length(&self) -> Option<usize>;
}

macro_rules! measured {
    ($(($min:literal, $max:literal): $([$($generics:tt)*] $type:ty => |$value:ident| $length:expr;)*)*) => {
        $($(
            impl<$($generics)*> Measured for $type {
                const KEYWORDS: (&'static str, &'static str) = ($min, $max);

                fn length(&self) -> Option<usize> {
                    let $value = self;
                    Some($length)
                }
            }
        )*)*
    };
}

measured! {
    ("minLength", "maxLength"):
        [] String => |text| text.chars().count();
        [] Box<str> => |text| text.chars().count();
        ['a] Cow<'a, str> => |text| text.chars().count();
    ("minItems", "maxItems"):
        [T] Vec<T> => |list| list.len();
        [T] VecDeque<T> => |list| list.len();
        [T] BTreeSet<T> => |list| list.len();
        [T, S] HashSet<T, S> => |list| list.len();
    ("minProperties", "maxProperties"):
        [K, V] BTreeMap<K, V> => |map| map.len();
        [K, V, S] HashMap<K, V, S> => |map| map.len();
        [] Map<String, Value> => |map| map.len();
}

impl<T: Measured> Measured for Option<T> {
    const KEYWORDS: (&'static str, &'static str) = T::KEYWORDS;

    fn length(&self) -> Option<usize> {
        self.as_ref()?.length()
    }
}

/// A value that can be one of a few.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be limited to a list of values",
    label = "neither a string nor a number",
    note = "write an enum with `#[model]` instead"
)]
pub trait Limited {
    /// The type of the values in the list.
    type Literal: Serialize + Debug + Send + Sync + 'static;

    /// Whether this is that value; nothing is every value.
    fn is(&self, literal: &Self::Literal) -> bool;
}

macro_rules! limited {
    ($($type:ty => $literal:ty;)*) => {
        $(
            impl Limited for $type {
                type Literal = $literal;

                fn is(&self, literal: &$literal) -> bool {
                    *self == *literal
                }
            }
        )*
    };
}

limited! {
    String => &'static str;
    Cow<'_, str> => &'static str;
    char => char;
    bool => bool;
    i8 => i8; i16 => i16; i32 => i32; i64 => i64; isize => isize;
    u8 => u8; u16 => u16; u32 => u32; u64 => u64; usize => usize;
    f32 => f32; f64 => f64;
}

impl<T: Limited> Limited for Option<T> {
    type Literal = T::Literal;

    fn is(&self, literal: &T::Literal) -> bool {
        self.as_ref().is_none_or(|value| value.is(literal))
    }
}

/// A rule for values of a type.
pub(super) trait Limit<T>: Send + Sync {
    /// Whether the value keeps it.
    fn admits(&self, value: &T) -> bool;

    /// What it says, to be read behind "expected".
    fn wanted(&self) -> String;

    /// Writes it into the schema of the type.
    fn describe(&self, schema: &mut Map<String, Value>);
}

/// `range(..)`.
pub(super) struct InRange<R>(pub(super) R);

impl<T: Number, R: RangeBounds<T::Bound> + Send + Sync> Limit<T> for InRange<R> {
    fn admits(&self, value: &T) -> bool {
        value.number().is_none_or(|number| self.0.contains(number))
    }

    fn wanted(&self) -> String {
        format!("a number {}", words(&self.0))
    }

    fn describe(&self, schema: &mut Map<String, Value>) {
        bounds(schema, self.0.start_bound(), "minimum", "exclusiveMinimum");
        bounds(schema, self.0.end_bound(), "maximum", "exclusiveMaximum");
    }
}

fn bounds<T: Serialize>(schema: &mut Map<String, Value>, bound: Bound<&T>, included: &str, excluded: &str) {
    let (keyword, other, value) = match bound {
        Bound::Included(value) => (included, excluded, value),
        Bound::Excluded(value) => (excluded, included, value),
        Bound::Unbounded => return,
    };
    // The type's own bound is the wider one.
    schema.shift_remove(other);
    if let Ok(value) = serde_json::to_value(value) {
        schema.insert(keyword.to_owned(), value);
    }
}

fn words<T: Debug>(range: &impl RangeBounds<T>) -> String {
    let low = match range.start_bound() {
        Bound::Included(low) => Some(format!("from {low:?}")),
        Bound::Excluded(low) => Some(format!("above {low:?}")),
        Bound::Unbounded => None,
    };
    let high = match range.end_bound() {
        Bound::Included(high) => Some(format!("to {high:?}")),
        Bound::Excluded(high) => Some(format!("below {high:?}")),
        Bound::Unbounded => None,
    };
    [low, high].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// `length(..)`.
pub(super) struct HasLength<R>(pub(super) R);

impl<T: Measured, R: RangeBounds<usize> + Send + Sync> Limit<T> for HasLength<R> {
    fn admits(&self, value: &T) -> bool {
        value.length().is_none_or(|length| self.0.contains(&length))
    }

    fn wanted(&self) -> String {
        format!("a length {}", words(&self.0))
    }

    fn describe(&self, schema: &mut Map<String, Value>) {
        let (min, max) = T::KEYWORDS;
        let low = match self.0.start_bound() {
            Bound::Included(low) => Some(*low),
            Bound::Excluded(low) => Some(low.saturating_add(1)),
            Bound::Unbounded => None,
        };
        let high = match self.0.end_bound() {
            Bound::Included(high) => Some(*high),
            Bound::Excluded(high) => Some(high.saturating_sub(1)),
            Bound::Unbounded => None,
        };
        for (keyword, length) in [(min, low), (max, high)] {
            if let Some(length) = length {
                schema.insert(keyword.to_owned(), length.into());
            }
        }
    }
}

/// `enum(..)`.
pub(super) struct OneOf<L, const N: usize>(pub(super) [L; N]);

impl<T: Limited, const N: usize> Limit<T> for OneOf<T::Literal, N> {
    fn admits(&self, value: &T) -> bool {
        self.0.iter().any(|literal| value.is(literal))
    }

    fn wanted(&self) -> String {
        format!(
            "one of {}",
            self.0.iter().map(|literal| format!("{literal:?}")).collect::<Vec<_>>().join(", ")
        )
    }

    fn describe(&self, schema: &mut Map<String, Value>) {
        let values = self.0.iter().filter_map(|literal| serde_json::to_value(literal).ok()).collect();
        schema.insert("enum".to_owned(), Value::Array(values));
    }
}

fn keep<T, E: Error>(limit: &impl Limit<T>, value: &T, name: &str) -> Result<(), E> {
    match limit.admits(value) {
        true => Ok(()),
        false => Err(broken(name, &limit.wanted())),
    }
}

/// The error for a limit that a value breaks.
pub(super) fn broken<E: Error>(name: &str, wanted: &dyn Display) -> E {
    E::custom(format_args!("`{name}`: expected {wanted}"))
}

/// Checks a field of a `#[model]`.
///
/// # Errors
/// When the number is outside of the range.
pub fn range<T: Number, E: Error>(
    value: &T,
    range: impl RangeBounds<T::Bound> + Send + Sync,
    name: &str,
) -> Result<(), E> {
    keep(&InRange(range), value, name)
}

/// Checks a field of a `#[model]`.
///
/// # Errors
/// When it is shorter or longer.
pub fn length<T: Measured, E: Error>(
    value: &T,
    range: impl RangeBounds<usize> + Send + Sync,
    name: &str,
) -> Result<(), E> {
    keep(&HasLength(range), value, name)
}

/// Checks a field of a `#[model]`.
///
/// # Errors
/// When it is another value.
pub fn one_of<T: Limited, E: Error, const N: usize>(
    value: &T,
    values: [T::Literal; N],
    name: &str,
) -> Result<(), E> {
    keep(&OneOf(values), value, name)
}
