//! `#[model]`: a struct or enum as argument and result.
mod fields;
mod remote;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute, Data, DeriveInput, Fields, Ident};

use self::{
    fields::Fielder,
    remote::{remote, remote_ident},
};
use crate::{
    attr::{CratePath, Options},
    diagnostics::{Errors, Message},
};

const DERIVED: [&str; 3] = ["Serialize", "Deserialize", "JsonSchema"];

/// Expands `#[model]`: derives of serde and schemars, found through the framework.
pub(crate) fn model(options: TokenStream, item: TokenStream) -> TokenStream {
    let errors = Errors::new();
    let krate = Options::read_crate("#[model]", options, &errors);
    let mut input = match syn::parse2::<DeriveInput>(item.clone()) {
        Ok(input) => input,
        Err(error) => {
            match syn::parse2::<syn::Item>(item.clone()) {
                Ok(_) => errors.at_span(
                    Span::call_site(),
                    Message::new("`#[model]` goes on a struct or an enum")
                        .note("for a function write `#[tool]`"),
                ),
                Err(_) => errors.push(error),
            }
            let errors = errors.finish();
            return quote!(#item #errors);
        }
    };
    if let Data::Union(data) = &input.data {
        errors.at(
            data.union_token,
            Message::new("`#[model]` goes on a struct or an enum")
                .note("JSON cannot tell the members of a union apart"),
        );
        let errors = errors.finish();
        return quote!(#input #errors);
    }
    for attribute in &input.attrs {
        derived_twice(attribute, &errors);
    }
    let original = input.clone();
    let keep = input.attrs.iter().any(|attribute| derives(attribute).iter().any(|derive| derive == "Elicit"));
    let mut fields = Fielder {
        private: krate.private(),
        ident: input.ident.clone(),
        keep,
        defaults: Vec::new(),
        checks: Vec::new(),
        errors: &errors,
    };
    match &mut input.data {
        Data::Struct(data) => fields.fields(&mut data.fields, None),
        Data::Enum(data) => {
            for variant in &mut data.variants {
                fields.variant(variant);
                fields.fields(&mut variant.fields, Some(&variant.ident));
            }
        }
        Data::Union(_) => unreachable!("unions were refused"),
    }
    let (defaults, checks) = (fields.defaults, fields.checks);
    if !checks.is_empty() && !input.generics.params.is_empty() {
        errors.at(
            &input.generics,
            Message::new(format!(
                "`{}` is generic, and a generic model cannot limit its fields",
                input.ident
            ))
            .note("put the limits on a type of their own, or remove the parameters"),
        );
    }
    if !errors.is_empty() {
        return at_fault(&krate, original, keep, errors);
    }
    let expansion = expansion(&krate, &input, &defaults, &checks);
    let errors = errors.finish();
    quote!(#expansion #errors)
}

/// The item with the derives it lacks and without our options, so that one mistake is told once.
fn at_fault(krate: &CratePath, mut input: DeriveInput, keep: bool, errors: Errors) -> TokenStream {
    let own: Vec<Ident> = input.attrs.iter().flat_map(derives).collect();
    let lacking: Vec<_> = DERIVED.into_iter().filter(|derive| own.iter().all(|own| own != derive)).collect();
    let strip = |fields: &mut Fields| {
        for field in fields.iter_mut().filter(|_| !keep) {
            field.attrs.retain(|attribute| !attribute.path().is_ident("arg"));
        }
    };
    match &mut input.data {
        Data::Struct(data) => strip(&mut data.fields),
        Data::Enum(data) => data.variants.iter_mut().for_each(|variant| {
            variant.attrs.retain(|attribute| keep || !attribute.path().is_ident("arg"));
            strip(&mut variant.fields);
        }),
        Data::Union(_) => {}
    }
    let (derives, errors) = (derive_attributes(krate, &lacking), errors.finish());
    quote!(#derives #input #errors)
}

/// The names that a `#[derive(..)]` lists.
fn derives(attribute: &Attribute) -> Vec<Ident> {
    if !attribute.path().is_ident("derive") {
        return Vec::new();
    }
    let mut found = Vec::new();
    // A list that cannot be read is the compiler's to report.
    let _ = attribute.parse_nested_meta(|meta| {
        found.extend(meta.path.segments.last().map(|last| last.ident.clone()));
        Ok(())
    });
    found
}

fn derived_twice(attribute: &Attribute, errors: &Errors) {
    for derive in derives(attribute).iter().filter(|derive| DERIVED.iter().any(|ours| *derive == ours)) {
        errors.at(
            derive,
            Message::new(format!("`#[model]` derives `{derive}` already"))
                .note("remove it from `#[derive(..)]`"),
        );
    }
}

fn derive_attributes(krate: &CratePath, which: &[&str]) -> TokenStream {
    let private = krate.private();
    let derives = which.iter().map(|derive| match *derive {
        "JsonSchema" => quote!(#private::schemars::JsonSchema),
        other => {
            let derive = format_ident!("{other}");
            quote!(#private::serde::#derive)
        }
    });
    let (serde, schemars) = (krate.private_text("serde"), krate.private_text("schemars"));
    let schemars = which.contains(&"JsonSchema").then(|| quote!(#[schemars(crate = #schemars)]));
    quote!(#[derive(#(#derives),*)] #[serde(crate = #serde)] #schemars)
}

fn expansion(
    krate: &CratePath,
    input: &DeriveInput,
    defaults: &[TokenStream],
    checks: &[TokenStream],
) -> TokenStream {
    let ident = &input.ident;
    let (parameters, arguments, clause) = input.generics.split_for_impl();
    let defaults = (!defaults.is_empty()).then(|| {
        quote! {
            #[doc(hidden)]
            #[allow(dead_code)]
            impl #parameters #ident #arguments #clause {
                #(#defaults)*
            }
        }
    });
    if checks.is_empty() {
        let derives = derive_attributes(krate, &DERIVED);
        return quote!(#derives #input #defaults);
    }
    let private = krate.private();
    let derives = derive_attributes(krate, &["Serialize", "JsonSchema"]);
    let (remote, remote_ident) = (remote(krate, input), remote_ident(input));
    quote! {
        #derives
        #input
        #defaults
        const _: () = {
            #remote
            impl<'de> #private::serde::Deserialize<'de> for #ident {
                fn deserialize<D: #private::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::core::result::Result<Self, D::Error> {
                    let value = #remote_ident::deserialize(deserializer)?;
                    match &value {
                        #(#checks)*
                        #[allow(unreachable_patterns)]
                        _ => {}
                    }
                    ::core::result::Result::Ok(value)
                }
            }
        };
    }
}
