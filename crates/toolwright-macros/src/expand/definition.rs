use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::json::json;
use crate::{
    attr::{Annotation, Options},
    diagnostics::Kind,
};

/// The setters of a component for its options. The docs of the function are the description.
pub(super) fn setters(
    private: &TokenStream,
    kind: Kind,
    options: &Options,
    docs: Option<&TokenStream>,
) -> TokenStream {
    let mut setters = TokenStream::new();
    let mut set = |tokens: TokenStream| setters.extend(tokens);
    if let Some(title) = &options.title {
        set(quote!(.title(#title)));
    }
    match (&options.description, docs) {
        (Some(text), _) => set(quote!(.description(#text))),
        // Nobody lists completions, so their docs are for readers of the code only.
        (None, Some(text)) if !matches!(kind, Kind::Completion) => set(quote!(.description(#text))),
        (None, _) => {}
    }
    for icon in &options.icons {
        set(quote!(.icon(#private::Icon::new(#icon))));
    }
    let (tags, scopes) = (&options.tags, &options.scopes);
    if !tags.is_empty() {
        set(quote!(.tags([#(#tags),*])));
    }
    if let Some(version) = &options.version {
        set(quote!(.version(#version)));
    }
    if let Some(timeout) = options.timeout {
        let timeout = duration(timeout);
        set(quote!(.timeout(#timeout)));
    }
    if !options.meta.is_empty() {
        let members = options.meta.iter().map(|(key, value)| {
            let value = json(private, value.clone());
            quote!(.member(#key, #value))
        });
        set(quote!(.meta(#private::Meta::new() #(#members)*)));
    }
    if !scopes.is_empty() {
        set(quote!(.scopes([#(#scopes),*])));
    }
    if !options.requires.is_empty() {
        let requires = options.requires.iter().map(|variant| format_ident!("{variant}"));
        set(quote!(.requires([#(#private::Requirement::#requires),*])));
    }
    if let Some(cache) = &options.cache {
        let (ttl, public) = (millis(cache.ttl), cache.public);
        set(quote!(.cache(#private::cache(#ttl, #public))));
    }
    match kind {
        Kind::Tool => set(hints(private, options)),
        Kind::Resource => set(resource(private, options)),
        Kind::Prompt | Kind::Completion => {}
    }
    setters
}

fn hints(private: &TokenStream, options: &Options) -> TokenStream {
    if options.annotations.is_empty() {
        return TokenStream::new();
    }
    let hints = options.annotations.iter().map(|annotation| match annotation {
        Annotation::Title(title) => quote!(.title(#title)),
        Annotation::Hint { setter, value } => {
            let setter = format_ident!("{setter}");
            quote!(.#setter(#value))
        }
    });
    quote!(.annotations(#private::ToolAnnotations::new() #(#hints)*))
}

fn resource(private: &TokenStream, options: &Options) -> TokenStream {
    let mut setters = TokenStream::new();
    if let Some(mime) = &options.mime {
        setters.extend(quote!(.mime(#mime)));
    }
    if let Some(size) = &options.size {
        setters.extend(quote!(.size(#size)));
    }
    let mut annotations = TokenStream::new();
    if !options.audience.is_empty() {
        let audience = options.audience.iter().map(|role| match role == "user" {
            true => quote!(#private::Audience::User),
            false => quote!(#private::Audience::Assistant),
        });
        annotations.extend(quote!(.audience([#(#audience),*])));
    }
    if let Some(priority) = &options.priority {
        annotations.extend(quote!(.priority(#priority)));
    }
    if !annotations.is_empty() {
        setters.extend(quote!(.annotations(#private::Annotations::new() #annotations)));
    }
    setters
}

fn duration(duration: Duration) -> TokenStream {
    let millis = millis(duration);
    quote!(::core::time::Duration::from_millis(#millis))
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).expect("durations are read as milliseconds that fit")
}
