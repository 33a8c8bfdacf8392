use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Map, Value};
use toolwright::{
    client::{Child, EraChoice},
    core::model::{CompleteParams, Root, SubscriptionFilter},
};

/// What to call, in which order, and how to answer.
#[derive(Deserialize)]
pub(crate) struct Task {
    era: String,
    /// A server that listens; else `command` starts one.
    pub(crate) url: Option<String>,
    #[serde(default)]
    command: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    cwd: String,
    #[serde(default = "project")]
    pub(crate) roots: Vec<Root>,
    #[serde(default)]
    pub(crate) tools: Calls,
    #[serde(default)]
    pub(crate) prompts: Calls,
    #[serde(default)]
    pub(crate) resources: Vec<String>,
    /// Template -> URIs that it stands for.
    #[serde(default)]
    pub(crate) templates: Calls,
    #[serde(default)]
    pub(crate) completions: Vec<Value>,
    /// Message of a question -> its answer, where it is not the usual one.
    #[serde(default)]
    pub(crate) answers: Map<String, Value>,
    pub(crate) watch: Option<Watch>,
}

/// Changes to wait for.
#[derive(Deserialize)]
pub(crate) struct Watch {
    pub(crate) filter: SubscriptionFilter,
    /// The tool that causes them, and its arguments.
    pub(crate) call: (String, Value),
    pub(crate) changes: usize,
    /// The only era in which there are any.
    only: Option<String>,
}

impl Task {
    pub(crate) fn era(&self) -> EraChoice {
        match self.era.as_str() {
            "auto" => EraChoice::Auto,
            "legacy" => EraChoice::Legacy,
            _ => EraChoice::Modern,
        }
    }

    /// What to watch in the era that came of it.
    pub(crate) fn watch(&self, revision: &str) -> Option<&Watch> {
        self.watch.as_ref().filter(|watch| watch.only.as_ref().is_none_or(|only| only == revision))
    }

    pub(crate) fn child(&self) -> Child {
        let (program, arguments) = self.command.split_first().expect("a task has a URL or a command");
        Child::new(program).args(arguments).envs(&self.env).current_dir(&self.cwd)
    }

    pub(crate) fn completions(&self) -> impl Iterator<Item = serde_json::Result<CompleteParams>> {
        self.completions.iter().map(|params| serde_json::from_value(params.clone()))
    }
}

/// The arguments of each call of each component, in the order of the file.
#[derive(Default)]
pub(crate) struct Calls(Vec<(String, Vec<Value>)>);

impl Calls {
    /// The component and the arguments of each call.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().flat_map(|(name, calls)| calls.iter().map(move |call| (name.as_str(), call)))
    }
}

impl<'de> Deserialize<'de> for Calls {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Calls;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with a list of arguments for each component")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Calls, A::Error> {
                let mut calls = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    calls.push(entry);
                }
                Ok(Calls(calls))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

fn project() -> Vec<Root> {
    vec![Root::new("file:///project").name("project")]
}
