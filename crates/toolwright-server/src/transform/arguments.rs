use std::collections::BTreeSet;

use bytes::Bytes;
use serde_json::{Value, value::RawValue};
use toolwright_core::Raw;

use super::{input_schema, members::Members};
use crate::{
    HandlerError, Tool,
    arguments::{
        Arguments,
        check::{Path, check},
        diagnose::diagnose,
    },
    component::MapArguments,
};

/// Shows other arguments to callers than a tool takes: renamed, fixed, with defaults, hidden, described differently.
///
/// Arguments are named as the tool names them, in any order of calls. Of several things said about one argument the last
/// counts. The input schema changes with the arguments; its other keywords and the order of its members stay.
///
/// # Example
/// ```
/// use serde_json::json;
/// use toolwright_server::{Tool, transform::ArgumentMap};
///
/// let map = ArgumentMap::new().rename("q", "city").fix("units", json!("metric")).default_to("days", json!(3));
/// let schema = json!({
///     "type": "object",
///     "properties": { "q": { "type": "string" }, "units": { "type": "string" }, "days": { "type": "integer" } },
///     "required": ["q", "units", "days"],
/// });
/// let tool = map.apply(Tool::new("forecast").input_schema(schema)).unwrap();
/// assert_eq!(
///     tool.schema().read::<serde_json::Value>()?,
///     json!({
///         "type": "object",
///         "properties": { "city": { "type": "string" }, "days": { "type": "integer", "default": 3 } },
///         "required": ["city"],
///     }),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ArgumentMap {
    edits: Vec<(String, Edit)>,
}

/// What happens to one argument.
#[derive(Clone, Debug, Default)]
pub(super) struct Edit {
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) source: Source,
}

/// Where the tool gets the argument from.
#[derive(Clone, Debug, Default)]
pub(super) enum Source {
    /// From the caller.
    #[default]
    Caller,
    /// From the caller, or else this.
    Default(Raw),
    /// Always this.
    Fixed(Raw),
    /// From nobody.
    Nobody,
}

impl Edit {
    pub(super) fn is_hidden(&self) -> bool {
        matches!(self.source, Source::Fixed(_) | Source::Nobody)
    }
}

impl ArgumentMap {
    /// A map that changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Shows `argument` to callers as `name`.
    pub fn rename(self, argument: impl Into<String>, name: impl Into<String>) -> Self {
        self.edit(argument, |edit| edit.name = Some(name.into()))
    }

    /// Describes `argument` to callers differently.
    pub fn describe(self, argument: impl Into<String>, description: impl Into<String>) -> Self {
        self.edit(argument, |edit| edit.description = Some(description.into()))
    }

    /// Always passes `value` as `argument`, of which callers know nothing.
    pub fn fix(self, argument: impl Into<String>, value: impl Into<Raw>) -> Self {
        self.edit(argument, |edit| edit.source = Source::Fixed(value.into()))
    }

    /// Passes `value` as `argument` when a caller leaves it out.
    pub fn default_to(self, argument: impl Into<String>, value: impl Into<Raw>) -> Self {
        self.edit(argument, |edit| edit.source = Source::Default(value.into()))
    }

    /// Never passes `argument`, which the tool must be able to do without; callers know nothing of it.
    pub fn hide(self, argument: impl Into<String>) -> Self {
        self.edit(argument, |edit| edit.source = Source::Nobody)
    }

    fn edit(mut self, argument: impl Into<String>, change: impl FnOnce(&mut Edit)) -> Self {
        let argument = argument.into();
        let at = self.edits.iter().position(|(name, _)| *name == argument).unwrap_or_else(|| {
            self.edits.push((argument, Edit::default()));
            self.edits.len() - 1
        });
        change(&mut self.edits[at].1);
        self
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// `tool` as callers are to see it: its schema changed, and their arguments mapped before its handler gets them.
    ///
    /// # Errors
    /// What is wrong with the map for this tool, one text each: an argument that the tool does not take, two with one name, a
    /// hidden one that it requires, and so on.
    pub fn apply(&self, tool: Tool) -> Result<Tool, Vec<String>> {
        if self.is_empty() {
            return Ok(tool);
        }
        let problems = self.problems(&tool);
        if !problems.is_empty() {
            return Err(problems);
        }
        let schema = input_schema::outer(tool.schema(), &self.edits);
        let mapping = Mapping { edits: self.edits.clone(), schema: schema.clone() };
        Ok(tool.map_arguments(schema, mapping))
    }

    /// What is wrong with the map for this tool.
    pub(super) fn problems(&self, tool: &Tool) -> Vec<String> {
        input_schema::problems(tool.schema(), &self.edits)
            .into_iter()
            .map(|problem| format!("{}: {problem}", tool.key()))
            .collect()
    }
}

/// What [`diagnose`] begins with.
const INVALID: &str = "invalid arguments: ";

/// A map that fits the tool it belongs to.
struct Mapping {
    edits: Vec<(String, Edit)>,
    schema: Raw,
}

impl MapArguments for Mapping {
    fn arguments(&self, sent: &Arguments) -> Result<Arguments, HandlerError> {
        let members: Members<&RawValue> = serde_json::from_slice(sent.as_bytes())
            .map_err(|error| HandlerError::public(self.diagnosis(sent, &error.to_string())))?;
        let mut passed = BTreeSet::new();
        let mut out = Object::default();
        for (outer, value) in &members.0 {
            let inner = self.inner(outer).ok_or_else(|| self.unknown(outer, sent))?;
            out.member(inner, value.get());
            passed.insert(inner);
        }
        for (name, edit) in &self.edits {
            match &edit.source {
                Source::Fixed(value) => out.member(name, value.as_str()),
                Source::Default(value) if !passed.contains(name.as_str()) => out.member(name, value.as_str()),
                Source::Default(_) | Source::Caller | Source::Nobody => {}
            }
        }
        Ok(Arguments::new(Some(out.finish())))
    }

    fn explain(&self, error: HandlerError, sent: &Arguments) -> HandlerError {
        let text = error.to_string();
        // The handler explains by its own names; where the sent ones break the schema that callers see, that is told instead.
        if text.starts_with(INVALID.trim_end_matches(": ")) && self.breaks_schema(sent) {
            HandlerError::public(self.diagnosis(sent, &text))
        } else {
            error
        }
    }
}

impl Mapping {
    /// The tool's name for an argument of callers.
    fn inner<'a>(&'a self, outer: &'a str) -> Option<&'a str> {
        let renamed =
            self.edits.iter().find(|(_, edit)| !edit.is_hidden() && edit.name.as_deref() == Some(outer));
        match renamed {
            Some((name, _)) => Some(name),
            // A name that is taken away is not passed on, or callers could set what is fixed.
            None => match self.edits.iter().find(|(name, _)| name == outer) {
                Some((_, edit)) if edit.is_hidden() || edit.name.is_some() => None,
                Some(_) | None => Some(outer),
            },
        }
    }

    fn unknown(&self, name: &str, sent: &Arguments) -> HandlerError {
        HandlerError::public(match self.breaks_schema(sent) {
            true => self.diagnosis(sent, ""),
            // An open schema has nothing against any name.
            false => format!("{INVALID}{}: unknown", Path::Root.member(name)),
        })
    }

    fn breaks_schema(&self, sent: &Arguments) -> bool {
        let Ok(value) = serde_json::from_slice(sent.as_bytes()) else { return true };
        !check(&self.schema_value(), &value).is_empty()
    }

    fn diagnosis(&self, sent: &Arguments, fallback: &str) -> String {
        diagnose(&self.schema_value(), sent.as_bytes(), fallback)
    }

    fn schema_value(&self) -> Value {
        self.schema.read().unwrap_or_default()
    }
}

/// The text of a JSON object in the making.
#[derive(Default)]
struct Object(Vec<u8>);

impl Object {
    fn member(&mut self, name: &str, value: &str) {
        self.0.push(if self.0.is_empty() { b'{' } else { b',' });
        serde_json::to_writer(&mut self.0, name).expect("a string can always be written to memory");
        self.0.push(b':');
        self.0.extend_from_slice(value.as_bytes());
    }

    fn finish(mut self) -> Bytes {
        if self.0.is_empty() {
            self.0.push(b'{');
        }
        self.0.push(b'}');
        self.0.into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};
    use serde_json::json;

    use super::*;

    fn mapping(map: &ArgumentMap, schema: Value) -> Mapping {
        Mapping { edits: map.edits.clone(), schema: input_schema::outer(&schema.into(), &map.edits) }
    }

    fn sent(text: &str) -> Arguments {
        Arguments::new(Some(Bytes::copy_from_slice(text.as_bytes())))
    }

    /// The tool's view of what was sent, or what the caller is told.
    fn mapped(map: &ArgumentMap, schema: Value, text: &str) -> Result<String, String> {
        mapping(map, schema)
            .arguments(&sent(text))
            .map(|arguments| String::from_utf8(arguments.as_bytes().to_vec()).unwrap())
            .map_err(|error| error.to_string())
    }

    fn schema() -> Value {
        json!({
            "type": "object",
            "properties": { "q": {}, "units": {}, "days": { "type": "integer" }, "debug": {} },
            "required": ["q", "units", "days"],
            "additionalProperties": false,
        })
    }

    fn map() -> ArgumentMap {
        ArgumentMap::new()
            .rename("q", "city")
            .fix("units", json!("metric"))
            .default_to("days", json!(3))
            .hide("debug")
    }

    #[test]
    fn the_tool_gets_its_own_names_what_is_fixed_and_what_was_left_out() {
        assert_eq!(
            mapped(&map(), schema(), r#"{"city":"Bonn"}"#).unwrap(),
            r#"{"q":"Bonn","units":"metric","days":3}"#
        );
        assert_eq!(
            mapped(&map(), schema(), r#" { "days" : 1.00, "city" : [ 12345678901234567890123 ] }"#).unwrap(),
            r#"{"days":1.00,"q":[ 12345678901234567890123 ],"units":"metric"}"#,
            "values pass as they are written"
        );
        assert_eq!(mapped(&ArgumentMap::new().hide("debug"), schema(), "{}").unwrap(), "{}");
    }

    #[tokio::test]
    async fn the_handler_runs_with_what_the_map_makes_of_a_call() {
        let tool = Tool::new("echo").input_schema(schema()).raw_handler(|_, arguments| async move {
            Err(String::from_utf8_lossy(arguments.as_bytes()).into_owned().into())
        });
        let tool = map().apply(tool).unwrap();
        let told = async |text| {
            let context = crate::context::testing::context();
            tool.call(context, sent(text)).expect("it has a handler").await.unwrap_err().to_string()
        };
        assert_eq!(told(r#"{"city":"Bonn"}"#).await, r#"{"q":"Bonn","units":"metric","days":3}"#);
        assert!(
            told(r#"{"city":"Bonn","units":1}"#).await.starts_with("invalid arguments: $.units: unknown")
        );
    }

    #[test]
    fn names_that_callers_do_not_see_are_refused() {
        for (sent, name) in [
            (r#"{"city":"Bonn","units":"imperial"}"#, "units"),
            (r#"{"city":"Bonn","q":"Rome"}"#, "q"),
            (r#"{"city":"Bonn","debug":true}"#, "debug"),
        ] {
            let told = mapped(&map(), schema(), sent).unwrap_err();
            assert!(told.starts_with(&format!("invalid arguments: $.{name}: unknown")), "{told}");
            assert!(told.contains("known: `city`, `days`"), "{told}");
        }
        assert_eq!(
            mapped(&map(), schema(), "[1]").unwrap_err(),
            "invalid arguments: $: expected an object with the arguments by name, got [1]"
        );
        let open = json!({ "type": "object", "properties": { "q": {}, "a b": {} } });
        let map = ArgumentMap::new().rename("q", "city").hide("a b");
        assert_eq!(mapped(&map, open.clone(), r#"{"q":1}"#).unwrap_err(), "invalid arguments: $.q: unknown");
        assert_eq!(
            mapped(&map, open, r#"{"a b":1}"#).unwrap_err(),
            r#"invalid arguments: $["a b"]: unknown"#
        );
    }

    #[test]
    fn errors_about_arguments_use_the_names_that_callers_know() {
        let schema = json!({ "type": "object", "properties": { "q": { "type": "integer" }, "units": {} } });
        let mapping = mapping(&ArgumentMap::new().rename("q", "count"), schema);
        let from_tool = "invalid arguments: $.q: expected an integer, got true";
        let explained = |text: &'static str, json| mapping.explain(text.into(), &sent(json)).to_string();
        assert_eq!(
            explained(from_tool, r#"{"count":true}"#),
            "invalid arguments: $.count: expected an integer, got true"
        );
        assert_eq!(explained(from_tool, r#"{"count":1}"#), from_tool, "not the caller's mistake");
        assert_eq!(explained("no such city", r#"{"count":true}"#), "no such city");
    }

    #[test]
    fn what_the_map_does_not_know_is_left_to_the_tool() {
        assert_eq!(mapped(&ArgumentMap::new().hide("debug"), schema(), r#"{"x":1}"#).unwrap(), r#"{"x":1}"#);
    }

    #[test]
    fn two_arguments_can_swap_their_names() {
        let map = ArgumentMap::new().rename("q", "units").rename("units", "q");
        assert!(map.problems(&Tool::new("t").input_schema(schema())).is_empty());
        assert_eq!(mapped(&map, schema(), r#"{"q":1,"units":2}"#).unwrap(), r#"{"units":1,"q":2}"#);
    }

    #[test]
    fn a_map_that_does_not_fit_says_why() {
        let tool = || Tool::new("forecast").input_schema(schema());
        for (map, problem) in [
            (
                ArgumentMap::new().rename("query", "city"),
                "takes no `query`, but `q`, `units`, `days`, `debug`",
            ),
            (ArgumentMap::new().fix("unit", json!(1)), "takes no `unit`, but `q`, `units`, `days`, `debug`"),
            (ArgumentMap::new().rename("q", "days"), "two arguments are called `days`"),
            (ArgumentMap::new().rename("q", "x").rename("days", "x"), "two arguments are called `x`"),
            (ArgumentMap::new().hide("q"), "`q` is required and cannot be hidden; fix it to a value"),
            (
                ArgumentMap::new().fix("days", json!("3")),
                "the value for `days` does not fit: expected an integer, got \"3\"",
            ),
            (
                ArgumentMap::new().fix("q", json!(1)).rename("q", "city"),
                "`q` is hidden from callers, who need no name or description of it",
            ),
        ] {
            assert_eq!(map.apply(tool()).unwrap_err(), [format!("tool `forecast`: {problem}")]);
        }
    }

    #[test]
    fn an_open_schema_takes_any_fixed_argument() {
        let open = Tool::new("proxied").input_schema(json!({ "type": "object" }));
        assert!(ArgumentMap::new().fix("tenant", json!("a")).apply(open.clone()).is_ok());
        assert!(ArgumentMap::new().rename("tenant", "x").apply(open).is_err());
    }

    /// A map that fits `schema()`, whatever the edits are.
    fn fitting() -> impl Strategy<Value = ArgumentMap> {
        let edit = (select(&["q", "units", "days", "debug"][..]), select(&["x", "y", "q"][..]), 0..5_u8);
        let map = vec(edit, 0..6).prop_map(|edits| {
            edits.into_iter().fold(ArgumentMap::new(), |map, (argument, name, what)| match what {
                0 => map.rename(argument, name),
                1 => map.fix(argument, json!(7)),
                2 => map.default_to(argument, json!(7)),
                3 => map.hide(argument),
                _ => map.describe(argument, "Something."),
            })
        });
        map.prop_filter("the map fits", |map| map.problems(&Tool::new("t").input_schema(schema())).is_empty())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_fits_the_outer_schema_fits_the_tool(map in fitting(), dropped in any::<u8>()) {
            let mapping = mapping(&map, schema());
            let outer = mapping.schema_value();
            let required = outer["required"].as_array().cloned().unwrap_or_default();
            let names: Vec<_> = outer["properties"].as_object().unwrap().keys().cloned().collect();
            let chosen = names.iter().enumerate().filter(|(at, name)| {
                required.contains(&json!(name)) || dropped & (1 << at) == 0
            });
            let value = Value::Object(chosen.map(|(_, name)| (name.clone(), json!(1))).collect());
            prop_assert_eq!(check(&outer, &value), []);
            let inner = mapping.arguments(&sent(&value.to_string())).unwrap();
            let inner: Value = serde_json::from_slice(inner.as_bytes()).unwrap();
            prop_assert_eq!(check(&schema(), &inner), [], "{}", inner);

            for name in ["q", "units", "days", "debug", "x", "y"] {
                let known = names.iter().any(|known| known == name);
                let mut more = value.clone();
                more[name] = json!(1);
                let taken = mapping.arguments(&sent(&more.to_string()));
                let fits = taken.is_ok_and(|inner| {
                    check(&schema(), &serde_json::from_slice(inner.as_bytes()).unwrap()).is_empty()
                });
                prop_assert_eq!(fits, known, "{}", name);
            }
        }
    }
}
