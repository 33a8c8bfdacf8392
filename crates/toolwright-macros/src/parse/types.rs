use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;

/// A type without parentheses and the invisible groups of `macro_rules!`.
pub(crate) fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peel(&group.elem),
        Type::Paren(paren) => peel(&paren.elem),
        other => other,
    }
}

/// Whether `impl Trait` is anywhere in a type.
pub(crate) fn contains_impl(ty: &Type) -> bool {
    any(ty.to_token_stream(), &|token| matches!(token, TokenTree::Ident(word) if word == "impl"))
}

/// Whether there is a reference inside a type that is none itself.
pub(crate) fn borrows_inside(ty: &Type) -> bool {
    any(ty.to_token_stream(), &|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '&'))
}

fn any(tokens: TokenStream, test: &dyn Fn(&TokenTree) -> bool) -> bool {
    tokens.into_iter().any(|token| match &token {
        TokenTree::Group(group) => any(group.stream(), test),
        other => test(other),
    })
}
