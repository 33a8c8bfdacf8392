use proc_macro2::{Ident, TokenStream};
use syn::{
    Path, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

use crate::diagnostics::{Errors, Message};

/// What a `#[completion(function.argument)]` completes.
pub(crate) struct Target {
    pub(crate) function: Path,
    pub(crate) argument: Ident,
}

impl Target {
    /// The argument's name as clients know it.
    pub(crate) fn name(&self) -> String {
        self.argument.unraw().to_string()
    }
}

/// Reads the target in front of the options, and leaves the options.
pub(crate) fn target(tokens: TokenStream, errors: &Errors) -> (Option<Target>, TokenStream) {
    let parser = |input: ParseStream<'_>| {
        let function = Path::parse_mod_style(input)?;
        input.parse::<Token![.]>()?;
        let argument = Ident::parse_any(input)?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        Ok((Target { function, argument }, input.parse::<TokenStream>()?))
    };
    match parser.parse2(tokens) {
        Ok((target, rest)) => (Some(target), rest),
        Err(error) => {
            errors.at_span(
                error.span(),
                Message::new("`#[completion]` needs the argument that it completes")
                    .note("write `#[completion(function.argument)]`, with the function of a prompt or of a resource template"),
            );
            (None, TokenStream::new())
        }
    }
}
