use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

/// An expression for a value that is written like JSON: `null`, objects in braces, lists in brackets, else an expression.
///
/// The macro `json!` of `serde_json` needs the prelude of whoever calls it, which is why it is not used.
pub(super) fn json(private: &TokenStream, tokens: TokenStream) -> TokenStream {
    let mut inside = tokens.clone().into_iter();
    match (inside.next(), inside.next()) {
        (Some(TokenTree::Ident(word)), None) if word == "null" => quote!(#private::serde_json::Value::Null),
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Bracket => {
            let items = split(group.stream()).into_iter().map(|item| json(private, item));
            quote!(#private::list([#(#items),*]))
        }
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Brace => {
            let members = split(group.stream()).into_iter().map(|member| {
                let (key, value) = halves(member);
                let value = json(private, value);
                quote!((#key, #value))
            });
            quote!(#private::object([#(#members),*]))
        }
        _ => quote!(#private::value(#tokens)),
    }
}

/// The parts between commas.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => parts.push(TokenStream::new()),
            _ => parts.last_mut().expect("there is at least one part").extend([token]),
        }
    }
    // A comma may stand behind the last one.
    if parts.last().is_some_and(TokenStream::is_empty) {
        parts.pop();
    }
    parts
}

/// What stands before and behind the colon.
fn halves(tokens: TokenStream) -> (TokenStream, TokenStream) {
    let (mut key, mut value, mut behind) = (TokenStream::new(), TokenStream::new(), false);
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if !behind && punct.as_char() == ':' => behind = true,
            _ if behind => value.extend([token]),
            _ => key.extend([token]),
        }
    }
    (key, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_becomes_calls() {
        let json = json(&quote!(p), quote!({ "a": [1, null,], "b": X + 1 }));
        let expected = quote!(p::object([
            ("a", p::list([p::value(1), p::serde_json::Value::Null])),
            ("b", p::value(X + 1))
        ]));
        assert_eq!(json.to_string(), expected.to_string());
    }
}
