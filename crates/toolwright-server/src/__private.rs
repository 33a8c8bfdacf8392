//! What the expansions of the macros call. Not public API.
pub use std::sync::Arc;

pub use schemars;
pub use serde;
pub use serde_json;
pub use toolwright_core::model::{Annotations, Icon, Meta, Role as Audience, ToolAnnotations};
use toolwright_core::model::{CacheHint, CacheScope};

pub use crate::{
    __default_json as default_json, __kind as kind, Completion, HandlerError, Prompt, Resource, Tool,
    arguments::{
        args::Whole,
        field::Field,
        kind::{
            NoArgument, NoExtractor, NoUnsized, OnlyArgument, OnlyExtractor, Probe, ViaArgument,
            ViaExtractor, ViaNothing, ViaUnsized, ViaWhole,
        },
        limits,
        param::{Role, argument, extractor, nameless, outside_template, parameter},
        slot::{default, length, one_of, range, slot},
    },
    component::{
        Components, DefineCompletion, DefinePrompt, DefineProvider, DefineResource, DefineTool, Requirement,
    },
    elicit::{
        Choice, Elicit, ElicitChoice, Form,
        parts::{NoAnswer, OnlyAnswer, answer, suggestion},
    },
    handler::parts::{
        Completes, Outcome, Returned, completion, has_argument, names_without_args, prompt, resource, tool,
    },
};

/// A leaf of JSON.
pub fn value(value: impl Into<serde_json::Value>) -> serde_json::Value {
    value.into()
}

/// A list of JSON.
pub fn list<const N: usize>(items: [serde_json::Value; N]) -> serde_json::Value {
    serde_json::Value::Array(items.into())
}

/// An object of JSON.
pub fn object<const N: usize>(members: [(&str, serde_json::Value); N]) -> serde_json::Value {
    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Takes the greatest value of a number's type out of its schema, where a field has an excluded bound that is smaller.
pub fn without_maximum(schema: &mut schemars::Schema) {
    if schema.get("exclusiveMaximum").is_some() {
        schema.remove("maximum");
    }
}

/// How long a resource may be kept, and by whom.
pub fn cache(millis: u64, public: bool) -> CacheHint {
    CacheHint::new(millis, if public { CacheScope::Public } else { CacheScope::Private })
}

/// Stops the compiler where `Args` is not the only argument.
///
/// # Panics
/// In a constant, which is a compile error.
pub const fn args_stand_alone(roles: &[Role], two: &str, beside: &str) {
    let (mut wholes, mut arguments, mut index) = (0, 0, 0);
    while index < roles.len() {
        match roles[index] {
            Role::Whole => wholes += 1,
            Role::Argument => arguments += 1,
            Role::Extractor => {}
        }
        index += 1;
    }
    if wholes > 1 {
        panic!("{}", two);
    }
    if wholes == 1 && arguments > 0 {
        panic!("{}", beside);
    }
}

/// Stops the compiler where a variable has no parameter, and no `Args` takes it.
///
/// # Panics
/// In a constant, which is a compile error.
pub const fn args_take_variables(roles: &[Role], text: &str) {
    let mut index = 0;
    while index < roles.len() {
        if matches!(roles[index], Role::Whole) {
            return;
        }
        index += 1;
    }
    panic!("{}", text);
}

/// A value that may be written as JSON: asked with [`default_json!`].
#[derive(Debug)]
pub struct Shown<'a, T>(pub &'a T);

/// For values that can be written.
pub trait Written {
    /// The JSON.
    fn json(&self) -> Option<serde_json::Value>;
}

impl<T: serde::Serialize> Written for Shown<'_, T> {
    fn json(&self) -> Option<serde_json::Value> {
        serde_json::to_value(self.0).ok()
    }
}

/// For all others.
pub trait Unwritten {
    /// Nothing.
    fn json(&self) -> Option<serde_json::Value>;
}

impl<T> Unwritten for &Shown<'_, T> {
    fn json(&self) -> Option<serde_json::Value> {
        None
    }
}

/// The JSON of a value, if its type can be written.
#[doc(hidden)]
#[macro_export]
macro_rules! __default_json {
    ($value:ident) => {{
        use $crate::__private::{Unwritten as _, Written as _};
        (&$crate::__private::Shown($value)).json()
    }};
}

/// Finds out by method lookup which kind of parameter a type is.
#[doc(hidden)]
#[macro_export]
macro_rules! __kind {
    ($method:ident $type:ty) => {{
        #[allow(unused_imports)]
        use $crate::__private::{
            NoAnswer as _, NoArgument as _, NoExtractor as _, NoUnsized as _, OnlyAnswer as _,
            OnlyArgument as _, OnlyExtractor as _, ViaArgument as _, ViaExtractor as _, ViaNothing as _,
            ViaUnsized as _, ViaWhole as _,
        };
        (&&&&&$crate::__private::Probe::<$type>::NEW).$method()
    }};
}
