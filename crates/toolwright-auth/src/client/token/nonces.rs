use std::{collections::HashMap, sync::Mutex};

use http::HeaderMap;
use url::Url;

use super::super::net::origin;

/// Origins that are remembered: the server and its authorization servers, which are few.
const MOST: usize = 16;

/// The last nonce that each server gave (RFC 9449, "Providing a New Nonce Value").
#[derive(Debug, Default)]
pub(in super::super) struct Nonces(Mutex<HashMap<String, String>>);

impl Nonces {
    pub(in super::super) fn of(&self, url: &Url) -> Option<String> {
        self.table().get(&origin(url)).cloned()
    }

    /// Remembers the nonce of an answer of `url`. Whether it is a new one.
    pub(in super::super) fn hear(&self, url: &Url, headers: &HeaderMap) -> bool {
        let Some(nonce) = headers.get("dpop-nonce").and_then(|value| value.to_str().ok()) else {
            return false;
        };
        let mut table = self.table();
        if table.len() >= MOST {
            table.clear();
        }
        table.insert(origin(url), nonce.to_owned()).is_none_or(|old| old != nonce)
    }

    fn table(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
