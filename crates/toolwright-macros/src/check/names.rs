use std::collections::HashMap;

use syn::LitStr;

use crate::{
    attr::Options,
    diagnostics::{Errors, Kind, Message, Subject},
    parse::{Force, Function, Parameter},
};

/// Checks the name of a tool or prompt: 1 to 128 of `A-Z a-z 0-9 _ - .` ("Tools", "Tool Names").
pub(crate) fn component_name(function: &Function, options: &Options, kind: Kind, errors: &Errors) {
    let (text, span) = match &options.name {
        Some(name) => (name.value(), name.span()),
        None => (function.name(), function.ident().span()),
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let message = if text.is_empty() || text.len() > 128 {
        format!("a {} has a name of 1 to 128 characters, and this one has {}", kind.word(), text.len())
    } else if let Some(wrong) = text.chars().find(|c| !legal(*c)) {
        format!("{} `{text}` cannot have {wrong:?} in its name", kind.word())
    } else {
        return;
    };
    errors.at_span(
        span,
        Message::new(message).note(
            "names are made of `A-Z`, `a-z`, `0-9`, `_`, `-` and `.`; the option `name` gives another one",
        ),
    );
}

/// Checks that no two parameters have one name, and no two headers either.
pub(crate) fn arguments(parameters: &[Parameter], subject: &Subject, errors: &Errors) {
    let mut names = HashMap::new();
    let mut headers: HashMap<String, &LitStr> = HashMap::new();
    for parameter in parameters {
        if let Some(name) = &parameter.name {
            if name.text.is_empty() {
                errors.at_span(
                    name.span,
                    Message::new("an argument has no empty name").note("remove `rename`"),
                );
            } else if names.insert(&name.text, ()).is_some() {
                errors.at_span(
                    name.span,
                    Message::new(format!("{subject} has two parameters named `{}`", name.text))
                        .note("`rename` one of them"),
                );
            }
        } else if parameter.force == Some(Force::Argument) {
            errors.at(
                &parameter.pattern,
                Message::new(format!("an argument of {subject} has a pattern instead of a name"))
                    .note("name it, and take it apart in the body"),
            );
        }
        if let Some(header) = &parameter.arg.header
            && headers.insert(header.value().to_ascii_lowercase(), header).is_some()
        {
            errors.at(
                header,
                Message::new(format!("two arguments of {subject} have the header `{}`", header.value()))
                    .note("the names of headers differ by more than the case of letters"),
            );
        }
    }
}
