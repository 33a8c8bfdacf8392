use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use syn::{Expr, LitInt, LitStr};

use super::{Annotation, Body, CratePath, Entry, Keys, annotations, duration, entries, meta, value};
use crate::diagnostics::{Errors, Kind, Message};

const TOOL: [&str; 13] = [
    "name",
    "title",
    "description",
    "annotations",
    "icons",
    "tags",
    "version",
    "timeout",
    "meta",
    "scopes",
    "requires",
    "blocking",
    "crate",
];
const RESOURCE: [&str; 17] = [
    "name",
    "title",
    "description",
    "mime",
    "size",
    "audience",
    "priority",
    "icons",
    "tags",
    "version",
    "timeout",
    "meta",
    "scopes",
    "requires",
    "cache",
    "blocking",
    "crate",
];
const PROMPT: [&str; 12] = [
    "name",
    "title",
    "description",
    "icons",
    "tags",
    "version",
    "timeout",
    "meta",
    "scopes",
    "requires",
    "blocking",
    "crate",
];
const COMPLETION: [&str; 2] = ["blocking", "crate"];
const REQUIREMENTS: [(&str, &str); 5] = [
    ("elicitation", "Elicitation"),
    ("elicitation_url", "ElicitationUrl"),
    ("sampling", "Sampling"),
    ("sampling_tools", "SamplingTools"),
    ("roots", "Roots"),
];

/// The options of `#[tool]`, `#[resource]`, `#[prompt]` and `#[completion]`.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) krate: CratePath,
    pub(crate) name: Option<LitStr>,
    pub(crate) title: Option<Expr>,
    pub(crate) description: Option<Expr>,
    pub(crate) annotations: Vec<Annotation>,
    pub(crate) icons: Vec<LitStr>,
    pub(crate) tags: Vec<LitStr>,
    pub(crate) version: Option<LitStr>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) meta: Vec<(LitStr, TokenStream)>,
    pub(crate) scopes: Vec<LitStr>,
    pub(crate) requires: Vec<&'static str>,
    pub(crate) blocking: Option<Ident>,
    pub(crate) mime: Option<LitStr>,
    pub(crate) size: Option<LitInt>,
    pub(crate) audience: Vec<Ident>,
    pub(crate) priority: Option<TokenStream>,
    pub(crate) cache: Option<Cache>,
}

/// `cache(ttl = "60s", scope = "public")`.
pub(crate) struct Cache {
    pub(crate) ttl: Duration,
    pub(crate) public: bool,
}

impl Options {
    /// Reads the options of an attribute of this kind.
    pub(crate) fn read(kind: Kind, tokens: TokenStream, errors: &Errors) -> Self {
        let (attribute, known): (_, &[&str]) = match kind {
            Kind::Tool => ("#[tool]", &TOOL),
            Kind::Resource => ("#[resource]", &RESOURCE),
            Kind::Prompt => ("#[prompt]", &PROMPT),
            Kind::Completion => ("#[completion]", &COMPLETION),
        };
        let mut keys = Keys::new(attribute, known);
        let mut options = Self::default();
        for entry in entries(tokens, errors) {
            if let Some(word) = keys.admit(&entry.key, errors) {
                options.take(&word, &entry, errors);
            }
        }
        options.contradiction(errors);
        options
    }

    /// Reads the options of an attribute that has only `crate`.
    pub(crate) fn read_crate(attribute: &str, tokens: TokenStream, errors: &Errors) -> CratePath {
        let mut keys = Keys::new(attribute, &["crate"]);
        let mut path = CratePath::default();
        for entry in entries(tokens, errors) {
            if keys.admit(&entry.key, errors).is_some() {
                path = CratePath::read(&entry, errors);
            }
        }
        path
    }

    /// What only some may read is not for a cache that everyone shares ("Caching").
    fn contradiction(&self, errors: &Errors) {
        if let (Some(Cache { public: true, .. }), Some(scope)) = (&self.cache, self.scopes.first()) {
            errors.at(
                scope,
                Message::new("a resource with `scopes(..)` cannot be cached for everyone")
                    .note("remove `scope = \"public\"` from `cache(..)`, or the scopes"),
            );
        }
    }

    fn take(&mut self, word: &str, entry: &Entry, errors: &Errors) {
        match word {
            "crate" => self.krate = CratePath::read(entry, errors),
            "name" => self.name = value::string(entry, errors),
            "title" => self.title = value::expression(entry, "title = \"..\"", errors),
            "description" => self.description = value::expression(entry, "description = \"..\"", errors),
            "annotations" => self.annotations = annotations::annotations(entry, errors),
            "icons" => self.icons = icons(entry, errors),
            "tags" => self.tags = value::strings(entry, errors),
            "version" => self.version = value::string(entry, errors),
            "timeout" => self.timeout = duration::duration(entry, errors),
            "meta" => self.meta = meta::meta(entry, errors),
            "scopes" => self.scopes = scopes(entry, errors),
            "requires" => self.requires = requires(entry, errors),
            "blocking" => self.blocking = value::flag(entry, errors).then(|| entry.key.clone()),
            "mime" => self.mime = mime(entry, errors),
            "size" => self.size = value::integer(entry, errors),
            "audience" => self.audience = value::words(entry, &["user", "assistant"], errors),
            "priority" => self.priority = value::fraction(entry, errors),
            "cache" => self.cache = cache(entry, errors),
            _ => unreachable!("only known options are admitted"),
        }
    }
}

fn requires(entry: &Entry, errors: &Errors) -> Vec<&'static str> {
    let known = REQUIREMENTS.map(|(word, _)| word);
    let variant =
        |word: Ident| REQUIREMENTS.iter().find(|(known, _)| word == known).map(|(_, variant)| *variant);
    value::words(entry, &known, errors).into_iter().filter_map(variant).collect()
}

/// Icons are fetched by clients, who accept only these schemes ("Icons").
fn icons(entry: &Entry, errors: &Errors) -> Vec<LitStr> {
    let icons = value::strings(entry, errors);
    for icon in &icons {
        if !["https://", "http://", "data:"].iter().any(|scheme| icon.value().starts_with(scheme)) {
            errors.at(
                icon,
                Message::new(format!("`{}` is no address of an icon", icon.value()))
                    .note("write an `https:` or a `data:` URI"),
            );
        }
    }
    icons
}

/// A scope is one word, because a list of scopes is separated by spaces (RFC 6749, section 3.3).
fn scopes(entry: &Entry, errors: &Errors) -> Vec<LitStr> {
    let scopes = value::strings(entry, errors);
    for scope in &scopes {
        let word = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
        if scope.value().is_empty() || !scope.value().chars().all(word) {
            errors.at(
                scope,
                Message::new(format!("`{}` is no scope", scope.value())).note(
                    "a scope is one word without spaces, quotes and backslashes; separate several by commas",
                ),
            );
        }
    }
    scopes
}

fn mime(entry: &Entry, errors: &Errors) -> Option<LitStr> {
    let text = value::string(entry, errors)?;
    let value = text.value();
    let essence = value.split(';').next().unwrap_or_default().trim();
    let token = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_graphic() && !"/()<>@,;:\\\"[]?=".contains(c))
    };
    let good = essence.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype));
    if !good {
        errors.at(
            &text,
            Message::new(format!("`{value}` is no MIME type"))
                .note("write one such as `mime = \"text/plain\"`"),
        );
    }
    Some(text)
}

fn cache(entry: &Entry, errors: &Errors) -> Option<Cache> {
    let form = "write `cache(ttl = \"60s\")`, and `scope = \"public\"` if everyone may share the result";
    let Body::List(list) = &entry.body else {
        errors.at(&entry.key, Message::new("`cache` needs a time to live").note(form));
        return None;
    };
    let mut keys = Keys::new("cache(..)", &["ttl", "scope"]);
    let (mut ttl, mut given, mut public) = (None, false, false);
    for option in entries(list.clone(), errors) {
        match keys.admit(&option.key, errors).as_deref() {
            Some("ttl") => {
                given = true;
                ttl = duration::duration(&option, errors);
            }
            Some(_) => {
                public = value::choice(&option, &["public", "private"], errors)
                    .is_some_and(|scope| scope == "public");
            }
            None => given = true,
        }
    }
    if !given {
        errors.at(&entry.key, Message::new("`cache` needs a time to live").note(form));
    }
    ttl.map(|ttl| Cache { ttl, public })
}
