//! From what was read to code: short, with `::` paths only, and calling functions of the framework.
mod component;
mod definition;
mod elicit;
mod field;
mod free;
mod json;
mod kinds;
mod model;
mod parameters;
mod provider;
mod relocate;

use proc_macro2::TokenStream;

use crate::diagnostics::Kind;

pub(crate) use elicit::elicit;
pub(crate) use model::model;
pub(crate) use provider::provider;

pub(crate) fn tool(options: TokenStream, item: TokenStream) -> TokenStream {
    free::free(Kind::Tool, options, item)
}

pub(crate) fn resource(options: TokenStream, item: TokenStream) -> TokenStream {
    free::free(Kind::Resource, options, item)
}

pub(crate) fn prompt(options: TokenStream, item: TokenStream) -> TokenStream {
    free::free(Kind::Prompt, options, item)
}

pub(crate) fn completion(options: TokenStream, item: TokenStream) -> TokenStream {
    free::free(Kind::Completion, options, item)
}
