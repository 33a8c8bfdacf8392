use std::{fs, path::PathBuf};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use toolwright_core::era::Revision;

/// The official JSON schema of one revision.
pub(crate) struct Document {
    draft: Draft,
    /// Where the definitions stand: `definitions` or `$defs`.
    keyword: &'static str,
    json: Value,
}

impl Document {
    pub(crate) fn of(revision: Revision) -> Self {
        let path =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/schema/{revision}.json"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let json: Value = serde_json::from_str(&text).unwrap();
        let (draft, keyword) = if json.get("$defs").is_some() {
            (Draft::Draft202012, "$defs")
        } else {
            (Draft::Draft7, "definitions")
        };
        Self { draft, keyword, json }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.json[self.keyword].as_object().unwrap().keys().map(String::as_str)
    }

    pub(crate) fn definition(&self, name: &str) -> &Value {
        &self.json[self.keyword][name]
    }

    /// The name of the definition that a reference points to.
    pub(crate) fn target<'a>(&self, reference: &'a str) -> &'a str {
        reference
            .strip_prefix(&format!("#/{}/", self.keyword))
            .unwrap_or_else(|| panic!("odd reference {reference}"))
    }

    pub(crate) fn validator(&self, name: &str) -> Validator {
        let schema =
            json!({ "$ref": format!("#/{}/{name}", self.keyword), self.keyword: self.json[self.keyword] });
        jsonschema::options().with_draft(self.draft).build(&schema).unwrap()
    }
}
