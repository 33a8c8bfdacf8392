//! Values of options, each asked for with the words of the option.
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, ExprLit, Lit, LitFloat, LitInt, LitStr, Token, parse::Parser, punctuated::Punctuated};

use super::{Body, Entry};
use crate::diagnostics::{Errors, Message};

/// An expression without the invisible groups that `macro_rules!` puts around its fragments.
pub(super) fn ungroup(expr: &Expr) -> &Expr {
    match expr {
        Expr::Group(group) => ungroup(&group.expr),
        Expr::Paren(paren) => ungroup(&paren.expr),
        other => other,
    }
}

/// The literal that an expression is.
pub(crate) fn literal(expr: &Expr) -> Option<&Lit> {
    match ungroup(expr) {
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        _ => None,
    }
}

fn wrong(entry: &Entry, example: &str, errors: &Errors) {
    let text = format!("`{}` needs a value of another form", entry.word());
    let message = Message::new(text).note(format!("write `{example}`"));
    match &entry.body {
        Body::Flag => errors.at(&entry.key, message),
        Body::Value(value) => errors.at(value, message),
        Body::List(list) if list.is_empty() => errors.at(&entry.key, message),
        Body::List(list) => errors.at(list, message),
    }
}

/// `key = "text"`.
pub(super) fn string(entry: &Entry, errors: &Errors) -> Option<LitStr> {
    string_like(entry, "..", errors)
}

/// `key = "text"`, where a text looks like `example`.
pub(super) fn string_like(entry: &Entry, example: &str, errors: &Errors) -> Option<LitStr> {
    if let Body::Value(value) = &entry.body
        && let Some(Lit::Str(text)) = literal(value)
    {
        return Some(text.clone());
    }
    wrong(entry, &format!("{} = \"{example}\"", entry.word()), errors);
    None
}

/// `key = expression`.
pub(super) fn expression(entry: &Entry, example: &str, errors: &Errors) -> Option<Expr> {
    if let Body::Value(value) = &entry.body {
        return Some(value.clone());
    }
    wrong(entry, example, errors);
    None
}

/// `key("text", "text")`, at least one.
pub(super) fn strings(entry: &Entry, errors: &Errors) -> Vec<LitStr> {
    if let Body::List(list) = &entry.body
        && let Ok(items) = Punctuated::<LitStr, Token![,]>::parse_terminated.parse2(list.clone())
        && !items.is_empty()
    {
        return items.into_iter().collect();
    }
    wrong(entry, &format!("{}(\"..\", \"..\")", entry.word()), errors);
    Vec::new()
}

/// `key(word, word)`, at least one of `known`.
pub(super) fn words(entry: &Entry, known: &[&str], errors: &Errors) -> Vec<syn::Ident> {
    let Body::List(list) = &entry.body else {
        wrong(entry, &format!("{}({})", entry.word(), known[0]), errors);
        return Vec::new();
    };
    let items = match Punctuated::<syn::Ident, Token![,]>::parse_terminated.parse2(list.clone()) {
        Ok(items) if !items.is_empty() => items,
        _ => {
            wrong(entry, &format!("{}({})", entry.word(), known[0]), errors);
            return Vec::new();
        }
    };
    let option = format!("{}(..)", entry.word());
    let mut keys = super::Keys::new(&option, known);
    items.into_iter().filter(|item| keys.admit(item, errors).is_some()).collect()
}

/// `key` or `key = true` or `key = false`.
pub(super) fn boolean(entry: &Entry, errors: &Errors) -> Option<bool> {
    match &entry.body {
        Body::Flag => return Some(true),
        Body::Value(value) => {
            if let Some(Lit::Bool(value)) = literal(value) {
                return Some(value.value);
            }
        }
        Body::List(_) => {}
    }
    wrong(entry, &format!("{0}` or `{0} = false", entry.word()), errors);
    None
}

/// `key` alone.
pub(super) fn flag(entry: &Entry, errors: &Errors) -> bool {
    let alone = matches!(entry.body, Body::Flag);
    if !alone {
        let text = format!("`{0}` takes no value", entry.word());
        errors.at(&entry.key, Message::new(text).note(format!("write `{}` alone", entry.word())));
    }
    alone
}

/// `key = 123`.
pub(super) fn integer(entry: &Entry, errors: &Errors) -> Option<LitInt> {
    if let Body::Value(value) = &entry.body
        && let Some(Lit::Int(value)) = literal(value)
    {
        return Some(value.clone());
    }
    wrong(entry, &format!("{} = 1024", entry.word()), errors);
    None
}

/// `key = 0.5`, between 0 and 1.
pub(super) fn fraction(entry: &Entry, errors: &Errors) -> Option<TokenStream> {
    if let Body::Value(value) = &entry.body {
        let number = match literal(value) {
            Some(Lit::Float(value)) => value.base10_parse::<f64>().ok(),
            Some(Lit::Int(value)) => value.base10_parse::<f64>().ok(),
            _ => None,
        };
        if let Some(number) = number.filter(|number| (0.0..=1.0).contains(number)) {
            return Some(
                LitFloat::new(&format!("{number:?}"), proc_macro2::Span::call_site()).into_token_stream(),
            );
        }
    }
    wrong(entry, &format!("{} = 0.5", entry.word()), errors);
    None
}

/// `key = "text"` of one of a few words.
pub(super) fn choice(entry: &Entry, known: &[&str], errors: &Errors) -> Option<String> {
    let text = string(entry, errors)?;
    if known.contains(&text.value().as_str()) {
        return Some(text.value());
    }
    let known: Vec<_> = known.iter().map(|word| format!("`\"{word}\"`")).collect();
    errors.at(
        &text,
        Message::new(format!("`{}` knows no {text:?}", entry.word(), text = text.value()))
            .note(format!("it is one of {}", known.join(", "))),
    );
    None
}
