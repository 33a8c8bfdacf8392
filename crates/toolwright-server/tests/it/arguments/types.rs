//! Types as authors of tools write them.
use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toolwright_server::arguments::schema;

/// Where and how to book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Booking {
    /// Show id, for example `hamlet-2026-12-01`.
    pub(super) show: String,
    /// How many seats.
    #[schemars(range(min = 1, max = 8))]
    pub(super) seats: u8,
    /// Row, A to Z.
    pub(super) row: Option<char>,
    pub(super) class: Option<Class>,
    #[serde(default)]
    #[schemars(length(max = 3))]
    pub(super) guests: Vec<Guest>,
    #[serde(default)]
    pub(super) notes: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) aisle: bool,
    pub(super) discount: Option<f32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Class {
    Stalls,
    Balcony,
    Box,
}

/// Someone who comes along.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Guest {
    /// Full name.
    #[schemars(length(min = 1, max = 40))]
    pub(super) name: String,
    pub(super) age: u8,
    pub(super) contact: Option<Contact>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Contact {
    Mail { address: String },
    Phone { number: String, extension: Option<u16> },
    None,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) enum Shape {
    Circle { radius: f64 },
    Square(f64),
    Line((i32, i32), (i32, i32)),
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum When {
    Timestamp(i64),
    Text(String),
    Range { from: i64, to: i64 },
}

/// A folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Folder {
    pub(super) name: String,
    pub(super) folders: Vec<Folder>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Drawing {
    pub(super) shapes: Vec<Shape>,
    pub(super) when: Option<When>,
    pub(super) bounds: Option<(i8, i8)>,
    #[serde(default)]
    pub(super) layers: HashMap<i32, String>,
    pub(super) root: Option<Box<Folder>>,
    #[serde(default)]
    pub(super) scale: Scale,
}

/// How large one unit is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Scale {
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub(super) factor: f64,
    pub(super) step: std::num::NonZeroU8,
}

impl Default for Scale {
    fn default() -> Self {
        Self { factor: 1.0, step: std::num::NonZeroU8::MIN }
    }
}

/// The schema of `T` as an argument.
pub(super) fn input<T: JsonSchema>() -> serde_json::Value {
    let mut generator = schema::generator();
    let root = generator.subschema_for::<T>();
    schema::finish(root, &generator)
}

/// The schema of `T` as a result.
pub(super) fn output<T: JsonSchema>() -> serde_json::Value {
    let mut generator = schema::output_generator();
    let root = generator.subschema_for::<T>();
    schema::finish(root, &generator)
}
