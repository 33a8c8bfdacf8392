//! The attributes of Toolwright. They are documented where users meet them: in the crate `toolwright`.
//!
//! An expansion goes through the folders from top to bottom: the options of an attribute are read (`attr`), then what it
//! stands on (`parse`); rules that need both are checked (`check`); then code is written (`expand`). Mistakes are collected on
//! the way (`diagnostics`) and told all at once, beside the user's own item, so that editors keep working.
mod attr;
mod check;
mod diagnostics;
mod expand;
mod parse;

#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// Makes a tool of a function.
#[proc_macro_attribute]
pub fn tool(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::tool(options.into(), item.into()).into()
}

/// Makes a resource, or a resource template, of a function.
#[proc_macro_attribute]
pub fn resource(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::resource(options.into(), item.into()).into()
}

/// Makes a prompt of a function.
#[proc_macro_attribute]
pub fn prompt(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::prompt(options.into(), item.into()).into()
}

/// Makes a function suggest values for an argument of a prompt or of a resource template.
#[proc_macro_attribute]
pub fn completion(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::completion(options.into(), item.into()).into()
}

/// Makes components of the methods of an impl block.
#[proc_macro_attribute]
pub fn provider(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::provider(options.into(), item.into()).into()
}

/// Makes a struct or enum an argument and a result.
#[proc_macro_attribute]
pub fn model(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::model(options.into(), item.into()).into()
}

/// Makes a struct or enum a question to the user.
#[proc_macro_derive(Elicit, attributes(arg, elicit))]
pub fn derive_elicit(item: TokenStream) -> TokenStream {
    expand::elicit(item.into()).into()
}
