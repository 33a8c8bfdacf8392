use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use toolwright_core::{Raw, headers::ParamBindings, model::Tool};

use crate::request::Encoded;

/// Most bytes of names and schemas that are kept of tools.
const MOST: usize = 16 << 20;

/// What lists told of tools that matters when they are called. It is bounded, and forgotten when the list changes.
#[derive(Default)]
pub(crate) struct Catalog(RwLock<Tools>);

#[derive(Default)]
struct Tools {
    known: HashMap<Box<str>, Arc<Known>>,
    size: usize,
}

/// What is known of one tool.
pub(crate) struct Known {
    /// Whether it wraps its results.
    pub(crate) wraps: Option<bool>,
    /// The arguments that headers mirror.
    bindings: Option<ParamBindings>,
    /// What structured results must be.
    pub(crate) output: Option<Raw>,
    #[cfg(feature = "validation")]
    pub(crate) validator: std::sync::OnceLock<Result<crate::validation::Validator, String>>,
}

impl Catalog {
    /// Learns from a page of a list. If `mirrors`, headers repeat arguments, and tools whose schemas say that in a wrong way are
    /// taken out ("Custom Headers from Tool Parameters").
    pub(crate) fn learn(&self, tools: &mut Vec<Tool>, mirrors: bool) {
        let mut entries = Vec::with_capacity(tools.len());
        tools.retain(|tool| match Known::of(tool, mirrors) {
            Ok(known) => {
                entries.push((Box::<str>::from(tool.name.as_str()), known));
                true
            }
            Err(problems) => {
                tracing::warn!(
                    tool = tool.name,
                    ?problems,
                    "a tool is left out, since its headers are invalid"
                );
                false
            }
        });
        let mut tools = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for (name, known) in entries {
            let size = name.len() + known.output.as_ref().map_or(0, |schema| schema.as_str().len());
            if tools.size + size <= MOST {
                tools.size += size;
                tools.known.insert(name, Arc::new(known));
            } else {
                // What is known of it must not be outdated.
                tools.known.remove(&name);
            }
        }
    }

    pub(crate) fn get(&self, tool: &str) -> Option<Arc<Known>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).known.get(tool).cloned()
    }

    /// Whether the tool wraps its result, as far as its schema is known.
    pub(crate) fn wraps(&self, tool: &str) -> Option<bool> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).known.get(tool)?.wraps
    }

    /// Adds the headers that mirror the arguments of a call.
    pub(crate) fn mirror(&self, tool: &str, call: &Encoded, headers: &mut HeaderMap) {
        let Some(known) = self.get(tool) else { return };
        let Some(bindings) = &known.bindings else { return };
        #[derive(Deserialize)]
        struct Body<'a> {
            #[serde(borrow)]
            params: Params<'a>,
        }
        #[derive(Deserialize)]
        struct Params<'a> {
            #[serde(borrow)]
            arguments: Option<&'a RawValue>,
        }
        let arguments =
            serde_json::from_slice::<Body<'_>>(&call.body).ok().and_then(|body| body.params.arguments);
        if let Some(arguments) =
            arguments.and_then(|arguments| serde_json::from_str::<Value>(arguments.get()).ok())
        {
            bindings.mirror(&arguments, headers);
        }
    }

    pub(crate) fn forget(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Tools::default();
    }
}

impl Known {
    fn of(tool: &Tool, mirrors: bool) -> Result<Self, Vec<String>> {
        #[derive(Deserialize)]
        struct Flag {
            #[serde(default, rename = "x-fastmcp-wrap-result")]
            wrapped: bool,
        }
        let bindings = if mirrors { ParamBindings::compile(&tool.input_schema)? } else { None };
        let wraps = tool.output_schema.as_ref().and_then(|schema| schema.read::<Flag>().ok());
        Ok(Self {
            wraps: wraps.map(|flag| flag.wrapped),
            bindings,
            output: tool.output_schema.clone(),
            #[cfg(feature = "validation")]
            validator: std::sync::OnceLock::new(),
        })
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tools = self.0.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Catalog").field("tools", &tools.known.len()).field("size", &tools.size).finish()
    }
}
