use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Attribute, Data, DataEnum, DeriveInput, Field, Fields, Ident, LitStr, Variant, ext::IdentExt,
    spanned::Spanned,
};

use super::{
    field::metadata,
    relocate::{call_at, ends, relocate},
};
use crate::{
    attr::{Arg, CratePath, Options, QUESTION_KEYS, literal},
    check,
    diagnostics::{Errors, Message},
    parse::docs,
};

/// Expands `#[derive(Elicit)]`: a struct is a form, an enum a choice.
pub(crate) fn elicit(item: TokenStream) -> TokenStream {
    let errors = Errors::new();
    let input = match syn::parse2::<DeriveInput>(item) {
        Ok(input) => input,
        Err(error) => {
            errors.push(error);
            return errors.finish();
        }
    };
    let krate = krate(&input.attrs, &errors);
    if !input.generics.params.is_empty() {
        errors.at(
            &input.generics,
            Message::new(format!("the question `{}` is generic, and a form has fixed fields", input.ident))
                .note("write the types out"),
        );
    }
    let (form, choice) = match &input.data {
        Data::Struct(data) => (form(&krate, &input, &data.fields, &errors), false),
        Data::Enum(data) => (choice(&krate, &input, data, &errors), true),
        Data::Union(data) => {
            errors.at(
                data.union_token,
                Message::new("a question is a struct or an enum").note("write a struct"),
            );
            (TokenStream::new(), false)
        }
    };
    if errors.is_empty() {
        errors.finish();
        return form;
    }
    if !input.generics.params.is_empty() {
        return errors.finish();
    }
    // Whoever asks it finds it all the same, so that one mistake is told once.
    let private = krate.private();
    let (ident, errors) = (&input.ident, errors.finish());
    let dummy = match choice {
        true => quote! {
            impl #private::ElicitChoice for #ident {
                fn options() -> &'static [#private::Choice] { ::core::panic!() }
                fn index(&self) -> usize { ::core::panic!() }
                fn at(_: usize) -> ::core::option::Option<Self> { ::core::panic!() }
            }
        },
        false => quote! {
            impl #private::Elicit for #ident {
                fn form() -> #private::Form<Self> { ::core::panic!() }
            }
        },
    };
    quote!(#dummy #errors)
}

/// `#[elicit(crate = "..")]`.
fn krate(attributes: &[Attribute], errors: &Errors) -> CratePath {
    let mut tokens = TokenStream::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("elicit")) {
        match attribute.meta.require_list() {
            Ok(list) => tokens.extend(list.tokens.clone()),
            Err(error) => errors.push(error),
        }
    }
    Options::read_crate("#[elicit]", tokens, errors)
}

fn form(krate: &CratePath, input: &DeriveInput, fields: &Fields, errors: &Errors) -> TokenStream {
    let private = krate.private();
    let ident = &input.ident;
    let Fields::Named(fields) = fields else {
        errors.at(
            ident,
            Message::new(format!(
                "the question `{ident}` has fields without names, and a form names its fields"
            ))
            .note("write `struct Name { field: Type }`"),
        );
        return TokenStream::new();
    };
    if fields.named.is_empty() {
        errors.at(
            ident,
            Message::new(format!("the question `{ident}` asks for nothing"))
                .note("add a field, or use `ctx.confirm(..)`"),
        );
    }
    if fields.named.len() > 16 {
        errors.at(
            ident,
            Message::new(format!("the question `{ident}` has more than 16 fields")).note("ask in two steps"),
        );
    }
    let mut names: Vec<String> = Vec::new();
    let slots: Vec<_> = fields.named.iter().map(|field| slot(&private, field, &mut names, errors)).collect();
    let idents: Vec<&Ident> = fields.named.iter().filter_map(|field| field.ident.as_ref()).collect();
    quote! {
        impl #private::Elicit for #ident {
            fn form() -> #private::Form<Self> {
                #private::Form::new((#(#slots,)*), |(#(#idents,)*)| Self { #(#idents: #idents.take()),* })
            }
        }
    }
}

fn slot(private: &TokenStream, field: &Field, names: &mut Vec<String>, errors: &Errors) -> TokenStream {
    let arg = Arg::read(&field.attrs, &QUESTION_KEYS, errors);
    check::constraints(&arg, errors);
    let name = match (&arg.rename, &field.ident) {
        (Some(rename), _) => rename.value(),
        (None, Some(ident)) => ident.unraw().to_string(),
        (None, None) => String::new(),
    };
    if names.contains(&name) {
        let span = arg.rename.as_ref().map_or_else(|| field.span(), LitStr::span);
        errors.at_span(
            span,
            Message::new(format!("two fields of this question are named `{name}`"))
                .note("`rename` one of them"),
        );
    }
    let docs = docs(&field.attrs);
    let metadata = metadata(&arg, docs.as_ref());
    names.push(name.clone());
    let ty = &field.ty;
    let (first, last) = ends(ty);
    let at = |function, arguments| call_at((first, last), function, arguments);
    let (head, tail) = (relocate(quote!(#private::answer::<), first), relocate(quote!(>()), last));
    let check = quote!(#head #ty #tail);
    let kind = quote!({ #check; #private::kind!(answer #ty) });
    let mut slot = at(quote!(#private::slot), quote!(#kind, #private::Field::new(#name) #metadata));
    if let Some(bounds) = &arg.range {
        let range = &bounds.range;
        slot = at(quote!(#private::range), quote!(#slot, #range));
    }
    if let Some(bounds) = &arg.length {
        let range = &bounds.range;
        slot = at(quote!(#private::length), quote!(#slot, #range));
    }
    if let Some(default) = &arg.default {
        let value = match &default.value {
            None => quote!(::core::default::Default::default()),
            Some(value) if matches!(literal(value), Some(syn::Lit::Str(_))) => {
                quote!(::core::convert::From::from(#value))
            }
            Some(value) => value.to_token_stream(),
        };
        slot = at(quote!(#private::suggestion), quote!(#slot, || #value));
    }
    slot
}

fn choice(krate: &CratePath, input: &DeriveInput, data: &DataEnum, errors: &Errors) -> TokenStream {
    let private = krate.private();
    let ident = &input.ident;
    if data.variants.is_empty() {
        errors.at(
            ident,
            Message::new(format!("the choice `{ident}` has no variants")).note("add at least one"),
        );
    }
    let mut names: Vec<String> = Vec::new();
    let options: Vec<_> =
        data.variants.iter().map(|variant| option(&private, ident, variant, &mut names, errors)).collect();
    let variants: Vec<&Ident> = data.variants.iter().map(|variant| &variant.ident).collect();
    let indices: Vec<usize> = (0..variants.len()).collect();
    quote! {
        impl #private::ElicitChoice for #ident {
            fn options() -> &'static [#private::Choice] {
                const { &[#(#options),*] }
            }
            fn index(&self) -> usize {
                match self { #(Self::#variants => #indices,)* }
            }
            fn at(index: usize) -> ::core::option::Option<Self> {
                match index {
                    #(#indices => ::core::option::Option::Some(Self::#variants),)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    }
}

fn option(
    private: &TokenStream,
    owner: &Ident,
    variant: &Variant,
    names: &mut Vec<String>,
    errors: &Errors,
) -> TokenStream {
    let arg = Arg::read(&variant.attrs, &["rename", "title"], errors);
    if !matches!(variant.fields, Fields::Unit) {
        errors.at(
            &variant.fields,
            Message::new(format!("the choice `{owner}::{}` has fields, and a form is flat", variant.ident))
                .note("ask for the rest in a second question"),
        );
    }
    let name = arg.rename.as_ref().map_or_else(|| variant.ident.unraw().to_string(), LitStr::value);
    if names.contains(&name) {
        let span = arg.rename.as_ref().map_or_else(|| variant.ident.span(), LitStr::span);
        errors.at_span(
            span,
            Message::new(format!("two choices of `{owner}` are named `{name}`")).note("`rename` one of them"),
        );
    }
    names.push(name.clone());
    let title = match &arg.title {
        Some(title) => quote!(::core::option::Option::Some(#title)),
        None => quote!(::core::option::Option::None),
    };
    quote!(#private::Choice::new(#name, #title))
}
