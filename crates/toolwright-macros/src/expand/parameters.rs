use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

use super::{
    field::metadata,
    relocate::{call_at, ends, relocate},
};
use crate::{
    attr::{Arg, literal},
    parse::{Force, Parameter},
};

/// How a parameter is asked what it is.
#[derive(Clone, Copy)]
pub(super) enum Ask {
    /// It is an argument or an extractor.
    Any,
    /// It stands in no template, so it is an extractor or `Args`.
    OutsideTemplate,
}

/// The tuple of what the framework has to know of each parameter.
pub(super) fn slots(private: &TokenStream, parameters: &[Parameter]) -> TokenStream {
    let slots = parameters.iter().map(|parameter| slot(private, parameter));
    quote!((#(#slots,)*))
}

/// The names that a closure gives to the parameters' values.
pub(super) fn locals(parameters: &[Parameter]) -> Vec<Ident> {
    (0..parameters.len()).map(|index| format_ident!("value{index}", span = Span::mixed_site())).collect()
}

/// The values as the function takes them.
pub(super) fn passed(parameters: &[Parameter]) -> Vec<TokenStream> {
    std::iter::zip(parameters, locals(parameters))
        .map(|(parameter, local)| if parameter.borrowed { quote!(&#local) } else { quote!(#local.take()) })
        .collect()
}

/// A question to the compiler: which kind of parameter is this type?
pub(super) fn kind(private: &TokenStream, parameter: &Parameter, ask: Ask) -> TokenStream {
    let (function, rest) = match (parameter.force, &parameter.name, ask) {
        (Some(Force::Argument), ..) => (quote!(argument), quote!(>())),
        (Some(Force::Extractor), ..) => (quote!(extractor), quote!(>())),
        (None, _, Ask::OutsideTemplate) => (quote!(outside_template), quote!(, _>())),
        (None, None, Ask::Any) => (quote!(nameless), quote!(, _>())),
        (None, Some(_), Ask::Any) => (quote!(parameter), quote!(, _>())),
    };
    let ty = &parameter.ty;
    let (first, last) = ends(ty);
    let head = relocate(quote!(#private::#function::<), first);
    let tail = relocate(rest, last);
    quote!(#head #ty #tail)
}

fn slot(private: &TokenStream, parameter: &Parameter) -> TokenStream {
    let lookup = match parameter.force {
        None => quote!(kind),
        Some(Force::Argument) => quote!(argument),
        Some(Force::Extractor) => quote!(extractor),
    };
    let ty = &parameter.ty;
    let name = parameter.name.as_ref().map_or("", |name| name.text.as_str());
    let metadata = metadata(&parameter.arg, parameter.docs.as_ref());
    let kind = quote!(#private::kind!(#lookup #ty));
    let place = ends(ty);
    let mut slot =
        call_at(place, quote!(#private::slot), quote!(#kind, #private::Field::new(#name) #metadata));
    let Arg { range, length, one_of, default, .. } = &parameter.arg;
    if let Some(bounds) = range {
        let range = &bounds.range;
        slot = call_at(place, quote!(#private::range), quote!(#slot, #range));
    }
    if let Some(bounds) = length {
        let range = &bounds.range;
        slot = call_at(place, quote!(#private::length), quote!(#slot, #range));
    }
    if let Some((_, values)) = one_of {
        slot = call_at(place, quote!(#private::one_of), {
            let mut list = Group::new(Delimiter::Bracket, quote!(#(#values),*));
            list.set_span(list.span().located_at(place.0));
            quote!(#slot, #list)
        });
    }
    if let Some(default) = default {
        let value = match &default.value {
            None => relocate(quote!(::core::default::Default::default()), default.key.span()),
            Some(value) if parameter.borrowed => quote!(<#ty as ::std::borrow::ToOwned>::to_owned(#value)),
            Some(value) if matches!(literal(value), Some(syn::Lit::Str(_))) => {
                quote!(::core::convert::From::from(#value))
            }
            Some(value) => quote!(#value),
        };
        let shown = Ident::new("shown", Span::mixed_site());
        slot = quote!(#private::default(#slot, || #value, |#shown| #private::default_json!(#shown)));
    }
    slot
}

/// Whether a type could be `Args<..>` under some name: a path with type arguments.
pub(super) fn may_be_whole(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| !last.arguments.is_none()))
}
