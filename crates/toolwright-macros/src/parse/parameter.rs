use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Pat, PatType, Type, ext::IdentExt, spanned::Spanned};

use super::{docs, peel};
use crate::{
    attr::{Arg, PARAMETER_KEYS},
    diagnostics::{Errors, Message, Subject},
};

/// One parameter of a handler.
pub(crate) struct Parameter {
    /// Its name, unless its pattern has none.
    pub(crate) name: Option<Name>,
    /// Its pattern, to point at.
    pub(crate) pattern: Pat,
    /// Its type; of `&X` it is `X`.
    pub(crate) ty: Type,
    /// The whole type as it is written.
    pub(crate) written: Type,
    pub(crate) borrowed: bool,
    pub(crate) docs: Option<TokenStream>,
    pub(crate) arg: Arg,
    pub(crate) force: Option<Force>,
}

/// A name that clients see, and where it is written.
#[derive(Clone)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// What an attribute says that a parameter is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Force {
    Argument,
    Extractor,
}

impl Parameter {
    /// Reads a parameter and takes the attributes off that are ours.
    pub(super) fn take(typed: &mut PatType, subject: &Subject, errors: &Errors) -> Self {
        let arg = Arg::read(&typed.attrs, &PARAMETER_KEYS, errors);
        let docs = docs(&typed.attrs);
        let extract = typed.attrs.iter().find(|attribute| attribute.path().is_ident("extract")).cloned();
        let written = peel(&typed.ty).clone();
        let (ty, borrowed) = match &written {
            Type::Reference(reference) => (peel(&reference.elem).clone(), true),
            other => (other.clone(), false),
        };
        let name = name(&typed.pat, &arg);
        let mut parameter =
            Self { name, pattern: (*typed.pat).clone(), ty, written, borrowed, docs, arg, force: None };
        if let Some(extract) = &extract {
            parameter.check_extract(extract, subject, errors);
        }
        parameter.force = match (parameter.arg.given, extract) {
            (_, Some(_)) => Some(Force::Extractor),
            (true, None) => Some(Force::Argument),
            (false, None) => None,
        };
        typed.attrs.retain(|attribute| !is_ours(attribute));
        parameter
    }

    fn check_extract(&self, extract: &Attribute, subject: &Subject, errors: &Errors) {
        if !matches!(extract.meta, syn::Meta::Path(_)) {
            errors.at(extract, Message::new("`#[extract]` has no options").note("write `#[extract]` alone"));
        } else if self.arg.given {
            errors.at(
                extract,
                Message::new(format!(
                    "parameter {} of {subject} cannot be both `#[arg]` and `#[extract]`",
                    self.label()
                ))
                .note("an argument comes from the client, an extractor from the call: keep one of the two"),
            );
        }
    }

    /// How messages call it.
    pub(crate) fn label(&self) -> String {
        match &self.name {
            Some(name) => format!("`{}`", name.text),
            None => "without a name".to_owned(),
        }
    }

    /// Where the name is, or the pattern that has none.
    pub(crate) fn span(&self) -> Span {
        self.name.as_ref().map_or_else(|| self.pattern.span(), |name| name.span)
    }
}

fn is_ours(attribute: &Attribute) -> bool {
    ["doc", "arg", "extract"].iter().any(|ours| attribute.path().is_ident(ours))
}

fn name(pattern: &Pat, arg: &Arg) -> Option<Name> {
    if let Some(rename) = &arg.rename {
        return Some(Name { text: rename.value(), span: rename.span() });
    }
    match pattern {
        Pat::Ident(pattern) if pattern.subpat.is_none() => Some(named(&pattern.ident)),
        Pat::Paren(paren) => name(&paren.pat, arg),
        _ => None,
    }
}

fn named(ident: &Ident) -> Name {
    Name { text: ident.unraw().to_string(), span: ident.span() }
}
