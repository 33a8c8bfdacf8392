use std::{collections::HashMap, sync::Arc};

use toolwright_core::uri::UriTemplate;

use super::{Family, Pages};
use crate::{
    Completion, Prompt, Resource, Tool,
    component::{Address, CompletionTarget, Components},
    provider::Live,
};

/// All components at one moment, compiled.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    pub(crate) tools: Family<Tool>,
    pub(crate) resources: Family<Resource>,
    pub(crate) templates: Family<Resource>,
    pub(crate) prompts: Family<Prompt>,
    /// Templates in the order in which they are tried.
    pub(crate) matchers: Vec<Template>,
    pub(crate) completions: HashMap<CompletionTarget, Completion>,
    pub(crate) live: Arc<[Live]>,
    pub(crate) pages: Pages,
}

/// A compiled URI template and the address of its component.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) compiled: UriTemplate,
}

impl Snapshot {
    pub(crate) fn new(components: Components, live: Arc<[Live]>) -> Self {
        let Components { mut tools, resources, mut prompts, completions } = components;
        tools.retain(|tool| !tool.common().hidden);
        prompts.retain(|prompt| !prompt.common().hidden);
        let (resources, templates): (Vec<_>, Vec<_>) = resources
            .into_iter()
            .filter(|resource| !resource.common().hidden)
            .partition(|resource| matches!(resource.address(), Address::Uri(_)));
        let templates = Family::new(templates);
        let mut matchers: Vec<Template> = templates
            .iter()
            .filter_map(|resource| UriTemplate::parse(resource.address().as_str()).ok())
            .map(|compiled| Template { compiled })
            .collect();
        matchers.dedup_by(|one, two| one.compiled.as_str() == two.compiled.as_str());
        matchers.sort_by_key(|template| std::cmp::Reverse(template.compiled.specificity()));
        Self {
            tools: Family::new(tools),
            resources: Family::new(resources),
            templates,
            prompts: Family::new(prompts),
            matchers,
            completions: completions
                .into_iter()
                .map(|completion| (completion.target().clone(), completion))
                .collect(),
            live,
            pages: Pages::default(),
        }
    }
}
