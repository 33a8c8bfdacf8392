use std::collections::HashSet;

use proc_macro2::Ident;
use syn::ext::IdentExt;

use crate::diagnostics::{Errors, Message};

/// The options that one attribute knows, and those it has seen.
pub(crate) struct Keys<'a> {
    attribute: &'a str,
    known: &'a [&'a str],
    seen: HashSet<String>,
}

impl<'a> Keys<'a> {
    pub(crate) fn new(attribute: &'a str, known: &'a [&'a str]) -> Self {
        Self { attribute, known, seen: HashSet::new() }
    }

    /// The word of a key that is known and new; the other two are reported.
    pub(crate) fn admit(&mut self, key: &Ident, errors: &Errors) -> Option<String> {
        let word = key.unraw().to_string();
        if !self.known.contains(&word.as_str()) {
            let text = format!("`{}` has no option `{word}`", self.attribute);
            let known: Vec<_> = self.known.iter().map(|key| format!("`{key}`")).collect();
            errors.at(key, Message::new(text).note(format!("it has {}", known.join(", "))));
            return None;
        }
        if !self.seen.insert(word.clone()) {
            errors.at(
                key,
                Message::new(format!("`{}` has the option `{word}` twice", self.attribute))
                    .note("remove one of the two"),
            );
            return None;
        }
        Some(word)
    }
}
