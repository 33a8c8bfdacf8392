use proc_macro2::Ident;
use syn::{
    Attribute, Expr, ExprRange, LitStr, Meta, RangeLimits, Token, parse::Parser, punctuated::Punctuated,
};

use super::{Body, Entry, Keys, entries, value};
use crate::diagnostics::{Errors, Message};

/// What `#[arg]` knows on a parameter.
pub(crate) const PARAMETER_KEYS: [&str; 11] = [
    "default",
    "range",
    "length",
    "enum",
    "one_of",
    "pattern",
    "rename",
    "example",
    "title",
    "description",
    "header",
];
/// What `#[arg]` knows on a field of a `#[model]`.
pub(crate) const FIELD_KEYS: [&str; 10] =
    ["default", "range", "length", "enum", "one_of", "pattern", "rename", "example", "title", "description"];
/// What `#[arg]` knows on a field of a `#[model]` that is a question, too.
pub(crate) const BOTH_KEYS: [&str; 11] = [
    "default",
    "range",
    "length",
    "enum",
    "one_of",
    "pattern",
    "rename",
    "example",
    "title",
    "description",
    "format",
];
/// What `#[arg]` knows on a variant.
pub(crate) const VARIANT_KEYS: [&str; 3] = ["rename", "title", "description"];
/// What `#[arg]` knows on a field of a question.
pub(crate) const QUESTION_KEYS: [&str; 7] =
    ["default", "range", "length", "format", "rename", "title", "description"];

/// The options of one `#[arg(..)]`.
#[derive(Default)]
pub(crate) struct Arg {
    /// Whether there is an `#[arg]` at all.
    pub(crate) given: bool,
    pub(crate) default: Option<Default_>,
    pub(crate) range: Option<Bounds>,
    pub(crate) length: Option<Bounds>,
    pub(crate) one_of: Option<(Ident, Vec<Expr>)>,
    pub(crate) pattern: Option<LitStr>,
    pub(crate) rename: Option<LitStr>,
    pub(crate) example: Option<Expr>,
    pub(crate) title: Option<LitStr>,
    pub(crate) description: Option<LitStr>,
    pub(crate) header: Option<LitStr>,
    pub(crate) format: Option<LitStr>,
}

/// `default` or `default = expression`.
pub(crate) struct Default_ {
    pub(crate) key: Ident,
    pub(crate) value: Option<Expr>,
}

/// `range(..)` or `length(..)`.
pub(crate) struct Bounds {
    pub(crate) key: Ident,
    pub(crate) range: ExprRange,
}

impl Bounds {
    /// Whether the upper bound belongs to the range.
    pub(crate) fn inclusive(&self) -> bool {
        matches!(self.range.limits, RangeLimits::Closed(_))
    }
}

impl Arg {
    /// Reads all `#[arg(..)]` among these attributes.
    pub(crate) fn read(attributes: &[Attribute], known: &[&str], errors: &Errors) -> Self {
        let mut arg = Self::default();
        let mut keys = Keys::new("#[arg]", known);
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("arg")) {
            arg.given = true;
            match &attribute.meta {
                Meta::Path(_) => {}
                Meta::List(list) => {
                    for entry in entries(list.tokens.clone(), errors) {
                        if let Some(word) = keys.admit(&entry.key, errors) {
                            arg.take(&word, &entry, errors);
                        }
                    }
                }
                Meta::NameValue(_) => errors.at(
                    attribute,
                    Message::new("`#[arg]` takes its options in parentheses")
                        .note("write `#[arg(default = 1)]`"),
                ),
            }
        }
        arg
    }

    fn take(&mut self, word: &str, entry: &Entry, errors: &Errors) {
        match word {
            "default" => self.default = default(entry, errors),
            "range" => self.range = bounds(entry, "range(1..=8)", errors),
            "length" => self.length = bounds(entry, "length(1..=80)", errors),
            "enum" | "one_of" => {
                if self.one_of.is_some() {
                    errors.at(
                        &entry.key,
                        Message::new("`enum` and `one_of` are the same").note("remove one of the two"),
                    );
                }
                self.one_of = one_of(entry, errors);
            }
            "pattern" => self.pattern = value::string(entry, errors),
            "rename" => self.rename = value::string(entry, errors),
            "example" => self.example = value::expression(entry, "example = ..", errors),
            "title" => self.title = value::string(entry, errors),
            "description" => self.description = value::string(entry, errors),
            "header" => self.header = header(entry, errors),
            "format" => self.format = format(entry, errors),
            _ => unreachable!("only known options are admitted"),
        }
    }
}

fn default(entry: &Entry, errors: &Errors) -> Option<Default_> {
    let value = match &entry.body {
        Body::Flag => None,
        Body::Value(value) => Some(value.clone()),
        Body::List(_) => {
            errors.at(
                &entry.key,
                Message::new("`default` needs a value").note("write `default = ..` or `default` alone"),
            );
            return None;
        }
    };
    Some(Default_ { key: entry.key.clone(), value })
}

fn bounds(entry: &Entry, example: &str, errors: &Errors) -> Option<Bounds> {
    if let Body::List(list) = &entry.body
        && let Ok(Expr::Range(range)) = syn::parse2::<Expr>(list.clone())
        && (range.start.is_some() || range.end.is_some())
    {
        return Some(Bounds { key: entry.key.clone(), range });
    }
    errors.at(
        &entry.key,
        Message::new(format!("`{}` needs a range", entry.word())).note(format!("write `{example}`")),
    );
    None
}

fn one_of(entry: &Entry, errors: &Errors) -> Option<(Ident, Vec<Expr>)> {
    if let Body::List(list) = &entry.body
        && let Ok(items) = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(list.clone())
        && !items.is_empty()
        && items.iter().all(is_value)
    {
        return Some((entry.key.clone(), items.into_iter().collect()));
    }
    let word = entry.word();
    errors.at(
        &entry.key,
        Message::new(format!("`{word}` needs a list of literal values"))
            .note(format!("write `{word}(\"a\", \"b\")`")),
    );
    None
}

/// Whether it is a literal, or one with a minus.
fn is_value(expr: &Expr) -> bool {
    match expr {
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Neg(_)) && value::literal(&unary.expr).is_some(),
        other => value::literal(other).is_some(),
    }
}

/// Header names are tokens ("Custom Headers from Tool Parameters").
fn header(entry: &Entry, errors: &Errors) -> Option<LitStr> {
    let text = value::string(entry, errors)?;
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if text.value().is_empty() || !text.value().chars().all(token) {
        errors.at(
            &text,
            Message::new(format!("`{}` cannot stand in a header's name", text.value()))
                .note("write letters, digits and `-`, such as `header = \"Region\"`; clients send `Mcp-Param-Region`"),
        );
    }
    Some(text)
}

/// The formats that a question can ask for ("Elicitation", "Requested Schema").
fn format(entry: &Entry, errors: &Errors) -> Option<LitStr> {
    value::choice(entry, &["email", "uri", "date", "date-time"], errors)
        .map(|format| LitStr::new(&format, entry.key.span()))
}
