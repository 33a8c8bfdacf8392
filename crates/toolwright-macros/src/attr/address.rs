use proc_macro2::TokenStream;
use syn::{
    LitStr, Token,
    parse::{ParseStream, Parser},
};

use crate::diagnostics::{Errors, Message};

/// The URI or URI template of a `#[resource]`.
pub(crate) struct Address {
    pub(crate) text: LitStr,
    /// The variables of a template; a URI has none.
    pub(crate) variables: Vec<String>,
}

impl Address {
    pub(crate) fn is_template(&self) -> bool {
        !self.variables.is_empty()
    }
}

/// Reads the address in front of the options, and leaves the options.
pub(crate) fn address(tokens: TokenStream, errors: &Errors) -> (Option<Address>, TokenStream) {
    let parser = |input: ParseStream<'_>| {
        let text = match input.peek(LitStr) {
            true => Some(input.parse::<LitStr>()?),
            false => None,
        };
        if text.is_some() && !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        Ok((text, input.parse::<TokenStream>()?))
    };
    match parser.parse2(tokens) {
        Ok((Some(text), rest)) => match variables(&text.value()) {
            Ok(variables) => (Some(Address { text, variables }), rest),
            Err(message) => {
                errors.at(&text, message);
                (None, rest)
            }
        },
        Ok((None, rest)) => {
            errors.at_span(
                proc_macro2::Span::call_site(),
                Message::new("`#[resource]` needs a URI or a URI template")
                    .note("write `#[resource(\"notes://today\")]` or `#[resource(\"notes://{id}\")]`"),
            );
            (None, rest)
        }
        Err(error) => {
            errors.push(error);
            (None, TokenStream::new())
        }
    }
}

/// The variables of a URI template, none for a URI.
fn variables(text: &str) -> Result<Vec<String>, Message> {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    if scheme.is_none_or(|scheme| scheme.len() + 1 == text.len()) {
        return Err(Message::new(format!("`{text}` is no absolute URI"))
            .note("begin with a scheme, such as `notes://`"));
    }
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        let literal = &rest[..open];
        let inside = &rest[open + 1..];
        let end = if rest[open..].starts_with('{') { inside.find(['{', '}']) } else { None };
        let Some(end) = end.filter(|end| inside[*end..].starts_with('}')) else {
            return Err(Message::new(format!("the braces in `{text}` do not pair"))
                .note("a variable is written `{name}`"));
        };
        plain(literal, text)?;
        for name in expression(&inside[..end], text)? {
            if found.contains(&name) {
                return Err(Message::new(format!("the variable `{name}` stands in `{text}` twice"))
                    .note("give each variable a name of its own"));
            }
            found.push(name);
        }
        rest = &inside[end + 1..];
    }
    plain(rest, text)?;
    Ok(found)
}

/// Text between variables holds only what a URI may hold.
fn plain(literal: &str, text: &str) -> Result<(), Message> {
    match literal.chars().find(|c| !c.is_ascii_graphic() || "\"<>\\^`|".contains(*c)) {
        Some(c) => Err(Message::new(format!("`{text}` is no URI, because of {c:?}"))
            .note(format!("write it percent-encoded: `{}`", percent(c)))),
        None => Ok(()),
    }
}

fn percent(c: char) -> String {
    c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The variables of one `{..}`.
fn expression(inside: &str, text: &str) -> Result<Vec<String>, Message> {
    let forms = "what can be matched is `{name}`, `{name*}`, `{+name}` and `{?one,two}`";
    let (operator, list) = match inside.chars().next() {
        Some(operator @ ('+' | '?')) => (Some(operator), &inside[1..]),
        Some(operator) if "#./;&=!@|,".contains(operator) => {
            return Err(
                Message::new(format!("the operator `{operator}` in `{text}` cannot be matched")).note(forms)
            );
        }
        _ => (None, inside),
    };
    let names: Vec<&str> = list.split(',').collect();
    if names.len() > 1 && operator != Some('?') {
        return Err(Message::new(format!("`{{{inside}}}` in `{text}` cannot be matched")).note(forms));
    }
    names
        .into_iter()
        .map(|name| {
            let bare = if operator.is_none() { name.strip_suffix('*').unwrap_or(name) } else { name };
            let good = !bare.is_empty() && bare.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            match good {
                true => Ok(bare.to_owned()),
                false => {
                    Err(Message::new(format!("`{{{inside}}}` in `{text}` names no variable")).note(forms))
                }
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_uris_or_templates_that_can_be_matched() {
        assert_eq!(variables("notes://today").unwrap(), Vec::<String>::new());
        assert_eq!(variables("a://{x}/{y*}{?q,r}").unwrap(), ["x", "y", "q", "r"]);
        assert_eq!(variables("file:///{+path}").unwrap(), ["path"]);
        for bad in [
            "",
            "notes",
            "notes:",
            "1a://x",
            "a://{",
            "a://}",
            "a://{}",
            "a://{{x}}",
            "a://{x}{x}",
            "a:// ",
            "a://ü",
            "a://{/x}",
            "a://{x,y}",
            "a://{x-y}",
            "a://{?}",
        ] {
            assert!(variables(bad).is_err(), "{bad}");
        }
    }
}
