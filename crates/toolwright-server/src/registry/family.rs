use std::{collections::HashMap, ops::Range, sync::Arc};

use toolwright_core::joint::{Authorizer, Principal};

use super::version;
use crate::{Prompt, Resource, Tool, component::Common};

/// What tools, resources, templates and prompts have in common for the registry.
pub(crate) trait Item: Clone {
    fn common(&self) -> &Common;

    /// What clients address it by.
    fn address(&self) -> &str;

    /// Whether `caller` may see and use it.
    fn allows(&self, caller: Option<&Principal>) -> bool {
        self.common().access.as_ref().is_none_or(|rule| rule.allows(caller))
    }
}

impl Item for Tool {
    fn common(&self) -> &Common {
        self.common()
    }

    fn address(&self) -> &str {
        &self.common().name
    }
}

impl Item for Prompt {
    fn common(&self) -> &Common {
        self.common()
    }

    fn address(&self) -> &str {
        &self.common().name
    }
}

impl Item for Resource {
    fn common(&self) -> &Common {
        self.common()
    }

    fn address(&self) -> &str {
        self.address().as_str()
    }
}

/// All components of one kind. The versions of one stand together, the highest first; otherwise they keep the order in which they
/// were registered.
#[derive(Debug)]
pub(crate) struct Family<T> {
    items: Vec<Arc<T>>,
    index: HashMap<String, Range<usize>>,
    restricted: bool,
}

impl<T> Default for Family<T> {
    fn default() -> Self {
        Self { items: Vec::new(), index: HashMap::new(), restricted: false }
    }
}

impl<T: Item> Family<T> {
    pub(crate) fn new(items: Vec<T>) -> Self {
        let mut groups: Vec<Vec<T>> = Vec::new();
        let mut seen: HashMap<String, usize> = HashMap::new();
        for item in items {
            match seen.get(item.address()) {
                Some(group) => groups[*group].push(item),
                None => {
                    seen.insert(item.address().to_owned(), groups.len());
                    groups.push(vec![item]);
                }
            }
        }
        let mut family = Self::default();
        for mut group in groups {
            group.sort_by(|one, two| {
                version::compare(two.common().version.as_deref(), one.common().version.as_deref())
            });
            let start = family.items.len();
            let address = group.first().map(|item| item.address().to_owned()).unwrap_or_default();
            family.restricted |= group.iter().any(|item| item.common().access.is_some());
            family.items.extend(group.into_iter().map(Arc::new));
            family.index.insert(address, start..family.items.len());
        }
        family
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<T>> {
        self.items.iter()
    }

    /// Whether anything depends on the caller.
    pub(crate) fn is_restricted(&self) -> bool {
        self.restricted
    }

    /// The version that is asked for, or the highest, among those that `caller` may use.
    pub(crate) fn find(
        &self,
        address: &str,
        version: Option<&str>,
        caller: Option<&Principal>,
    ) -> Option<&Arc<T>> {
        self.items[self.index.get(address)?.clone()]
            .iter()
            .filter(|item| version.is_none() || item.common().version.as_deref() == version)
            .find(|item| item.allows(caller))
    }

    /// The highest version of each that `caller` may use.
    pub(crate) fn visible(&self, caller: Option<&Principal>) -> impl Iterator<Item = &Arc<T>> {
        let mut last: Option<&str> = None;
        self.items.iter().filter(move |item| {
            let shown = last != Some(item.address()) && item.allows(caller);
            if shown {
                last = Some(item.address());
            }
            shown
        })
    }

    /// What `caller` may use, as bits over all items; nothing where everyone may use everything.
    pub(crate) fn access(&self, caller: Option<&Principal>) -> Box<[u64]> {
        if !self.restricted {
            return Box::default();
        }
        let mut bits = vec![0_u64; self.items.len().div_ceil(64)];
        for (at, item) in self.items.iter().enumerate() {
            if item.allows(caller) {
                bits[at / 64] |= 1 << (at % 64);
            }
        }
        bits.into()
    }
}
