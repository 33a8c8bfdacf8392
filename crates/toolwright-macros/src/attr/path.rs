use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Lit, Path};

use super::{Body, Entry, value};
use crate::diagnostics::{Errors, Message};

/// Where expansions find the framework: `::toolwright`, unless the option `crate` says otherwise.
#[derive(Clone, Debug, Default)]
pub(crate) struct CratePath(Option<Path>);

impl CratePath {
    /// Reads `crate = "::name"`; the path is absolute, so that it means the same everywhere.
    pub(super) fn read(entry: &Entry, errors: &Errors) -> Self {
        let path = match &entry.body {
            Body::Value(expr) => match (value::ungroup(expr), value::literal(expr)) {
                (_, Some(Lit::Str(text))) => text.parse_with(Path::parse_mod_style).ok(),
                (syn::Expr::Path(path), _) if path.qself.is_none() => Some(path.path.clone()),
                _ => None,
            },
            _ => None,
        };
        let absolute = |path: &Path| {
            path.leading_colon.is_some()
                || path
                    .segments
                    .first()
                    .is_some_and(|first| first.ident == "crate" || first.ident == "$crate")
        };
        match path {
            Some(path) if absolute(&path) => return Self(Some(path)),
            Some(path) => errors.at(
                path_tokens(entry),
                Message::new(format!("`crate` needs an absolute path, and `{}` is none", spell(&path)))
                    .note(format!("write `crate = \"::{}\"`", spell(&path))),
            ),
            None => errors.at(
                path_tokens(entry),
                Message::new("`crate` needs the path of the framework's crate")
                    .note("write `crate = \"::toolwright\"`"),
            ),
        }
        Self(None)
    }

    /// Takes the path of the block around, if it has none of its own.
    pub(crate) fn inherit(&mut self, outer: &Self) {
        if self.0.is_none() {
            self.0.clone_from(&outer.0);
        }
    }

    /// `::toolwright::__private`.
    pub(crate) fn private(&self) -> TokenStream {
        quote!(#self::__private)
    }

    /// The path of an item of `__private` as text, for attributes of other derives.
    pub(crate) fn private_text(&self, item: &str) -> String {
        let path: String = self.to_token_stream().to_string().split_whitespace().collect();
        format!("{path}::__private::{item}")
    }
}

fn path_tokens(entry: &Entry) -> TokenStream {
    match &entry.body {
        Body::Value(value) => value.to_token_stream(),
        _ => entry.key.to_token_stream(),
    }
}

fn spell(path: &Path) -> String {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>().join("::")
}

impl ToTokens for CratePath {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.0 {
            Some(path) => path.to_tokens(tokens),
            None => quote!(::toolwright).to_tokens(tokens),
        }
    }
}
