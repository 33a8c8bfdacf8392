use proc_macro2::TokenStream;
use quote::quote;

use super::{component::Component, kinds, provider::twice};
use crate::{
    check::Place,
    diagnostics::{Errors, Kind, Message},
    parse::Function,
};

/// Expands an attribute on a free function: the function as it was, and a hidden type beside it.
pub(super) fn free(kind: Kind, options: TokenStream, item: TokenStream) -> TokenStream {
    let errors = Errors::new();
    let mut function = match syn::parse2::<Function>(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            match syn::parse2::<syn::Item>(item.clone()) {
                Ok(_) => errors.at_span(
                    proc_macro2::Span::call_site(),
                    Message::new(format!("`#[{}]` goes on a function", kind.word())).note(elsewhere(kind)),
                ),
                Err(_) => errors.push(error),
            }
            let errors = errors.finish();
            return quote!(#item #errors);
        }
    };
    twice(&mut function, kind, &errors);
    let component = Component::read(kind, options, function, Place::Free, &errors);
    let hidden = match component.function.receiver() {
        // A method cannot have a type beside it.
        Some(_) => TokenStream::new(),
        None => hidden(&component, errors.is_empty()),
    };
    let (function, errors) = (&component.function, errors.finish());
    quote!(#function #hidden #errors)
}

fn elsewhere(kind: Kind) -> &'static str {
    match kind {
        Kind::Tool => "for a struct of arguments write `#[model]`, for an impl block `#[provider]`",
        Kind::Resource | Kind::Prompt | Kind::Completion => "for an impl block write `#[provider]`",
    }
}

/// The hidden type: braced, so that it takes a name among types only.
fn hidden(component: &Component, sound: bool) -> TokenStream {
    let private = component.private();
    let (function, ident) = (&component.function, component.function.ident());
    let (visibility, cfgs) = (function.visibility(), function.cfgs().collect::<Vec<_>>());
    let (define, made) = kinds::define(component.kind);
    let (body, beside) = match sound {
        true => body(component),
        // The lists find it all the same, so that one mistake is told once.
        false => (quote!(::core::panic!()), TokenStream::new()),
    };
    let completable = match sound {
        true => kinds::completable(component),
        false => dummy_completable(component),
    };
    quote! {
        #(#cfgs)*
        #[doc(hidden)]
        #[allow(dead_code, missing_debug_implementations, missing_docs, non_camel_case_types, unreachable_pub)]
        #visibility struct #ident {}
        #(#cfgs)*
        #[allow(deprecated, unused_qualifications)]
        const _: () = {
            #beside
            impl #private::#define for #ident {
                fn define() -> #private::#made {
                    #body
                }
            }
            #completable
        };
    }
}

fn body(component: &Component) -> (TokenStream, TokenStream) {
    let private = component.private();
    let ident = component.function.ident();
    let head = kinds::head(component, Some(kinds::completes(component)));
    let expression = component.expression(head, quote!(#ident), None);
    let assertions = component.assertions();
    let has_argument = kinds::has_argument(component);
    (quote!(use #private::Outcome as _; #expression), quote!(#assertions #has_argument))
}

fn dummy_completable(component: &Component) -> Option<TokenStream> {
    if !matches!(component.kind, Kind::Prompt | Kind::Resource) {
        return None;
    }
    let (private, ident) = (component.private(), component.function.ident());
    Some(quote! {
        impl #private::Completes for #ident {
            const ARGUMENTS: ::core::option::Option<&'static [&'static str]> = ::core::option::Option::None;
            fn completion(_: &'static str) -> #private::Completion {
                ::core::panic!()
            }
        }
    })
}
