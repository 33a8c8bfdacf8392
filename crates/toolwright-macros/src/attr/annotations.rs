use super::{Body, Entry, Keys, entries, value};
use crate::diagnostics::{Errors, Message};

/// One hint of a tool: the setter of `ToolAnnotations` and its value.
#[derive(Debug)]
pub(crate) enum Annotation {
    Hint { setter: &'static str, value: bool },
    Title(syn::LitStr),
}

const KEYS: [&str; 5] = ["read_only", "destructive", "idempotent", "open_world", "title"];

/// `annotations(read_only, destructive = false, title = "..")`.
pub(super) fn annotations(entry: &Entry, errors: &Errors) -> Vec<Annotation> {
    let Body::List(list) = &entry.body else {
        errors.at(
            &entry.key,
            Message::new("`annotations` needs a list of hints").note("write `annotations(read_only)`"),
        );
        return Vec::new();
    };
    let mut keys = Keys::new("annotations(..)", &KEYS);
    let mut found = Vec::new();
    for hint in entries(list.clone(), errors) {
        let Some(word) = keys.admit(&hint.key, errors) else { continue };
        if word == "title" {
            found.extend(value::string(&hint, errors).map(Annotation::Title));
        } else if let Some(value) = value::boolean(&hint, errors) {
            let setter = match word.as_str() {
                "read_only" => "read_only_hint",
                "destructive" => "destructive_hint",
                "idempotent" => "idempotent_hint",
                _ => "open_world_hint",
            };
            found.push(Annotation::Hint { setter, value });
        }
    }
    contradiction(&found, entry, errors);
    found
}

/// `destructive` and `idempotent` mean something only for a tool that changes things ("ToolAnnotations").
fn contradiction(found: &[Annotation], entry: &Entry, errors: &Errors) {
    let says = |name: &str| {
        found.iter().any(|hint| matches!(hint, Annotation::Hint { setter, value: true } if *setter == name))
    };
    if says("read_only_hint") && says("destructive_hint") {
        errors.at(
            &entry.key,
            Message::new("a tool cannot be both `read_only` and `destructive`").note("remove one of the two"),
        );
    }
}
