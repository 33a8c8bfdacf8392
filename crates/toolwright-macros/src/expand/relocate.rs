use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// The same tokens, found at `span` by errors; names keep the hygiene they have.
pub(super) fn relocate(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            if let TokenTree::Group(group) = &token {
                let mut moved = Group::new(group.delimiter(), relocate(group.stream(), span));
                moved.set_span(group.span().located_at(span));
                return TokenTree::Group(moved);
            }
            token.set_span(token.span().located_at(span));
            token
        })
        .collect()
}

/// A call that stands from `first` to `last`, so that its errors do; the arguments keep their places.
pub(super) fn call_at(
    (first, last): (Span, Span),
    function: TokenStream,
    arguments: TokenStream,
) -> TokenStream {
    let mut function = relocate(function, first);
    let mut call = Group::new(Delimiter::Parenthesis, arguments);
    call.set_span(call.span().located_at(last));
    function.extend(std::iter::once(TokenTree::Group(call)));
    function
}

/// Where the first and the last token of something are.
///
/// An expression that begins at the one and ends at the other has exactly the place of what it is made for, and the compiler
/// tells the same mistake at the same place only once.
pub(super) fn ends(tokens: impl ToTokens) -> (Span, Span) {
    let mut spans = tokens.into_token_stream().into_iter().map(|token| match token {
        TokenTree::Group(group) => (group.span_open(), group.span_close()),
        other => (other.span(), other.span()),
    });
    let first = spans.next().unwrap_or((Span::call_site(), Span::call_site()));
    let last = spans.last().unwrap_or(first);
    (first.0, last.1)
}
