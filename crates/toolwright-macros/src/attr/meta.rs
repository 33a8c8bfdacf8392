use proc_macro2::TokenStream;
use syn::{
    LitStr, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

use super::{Body, Entry};
use crate::diagnostics::{Errors, Message};

/// Names without a prefix that the specification keeps for itself ("_meta").
const RESERVED: [&str; 4] = ["progressToken", "traceparent", "tracestate", "baggage"];

/// `meta(key = json, "example.com/key" = json)`: keys and the tokens of their JSON.
pub(super) fn meta(entry: &Entry, errors: &Errors) -> Vec<(LitStr, TokenStream)> {
    let Body::List(list) = &entry.body else {
        errors.at(
            &entry.key,
            Message::new("`meta` needs a list of keys")
                .note("write `meta(\"example.com/team\" = \"billing\")`"),
        );
        return Vec::new();
    };
    let mut found: Vec<(LitStr, TokenStream)> = Vec::new();
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            let key = if input.peek(LitStr) {
                input.parse()?
            } else {
                let word = syn::Ident::parse_any(input)?;
                LitStr::new(&word.unraw().to_string(), word.span())
            };
            input.parse::<Token![=]>()?;
            let mut json = TokenStream::new();
            while !input.is_empty() && !input.peek(Token![,]) {
                json.extend(std::iter::once(input.parse::<proc_macro2::TokenTree>()?));
            }
            if json.is_empty() {
                return Err(input.error("expected a JSON value"));
            }
            check(&key, &found, errors);
            found.push((key, json));
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(list.clone()) {
        errors.push(error);
    }
    found
}

fn check(key: &LitStr, before: &[(LitStr, TokenStream)], errors: &Errors) {
    let text = key.value();
    if before.iter().any(|(other, _)| other.value() == text) {
        errors.at(
            key,
            Message::new(format!("`meta` has the key `{text}` twice")).note("remove one of the two"),
        );
    } else if !is_key(&text) {
        errors.at(
            key,
            Message::new(format!("`{text}` is no key of `_meta`"))
                .note("a key is a name of letters, digits, `-`, `_` and `.`, after a prefix such as `example.com/` if it has one"),
        );
    } else if is_reserved(&text) {
        errors.at(
            key,
            Message::new(format!("the protocol keeps the `_meta` key `{text}` for itself"))
                .note("use a prefix of your own, such as `example.com/`"),
        );
    }
}

fn is_key(text: &str) -> bool {
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    let label = |label: &str| {
        label.starts_with(|c: char| c.is_ascii_alphabetic())
            && label.ends_with(|c: char| c.is_ascii_alphanumeric())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let edge = |c: char| c.is_ascii_alphanumeric();
    prefix.is_none_or(|prefix| prefix.split('.').all(label))
        && (name.is_empty() && prefix.is_some()
            || name.starts_with(edge)
                && name.ends_with(edge)
                && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
}

fn is_reserved(text: &str) -> bool {
    match text.split_once('/') {
        None => RESERVED.contains(&text),
        Some((prefix, _)) => matches!(prefix.split('.').nth(1), Some("mcp" | "modelcontextprotocol")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_follow_the_grammar_of_meta() {
        for good in ["a", "com.example/a.b-c_d", "x-y.z/", "com.example.mcp/tools"] {
            assert!(is_key(good) && !is_reserved(good), "{good}");
        }
        for bad in ["", "-a", "a-", "1.example/a", "com..example/a", "a b", "/a", "a/b/c"] {
            assert!(!is_key(bad), "{bad}");
        }
        for taken in ["progressToken", "io.modelcontextprotocol/x", "dev.mcp/", "com.mcp.tools/x"] {
            assert!(is_reserved(taken), "{taken}");
        }
    }
}
