use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use serde::de::DeserializeOwned;
use toolwright_core::{
    era::{Labelled, Revision},
    model::CacheScope,
};

use crate::ServerResult;

/// Most encoded pages that are kept.
const MOST_PAGES: usize = 256;

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Listing {
    Tools,
    Resources,
    Templates,
    Prompts,
}

/// A page of a list, encoded once for everyone with the same access and revision.
#[derive(Clone, Debug)]
pub struct Page {
    pub(crate) listing: Listing,
    pub(crate) encoded: Bytes,
}

impl Page {
    /// The page as a typed result. Whoever wants that may be about to change it for one caller, so it is no longer for everyone.
    pub(crate) fn typed(self) -> ServerResult {
        match self.listing {
            Listing::Tools => ServerResult::ListTools(self.read()),
            Listing::Resources => ServerResult::ListResources(self.read()),
            Listing::Templates => ServerResult::ListResourceTemplates(self.read()),
            Listing::Prompts => ServerResult::ListPrompts(self.read()),
        }
    }

    fn read<T: DeserializeOwned + Labelled>(&self) -> Box<T> {
        let mut page: T = serde_json::from_slice(&self.encoded)
            .expect("a page that was encoded from this type decodes to it");
        if let Some((_, Some(scope))) = page.cache_mut() {
            *scope = CacheScope::Private;
        }
        Box::new(page)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PageKey {
    pub(crate) listing: Listing,
    pub(crate) revision: Revision,
    pub(crate) access: Box<[u64]>,
    pub(crate) start: usize,
}

/// Encoded pages of one snapshot.
#[derive(Debug, Default)]
pub(crate) struct Pages(Mutex<HashMap<PageKey, Bytes>>);

impl Pages {
    pub(crate) fn find_or_encode(&self, key: PageKey, encode: impl FnOnce() -> Bytes) -> Page {
        let listing = key.listing;
        if let Some(encoded) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Page { listing, encoded: encoded.clone() };
        }
        let encoded = encode();
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.len() >= MOST_PAGES {
            pages.clear();
        }
        pages.insert(key, encoded.clone());
        Page { listing, encoded }
    }
}
