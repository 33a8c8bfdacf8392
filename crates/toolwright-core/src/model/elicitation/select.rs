use serde::{Deserialize, Serialize};

use super::primitive::StringType;
use crate::model::macros::{constant, setters};

constant!(ArrayType = "array");

/// A choice with a name for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Choice {
    /// The value.
    pub r#const: String,
    /// The name for people.
    pub title: String,
}

impl Choice {
    /// The choice `value`, shown as `title`.
    pub fn new(value: impl Into<String>, title: impl Into<String>) -> Self {
        Self { r#const: value.into(), title: title.into() }
    }
}

impl<V: Into<String>, T: Into<String>> From<(V, T)> for Choice {
    fn from((value, title): (V, T)) -> Self {
        Self::new(value, title)
    }
}

/// One choice of several, without names for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SingleSelectSchema {
    #[serde(rename = "type")]
    kind: StringType,
    /// The name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What to choose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The choices.
    pub r#enum: Vec<String>,
    /// What is chosen beforehand.
    #[serde(rename = "default", skip_serializing_if = "Option::is_none")]
    pub default_value: Option<String>,
}

setters!(SingleSelectSchema {
    into title: String,
    into description: String,
    into default_value: String,
});

impl SingleSelectSchema {
    /// One of `choices`.
    pub fn new(choices: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { r#enum: choices.into_iter().map(Into::into).collect(), ..Self::default() }
    }
}

/// One choice of several, with names for people; from 2025-11-25 on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TitledSingleSelectSchema {
    #[serde(rename = "type")]
    kind: StringType,
    /// The name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What to choose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The choices.
    pub one_of: Vec<Choice>,
    /// What is chosen beforehand.
    #[serde(rename = "default", skip_serializing_if = "Option::is_none")]
    pub default_value: Option<String>,
}

setters!(TitledSingleSelectSchema {
    into title: String,
    into description: String,
    into default_value: String,
});

impl TitledSingleSelectSchema {
    /// One of `choices`.
    pub fn new(choices: impl IntoIterator<Item = impl Into<Choice>>) -> Self {
        Self { one_of: choices.into_iter().map(Into::into).collect(), ..Self::default() }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Items {
    r#type: StringType,
    r#enum: Vec<String>,
}

/// Any number of choices, without names for people; from 2025-11-25 on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MultiSelectSchema {
    #[serde(rename = "type")]
    kind: ArrayType,
    /// The name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What to choose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The least number of choices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_items: Option<u64>,
    /// The greatest number of choices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u64>,
    items: Items,
    /// What is chosen beforehand.
    #[serde(rename = "default", skip_serializing_if = "Option::is_none")]
    pub default_value: Option<Vec<String>>,
}

setters!(MultiSelectSchema {
    into title: String,
    into description: String,
    set min_items: u64,
    set max_items: u64,
    list default_value: String,
});

impl MultiSelectSchema {
    /// Any of `choices`.
    pub fn new(choices: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let choices = choices.into_iter().map(Into::into).collect();
        Self { items: Items { r#enum: choices, ..Items::default() }, ..Self::default() }
    }

    /// The choices.
    pub fn choices(&self) -> &[String] {
        &self.items.r#enum
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TitledItems {
    any_of: Vec<Choice>,
}

/// Any number of choices, with names for people; from 2025-11-25 on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TitledMultiSelectSchema {
    #[serde(rename = "type")]
    kind: ArrayType,
    /// The name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What to choose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The least number of choices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_items: Option<u64>,
    /// The greatest number of choices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u64>,
    items: TitledItems,
    /// What is chosen beforehand.
    #[serde(rename = "default", skip_serializing_if = "Option::is_none")]
    pub default_value: Option<Vec<String>>,
}

setters!(TitledMultiSelectSchema {
    into title: String,
    into description: String,
    set min_items: u64,
    set max_items: u64,
    list default_value: String,
});

impl TitledMultiSelectSchema {
    /// Any of `choices`.
    pub fn new(choices: impl IntoIterator<Item = impl Into<Choice>>) -> Self {
        let any_of = choices.into_iter().map(Into::into).collect();
        Self { items: TitledItems { any_of }, ..Self::default() }
    }

    /// The choices.
    pub fn choices(&self) -> &[Choice] {
        &self.items.any_of
    }
}

/// One choice of several, with names for people in a list beside; how 2025-06-18 writes it, deprecated since.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LegacyEnumSchema {
    #[serde(rename = "type")]
    kind: StringType,
    /// The name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What to choose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The choices.
    pub r#enum: Vec<String>,
    /// The names for people, in the order of the choices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enum_names: Option<Vec<String>>,
    /// What is chosen beforehand, from 2025-11-25 on.
    #[serde(rename = "default", skip_serializing_if = "Option::is_none")]
    pub default_value: Option<String>,
}

setters!(LegacyEnumSchema {
    into title: String,
    into description: String,
    list enum_names: String,
    into default_value: String,
});

impl LegacyEnumSchema {
    /// One of `choices`.
    pub fn new(choices: impl IntoIterator<Item = impl Into<Choice>>) -> Self {
        let (values, names) = choices
            .into_iter()
            .map(|choice| {
                let Choice { r#const, title } = choice.into();
                (r#const, title)
            })
            .unzip();
        Self { r#enum: values, enum_names: Some(names), ..Self::default() }
    }
}
