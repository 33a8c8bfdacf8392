use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::{
    Attribute, FnArg, Ident, Receiver, Signature, Token, Visibility,
    ext::IdentExt,
    parse::{Parse, ParseStream},
};

use super::{Parameter, docs};
use crate::diagnostics::{Errors, Kind, Subject};

/// A function or method. Its body stays unread.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    visibility: Visibility,
    defaultness: Option<Token![default]>,
    pub(crate) signature: Signature,
    body: TokenStream,
}

impl Function {
    /// The name that clients see unless an option gives another.
    pub(crate) fn name(&self) -> String {
        self.signature.ident.unraw().to_string()
    }

    pub(crate) fn ident(&self) -> &Ident {
        &self.signature.ident
    }

    pub(crate) fn visibility(&self) -> &Visibility {
        &self.visibility
    }

    /// What messages call it.
    pub(crate) fn subject(&self, kind: Kind) -> Subject {
        Subject { kind, name: self.name() }
    }

    pub(crate) fn docs(&self) -> Option<TokenStream> {
        docs(&self.attributes)
    }

    /// `#[cfg]`s, which what stands beside the function has to share.
    pub(crate) fn cfgs(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"))
    }

    pub(crate) fn is_async(&self) -> bool {
        self.signature.asyncness.is_some()
    }

    pub(crate) fn receiver(&self) -> Option<&Receiver> {
        self.signature.receiver()
    }

    /// Whether a body follows the signature.
    pub(crate) fn has_body(&self) -> bool {
        matches!(self.body.clone().into_iter().next(), Some(TokenTree::Group(_)))
    }

    /// Reads the parameters and takes the attributes off that the compiler must not see.
    pub(crate) fn take_parameters(&mut self, subject: &Subject, errors: &Errors) -> Vec<Parameter> {
        self.signature
            .inputs
            .iter_mut()
            .filter_map(|input| match input {
                FnArg::Typed(typed) => Some(Parameter::take(typed, subject, errors)),
                FnArg::Receiver(_) => None,
            })
            .collect()
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self {
            attributes: input.call(Attribute::parse_outer)?,
            visibility: input.parse()?,
            defaultness: input.parse()?,
            signature: input.parse()?,
            body: input.parse()?,
        })
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attributes);
        self.visibility.to_tokens(tokens);
        self.defaultness.to_tokens(tokens);
        self.signature.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}
