use proc_macro2::{Ident, TokenStream};
use syn::{
    Expr, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    token::Paren,
};

use crate::diagnostics::Errors;

/// One option.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) body: Body,
}

/// What follows the key of an option.
#[derive(Debug)]
pub(crate) enum Body {
    Flag,
    Value(Expr),
    List(TokenStream),
}

impl Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = Ident::parse_any(input)?;
        let body = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Body::Value(input.parse()?)
        } else if input.peek(Paren) {
            let list;
            syn::parenthesized!(list in input);
            Body::List(list.parse()?)
        } else {
            Body::Flag
        };
        Ok(Self { key, body })
    }

    /// The key as text, without `r#`.
    pub(crate) fn word(&self) -> String {
        self.key.unraw().to_string()
    }
}

/// Reads options separated by commas. A fault of syntax ends the reading and is reported.
pub(crate) fn entries(tokens: TokenStream, errors: &Errors) -> Vec<Entry> {
    let mut entries = Vec::new();
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            let entry = Entry::parse(input)?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
            entries.push(entry);
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(tokens) {
        errors.push(error);
    }
    entries
}
