use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::{
    component::Component,
    parameters::{Ask, kind, may_be_whole},
    relocate::{call_at, ends, relocate},
};
use crate::diagnostics::Kind;

/// Where the expression of a component begins.
pub(super) fn head(component: &Component, completes: Option<TokenStream>) -> TokenStream {
    let (private, slots, name) = (component.private(), component.slots(), component.name());
    match component.kind {
        Kind::Tool => quote!(#private::tool(#name, #slots)),
        Kind::Prompt => quote!(#private::prompt(#name, #slots)),
        Kind::Resource => {
            let address = component.address.as_ref().map_or_else(TokenStream::new, |address| {
                let text = &address.text;
                quote!(#text)
            });
            quote!(#private::resource(#name, #address, #slots))
        }
        Kind::Completion => {
            let completes = completes.unwrap_or_default();
            quote!(#private::completion(#completes, #slots))
        }
    }
}

/// The trait by which the lists find a component, and the type that it makes.
pub(super) fn define(kind: Kind) -> (Ident, Ident) {
    let ty = match kind {
        Kind::Tool => "Tool",
        Kind::Resource => "Resource",
        Kind::Prompt => "Prompt",
        Kind::Completion => "Completion",
    };
    (format_ident!("Define{ty}"), format_ident!("{ty}"))
}

/// The completion that a target stands for, which the compiler finds by its path.
pub(super) fn completes(component: &Component) -> TokenStream {
    let private = component.private();
    let Some(target) = &component.target else { return TokenStream::new() };
    let (path, name) = (&target.function, target.name());
    let (first, last) = ends(path);
    let (open, close) = (relocate(quote!(<), first), relocate(quote!(as #private::Completes>), last));
    quote!(#open #path #close::completion(#name))
}

/// A check that the target has such an argument.
pub(super) fn has_argument(component: &Component) -> TokenStream {
    let private = component.private();
    let Some(target) = &component.target else { return TokenStream::new() };
    let (path, name) = (&target.function, target.name());
    let (first, last) = ends(path);
    let (open, close) = (relocate(quote!(<), first), relocate(quote!(as #private::Completes>), last));
    let function = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    let text = format!("`{function}` has no argument `{name}` to complete");
    let place = target.argument.span();
    let arguments = quote!(#open #path #close::ARGUMENTS, #name, #text);
    let check = call_at((place, place), quote!(#private::has_argument), arguments);
    quote!(const _: () = #check;)
}

/// What lets completions find the arguments of a prompt or template.
pub(super) fn completable(component: &Component) -> Option<TokenStream> {
    let private = component.private();
    let ident = component.function.ident();
    let (arguments, make) = match component.kind {
        Kind::Prompt => {
            let name = component.name();
            (prompt_arguments(component), quote!(prompt(#name, argument)))
        }
        Kind::Resource => {
            let address = component.address.as_ref().filter(|address| address.is_template())?;
            let (text, variables) = (&address.text, &address.variables);
            (quote!(::core::option::Option::Some(&[#(#variables),*])), quote!(resource(#text, argument)))
        }
        Kind::Tool | Kind::Completion => return None,
    };
    Some(quote! {
        impl #private::Completes for #ident {
            const ARGUMENTS: ::core::option::Option<&'static [&'static str]> = #arguments;
            fn completion(argument: &'static str) -> #private::Completion {
                #private::Completion::#make
            }
        }
    })
}

/// The names of a prompt's arguments, or nothing if `Args` has more of them.
fn prompt_arguments(component: &Component) -> TokenStream {
    let private = component.private();
    let names = component
        .parameters
        .iter()
        .filter_map(|parameter| parameter.name.as_ref().map(|name| name.text.as_str()));
    let names = quote!(::core::option::Option::Some(&[#(#names),*]));
    let wholes: Vec<_> = component
        .parameters
        .iter()
        .filter(|parameter| may_be_whole(&parameter.ty))
        .map(|parameter| kind(&private, parameter, Ask::Any))
        .collect();
    match wholes.is_empty() {
        true => names,
        false => quote!(#private::names_without_args(&[#(#wholes),*], #names)),
    }
}
