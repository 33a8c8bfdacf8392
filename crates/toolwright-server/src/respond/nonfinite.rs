//! Finds the number in a value that JSON cannot express. Runs after the value was written, and only if that left a `null`.
use std::fmt::{self, Display};

use serde::ser::{
    Error, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use crate::arguments::check::Path;

/// The path of the first NaN or infinity in `value`, and which of them it is.
pub(super) fn find<T: Serialize + ?Sized>(value: &T) -> Option<(String, f64)> {
    match value.serialize(Search) {
        Err(Stop::Found { steps, number }) => {
            let path = steps.iter().rev().fold("$".to_owned(), |path, step| match step {
                Step::Member(name) => path + &Path::Root.member(name).to_string()[1..],
                Step::Item(index) => format!("{path}[{index}]"),
            });
            Some((path, number))
        }
        Ok(()) | Err(Stop::Failed) => None,
    }
}

enum Step {
    Member(String),
    Item(usize),
}

/// Why the search ended before the end of the value.
enum Stop {
    /// A number was found; the steps lead from it to the root.
    Found { steps: Vec<Step>, number: f64 },
    /// The value refused to be written.
    Failed,
}

impl Stop {
    fn inside(self, step: impl FnOnce() -> Step) -> Self {
        match self {
            Self::Found { mut steps, number } => {
                steps.push(step());
                Self::Found { steps, number }
            }
            Self::Failed => Self::Failed,
        }
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stop")
    }
}

impl Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the search ended")
    }
}

impl std::error::Error for Stop {}

impl Error for Stop {
    fn custom<T: Display>(_: T) -> Self {
        Self::Failed
    }
}

struct Search;

/// The inside of an array or object, and where in it the search is.
struct Inside {
    index: usize,
    /// The member around the items of a variant: `{"Circle": [..]}`.
    variant: Option<&'static str>,
    key: Option<String>,
}

impl Inside {
    fn new(variant: Option<&'static str>) -> Self {
        Self { index: 0, variant, key: None }
    }

    fn around(&self, stop: Stop) -> Stop {
        match self.variant {
            Some(variant) => stop.inside(|| Step::Member(variant.to_owned())),
            None => stop,
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
        let index = self.index;
        self.index += 1;
        value.serialize(Search).map_err(|stop| self.around(stop.inside(|| Step::Item(index))))
    }

    fn member<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Stop> {
        value.serialize(Search).map_err(|stop| self.around(stop.inside(|| Step::Member(name.to_owned()))))
    }
}

fn finite(number: f64) -> Result<(), Stop> {
    if number.is_finite() { Ok(()) } else { Err(Stop::Found { steps: Vec::new(), number }) }
}

macro_rules! nothing_to_find {
    ($($method:ident($($type:ty),*);)*) => {
        $(fn $method(self, $(_: $type),*) -> Result<(), Stop> { Ok(()) })*
    };
}

impl Serializer for Search {
    type Ok = ();
    type Error = Stop;
    type SerializeSeq = Inside;
    type SerializeTuple = Inside;
    type SerializeTupleStruct = Inside;
    type SerializeTupleVariant = Inside;
    type SerializeMap = Inside;
    type SerializeStruct = Inside;
    type SerializeStructVariant = Inside;

    nothing_to_find! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_i128(i128);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_u128(u128);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(&'static str);
        serialize_unit_variant(&'static str, u32, &'static str);
    }

    fn serialize_f32(self, number: f32) -> Result<(), Stop> {
        finite(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<(), Stop> {
        finite(number)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Stop> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Stop> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Stop> {
        Inside::new(None).member(variant, value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Inside, Stop> {
        Ok(Inside::new(None))
    }

    fn serialize_tuple(self, _: usize) -> Result<Inside, Stop> {
        Ok(Inside::new(None))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Inside, Stop> {
        Ok(Inside::new(None))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Inside, Stop> {
        Ok(Inside::new(Some(variant)))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Inside, Stop> {
        Ok(Inside::new(None))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Inside, Stop> {
        Ok(Inside::new(None))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Inside, Stop> {
        Ok(Inside::new(Some(variant)))
    }
}

macro_rules! items {
    ($($trait:ident $method:ident;)*) => {
        $(impl $trait for Inside {
            type Ok = ();
            type Error = Stop;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
                self.item(value)
            }

            fn end(self) -> Result<(), Stop> {
                Ok(())
            }
        })*
    };
}

items! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

macro_rules! members {
    ($($trait:ident;)*) => {
        $(impl $trait for Inside {
            type Ok = ();
            type Error = Stop;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Stop> {
                self.member(name, value)
            }

            fn end(self) -> Result<(), Stop> {
                Ok(())
            }
        })*
    };
}

members! {
    SerializeStruct;
    SerializeStructVariant;
}

impl SerializeMap for Inside {
    type Ok = ();
    type Error = Stop;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Stop> {
        // Whatever can be the key of a JSON object is a string once it is JSON, or reads like one.
        self.key = match serde_json::to_value(key) {
            Ok(serde_json::Value::String(name)) => Some(name),
            Ok(other) => Some(other.to_string()),
            Err(_) => None,
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
        let key = self.key.take().unwrap_or_default();
        value.serialize(Search).map_err(|stop| stop.inside(|| Step::Member(key)))
    }

    fn end(self) -> Result<(), Stop> {
        Ok(())
    }
}
