use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, Field, Fields, Ident, Lit, LitStr, Variant, ext::IdentExt};

use crate::{
    attr::{Arg, BOTH_KEYS, Bounds, FIELD_KEYS, VARIANT_KEYS, literal},
    check,
    diagnostics::Errors,
};

/// Goes through fields: turns `#[arg]` into attributes of serde and schemars, and collects the code beside.
pub(super) struct Fielder<'a> {
    pub(super) private: TokenStream,
    pub(super) ident: Ident,
    /// Whether `#[arg]` stays, for `derive(Elicit)`.
    pub(super) keep: bool,
    pub(super) defaults: Vec<TokenStream>,
    pub(super) checks: Vec<TokenStream>,
    pub(super) errors: &'a Errors,
}

impl Fielder<'_> {
    pub(super) fn fields(&mut self, fields: &mut Fields, variant: Option<&Ident>) {
        let mut checks = Vec::new();
        for (index, field) in fields.iter_mut().enumerate() {
            let known: &[&str] = if self.keep { &BOTH_KEYS } else { &FIELD_KEYS };
            let arg = Arg::read(&field.attrs, known, self.errors);
            if !self.keep {
                field.attrs.retain(|attribute| !attribute.path().is_ident("arg"));
            }
            if !arg.given {
                continue;
            }
            check::constraints(&arg, self.errors);
            let position =
                field.ident.as_ref().map_or_else(|| index.to_string(), |ident| ident.unraw().to_string());
            self.attributes(field, &arg, &position, variant);
            let member = match &field.ident {
                Some(ident) => ident.to_token_stream(),
                None => syn::Index::from(index).to_token_stream(),
            };
            let local = format_ident!("field{index}", span = Span::mixed_site());
            if let Some(check) = check_field(&self.private, &arg, &position, &local) {
                checks.push((quote!(#member: #local), check));
            }
        }
        if checks.is_empty() {
            return;
        }
        let path = match variant {
            Some(variant) => quote!(Self::#variant),
            None => quote!(Self),
        };
        let (bindings, bodies): (Vec<_>, Vec<_>) = checks.into_iter().unzip();
        self.checks.push(quote!(#path { #(#bindings,)* .. } => { #(#bodies)* }));
    }

    fn attributes(&mut self, field: &mut Field, arg: &Arg, position: &str, variant: Option<&Ident>) {
        if let Some(rename) = &arg.rename {
            field.attrs.push(syn::parse_quote!(#[serde(rename = #rename)]));
        }
        if let Some(default) = &arg.default {
            match &default.value {
                None => field.attrs.push(syn::parse_quote!(#[serde(default)])),
                Some(value) => {
                    let place = variant.map_or_else(String::new, |variant| format!("{}_", variant.unraw()));
                    let function = format_ident!("__default_{place}{position}");
                    let path = LitStr::new(&format!("{}::{function}", self.ident), default.key.span());
                    field.attrs.push(syn::parse_quote!(#[serde(default = #path)]));
                    let ty = &field.ty;
                    let value = match literal(value) {
                        Some(Lit::Str(_)) => quote!(::core::convert::From::from(#value)),
                        _ => value.to_token_stream(),
                    };
                    self.defaults.push(quote!(fn #function() -> #ty { #value }));
                }
            }
        }
        if arg.range.as_ref().is_some_and(|bounds| bounds.range.end.is_some() && !bounds.inclusive()) {
            let private = &self.private;
            field.attrs.push(syn::parse_quote!(#[schemars(transform = #private::without_maximum)]));
        }
        let extended = extended(arg);
        if !extended.is_empty() {
            field.attrs.push(syn::parse_quote!(#[schemars(extend(#(#extended),*))]));
        }
        if let Some(bounds) = &arg.length {
            let length = length(bounds);
            field.attrs.push(syn::parse_quote!(#[schemars(length(#length))]));
        }
        field.attrs.extend(described(arg));
    }

    /// Turns `#[arg]` of a variant into attributes of serde and schemars.
    pub(super) fn variant(&mut self, variant: &mut Variant) {
        let arg = Arg::read(&variant.attrs, &VARIANT_KEYS, self.errors);
        if !self.keep {
            variant.attrs.retain(|attribute| !attribute.path().is_ident("arg"));
        }
        if let Some(rename) = &arg.rename {
            variant.attrs.push(syn::parse_quote!(#[serde(rename = #rename)]));
        }
        variant.attrs.extend(described(&arg));
    }
}

/// Title and description for schemars.
fn described(arg: &Arg) -> impl Iterator<Item = Attribute> {
    [("title", &arg.title), ("description", &arg.description)].into_iter().filter_map(|(key, text)| {
        let (key, text) = (format_ident!("{key}"), text.as_ref()?);
        Some(syn::parse_quote!(#[schemars(#key = #text)]))
    })
}

/// Keywords of the field's schema.
fn extended(arg: &Arg) -> Vec<TokenStream> {
    let mut keywords = Vec::new();
    if let Some(bounds) = &arg.range {
        if let Some(start) = &bounds.range.start {
            keywords.push(quote!("minimum" = #start));
        }
        if let Some(end) = &bounds.range.end {
            let keyword = if bounds.inclusive() { "maximum" } else { "exclusiveMaximum" };
            keywords.push(quote!(#keyword = #end));
        }
    }
    if let Some((_, values)) = &arg.one_of {
        keywords.push(quote!("enum" = [#(#values),*]));
    }
    if let Some(pattern) = &arg.pattern {
        keywords.push(quote!("pattern" = #pattern));
    }
    if let Some(format) = &arg.format {
        keywords.push(quote!("format" = #format));
    }
    if let Some(example) = &arg.example {
        keywords.push(quote!("examples" = [#example]));
    }
    keywords
}

fn length(bounds: &Bounds) -> TokenStream {
    let min = bounds.range.start.as_ref().map(|start| quote!(min = #start));
    let max = bounds.range.end.as_ref().map(|end| match bounds.inclusive() {
        true => quote!(max = #end),
        false => quote!(max = (#end) - 1),
    });
    let parts = [min, max].into_iter().flatten();
    quote!(#(#parts),*)
}

/// Code that refuses a value which the field's limits refuse.
fn check_field(private: &TokenStream, arg: &Arg, name: &str, local: &Ident) -> Option<TokenStream> {
    let name = arg.rename.as_ref().map_or_else(|| name.to_owned(), LitStr::value);
    let mut code = TokenStream::new();
    let mut call = |function: &str, key: &Ident, limit: TokenStream| {
        let function = Ident::new(function, key.span());
        code.extend(quote!(#private::limits::#function(#local, #limit, #name)?;));
    };
    if let Some(Bounds { key, range }) = &arg.range {
        call("range", key, quote!(#range));
    }
    if let Some(Bounds { key, range }) = &arg.length {
        call("length", key, quote!(#range));
    }
    if let Some((key, values)) = &arg.one_of {
        call("one_of", key, quote!([#(#values),*]));
    }
    (!code.is_empty()).then_some(code)
}
