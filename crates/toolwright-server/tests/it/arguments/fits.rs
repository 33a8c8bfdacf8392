//! Whatever a type reads, the schema derived from it allows.
use std::collections::{BTreeMap, HashMap};

use proptest::{collection::vec, option, prelude::*};
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use toolwright_server::arguments::{check::check, coerce::coerce};

use super::types::{Booking, Class, Contact, Drawing, Folder, Guest, Scale, Shape, When, input, output};

fn contact() -> impl Strategy<Value = Contact> {
    prop_oneof![
        ".{0,9}".prop_map(|address| Contact::Mail { address }),
        (".{0,9}", option::of(any::<u16>()))
            .prop_map(|(number, extension)| Contact::Phone { number, extension }),
        Just(Contact::None),
    ]
}

fn guest() -> impl Strategy<Value = Guest> {
    (".{1,40}", any::<u8>(), option::of(contact())).prop_map(|(name, age, contact)| Guest {
        name,
        age,
        contact,
    })
}

fn booking() -> impl Strategy<Value = Booking> {
    let class = prop_oneof![Just(Class::Stalls), Just(Class::Balcony), Just(Class::Box)];
    (
        (".*", 1..=8_u8, option::of(any::<char>()), option::of(class)),
        (
            vec(guest(), 0..=3),
            any::<BTreeMap<String, String>>(),
            any::<bool>(),
            option::of(any::<i8>().prop_map(f32::from)),
        ),
    )
        .prop_map(|((show, seats, row, class), (guests, notes, aisle, discount))| Booking {
            show,
            seats,
            row,
            class,
            guests,
            notes,
            aisle,
            discount,
        })
}

/// Floats that survive JSON to the last bit, which not every float does in `serde_json`.
fn number() -> impl Strategy<Value = f64> {
    any::<i32>().prop_map(|number| f64::from(number) / 8.0)
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        number().prop_map(|radius| Shape::Circle { radius }),
        number().prop_map(Shape::Square),
        any::<((i32, i32), (i32, i32))>().prop_map(|(from, to)| Shape::Line(from, to)),
        Just(Shape::Nothing),
    ]
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        any::<i64>().prop_map(When::Timestamp),
        ".*".prop_map(When::Text),
        any::<(i64, i64)>().prop_map(|(from, to)| When::Range { from, to }),
    ]
}

fn folder() -> impl Strategy<Value = Folder> {
    let leaf = ".*".prop_map(|name| Folder { name, folders: Vec::new() });
    leaf.prop_recursive(4, 16, 3, |inner| {
        (".*", vec(inner, 0..3)).prop_map(|(name, folders)| Folder { name, folders })
    })
}

fn drawing() -> impl Strategy<Value = Drawing> {
    let scale = (1..9_u8, any::<std::num::NonZeroU8>())
        .prop_map(|(factor, step)| Scale { factor: f64::from(factor) / 8.0, step });
    (
        vec(shape(), 0..4),
        option::of(when()),
        any::<Option<(i8, i8)>>(),
        any::<HashMap<i32, String>>(),
        option::of(folder()),
        scale,
    )
        .prop_map(|(shapes, when, bounds, layers, root, scale)| Drawing {
            shapes,
            when,
            bounds,
            layers,
            root: root.map(Box::new),
            scale,
        })
}

/// The schemas of `T` allow `value`, and so no second chance changes its meaning.
fn fits<T>(value: &T)
where
    T: Serialize + DeserializeOwned + JsonSchema + PartialEq + std::fmt::Debug,
{
    let json = serde_json::to_value(value).unwrap();
    assert_eq!(check(&input::<T>(), &json), [], "{json}");
    assert_eq!(check(&output::<T>(), &json), [], "{json}");
    if let Some(changed) = coerce(&input::<T>(), json.to_string().as_bytes()) {
        assert_eq!(&serde_json::from_slice::<T>(&changed).unwrap(), value);
    }
}

/// Small changes to a value: members left out, values replaced, texts in place of values.
fn mutate(json: &mut Value, choices: &mut impl Iterator<Item = u8>) {
    match choices.next().unwrap_or_default() % 8 {
        0 => *json = Value::Null,
        1 => *json = json.to_string().into(),
        2 => *json = 7.into(),
        3 => *json = Value::Array(vec![json.take()]),
        _ => match json {
            Value::Object(members) if !members.is_empty() => {
                let index = usize::from(choices.next().unwrap_or_default()) % members.len();
                let name = members.keys().nth(index).unwrap().clone();
                match choices.next().unwrap_or_default() % 3 {
                    0 => drop(members.remove(&name)),
                    _ => mutate(&mut members[&name], choices),
                }
            }
            Value::Array(items) if !items.is_empty() => {
                let index = usize::from(choices.next().unwrap_or_default()) % items.len();
                mutate(&mut items[index], choices);
            }
            _ => {}
        },
    }
}

/// If `T` reads the changed value, its schema allows it.
fn agrees<T: Serialize + DeserializeOwned + JsonSchema>(value: &T, choices: &[u8]) {
    let mut json = serde_json::to_value(value).unwrap();
    mutate(&mut json, &mut choices.iter().copied());
    if serde_json::from_value::<T>(json.clone()).is_ok() {
        let mistakes = check(&input::<T>(), &json);
        // Limits that only the schema has are not the reader's to know.
        assert!(mistakes.iter().all(|mistake| mistake.text.contains("characters")), "{json}: {mistakes:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_fit_the_schemas_of_their_types(booking in booking(), drawing in drawing()) {
        fits(&booking);
        fits(&drawing);
    }

    #[test]
    fn what_a_type_reads_its_schema_allows(
        guest in guest(), drawing in drawing(), choices in vec(any::<u8>(), 1..12),
    ) {
        agrees(&guest, &choices);
        agrees(&drawing, &choices);
    }

    #[test]
    fn no_schema_and_no_arguments_make_it_panic(
        schema in "\\PC*", keywords in vec(0..20_usize, 0..4), text in "\\PC*",
    ) {
        const KEYWORDS: [&str; 20] = [
            "type", "enum", "const", "minimum", "multipleOf", "minLength", "required", "properties", "items", "prefixItems",
            "anyOf", "oneOf", "allOf", "not", "$ref", "$defs", "additionalProperties", "patternProperties", "default", "x",
        ];
        let mut value = Value::from(schema);
        for keyword in keywords {
            value = match keyword % 3 {
                0 => serde_json::json!({ KEYWORDS[keyword]: value }),
                1 => serde_json::json!({ KEYWORDS[keyword]: [value] }),
                _ => serde_json::json!({ KEYWORDS[keyword]: { "a": value } }),
            };
        }
        for arguments in [text.clone(), serde_json::json!({ "a": text }).to_string()] {
            let _ = coerce(&value, arguments.as_bytes());
            let _ = toolwright_server::arguments::diagnose::diagnose(&value, arguments.as_bytes(), &text);
        }
    }
}
