use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The doc comment among these attributes as a `&'static str` expression, `None` if there is none.
pub(crate) fn docs(attributes: &[Attribute]) -> Option<TokenStream> {
    let mut text = String::new();
    let mut parts: Vec<TokenStream> = Vec::new();
    for attribute in attributes {
        let Meta::NameValue(pair) = &attribute.meta else { continue };
        if !pair.path.is_ident("doc") {
            continue;
        }
        match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) => {
                text.push_str(&comment(&line.value()));
                text.push('\n');
            }
            // `#[doc = include_str!(..)]` is known to the compiler only.
            other => {
                parts.push(quote!(#text));
                text = "\n".to_owned();
                parts.push(quote!(#other));
            }
        }
    }
    let text = if parts.is_empty() { text.trim() } else { text.trim_end() };
    if parts.is_empty() {
        return (!text.is_empty()).then(|| quote!(#text));
    }
    Some(quote!(::core::concat!(#(#parts,)* #text)))
}

/// One doc attribute without what only belongs to the comment: the space behind `///`, the stars of a block.
fn comment(line: &str) -> String {
    if !line.contains('\n') {
        return line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned();
    }
    let starred =
        line.lines().skip(1).all(|line| line.trim().is_empty() || line.trim_start().starts_with('*'));
    let strip = |line: &str| {
        let line = line.trim();
        let line = if starred { line.strip_prefix('*').unwrap_or(line) } else { line };
        line.strip_prefix(' ').unwrap_or(line).to_owned()
    };
    line.lines().map(strip).collect::<Vec<_>>().join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(attributes: TokenStream) -> Option<String> {
        let item: syn::ItemFn = syn::parse2(quote!(#attributes fn f() {})).unwrap();
        docs(&item.attrs).map(|docs| docs.to_string())
    }

    #[test]
    fn lines_lose_one_space_and_keep_the_rest() {
        let docs = quote!(#[doc = " One."] #[doc = ""] #[doc = "   indented"] #[doc = " Two.  "]);
        assert_eq!(text(docs).unwrap(), r#""One.\n\n  indented\nTwo.""#);
        assert_eq!(text(quote!(#[inline])), None);
        assert_eq!(text(quote!(#[doc = "  "])), None);
    }

    #[test]
    fn blocks_lose_their_stars() {
        assert_eq!(text(quote!(#[doc = "\n * One.\n *\n * Two.\n "])).unwrap(), r#""One.\n\nTwo.""#);
    }

    #[test]
    fn included_files_are_left_to_the_compiler() {
        let docs = text(quote!(#[doc = " One."] #[doc = include_str!("x.md")])).unwrap();
        assert_eq!(docs, r#":: core :: concat ! ("One.\n" , include_str ! ("x.md") , "")"#);
    }
}
