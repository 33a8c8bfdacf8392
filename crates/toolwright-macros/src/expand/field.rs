use proc_macro2::TokenStream;
use quote::quote;

use crate::attr::Arg;

/// The setters of `Field` for what an argument's schema says besides its type.
pub(super) fn metadata(arg: &Arg, docs: Option<&TokenStream>) -> TokenStream {
    let mut setters = TokenStream::new();
    match (&arg.description, docs) {
        (Some(text), _) => setters.extend(quote!(.description(#text))),
        (None, Some(text)) => setters.extend(quote!(.description(#text))),
        (None, None) => {}
    }
    if let Some(title) = &arg.title {
        setters.extend(quote!(.title(#title)));
    }
    if let Some(pattern) = &arg.pattern {
        setters.extend(quote!(.pattern(#pattern)));
    }
    if let Some(header) = &arg.header {
        setters.extend(quote!(.header(#header)));
    }
    if let Some(format) = &arg.format {
        setters.extend(quote!(.format(#format)));
    }
    if let Some(example) = &arg.example {
        setters.extend(quote!(.example(#example)));
    }
    setters
}
