use std::cell::RefCell;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

use super::Message;

/// Collects mistakes, so that the author sees all of them at once.
///
/// It has to be looked at: a test that drops it unread panics.
#[derive(Default)]
pub(crate) struct Errors(RefCell<State>);

#[derive(Default)]
struct State {
    list: Vec<syn::Error>,
    read: bool,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Reports a mistake at the tokens that make it.
    pub(crate) fn at(&self, tokens: impl ToTokens, message: impl Into<Message>) {
        self.push(syn::Error::new_spanned(tokens, message.into().into_text()));
    }

    /// Reports a mistake at one token.
    pub(crate) fn at_span(&self, span: Span, message: impl Into<Message>) {
        self.push(syn::Error::new(span, message.into().into_text()));
    }

    /// Reports what the parser of Rust's syntax found.
    pub(crate) fn push(&self, error: syn::Error) {
        self.0.borrow_mut().list.push(error);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().list.is_empty()
    }

    /// All mistakes as `compile_error!`s.
    pub(crate) fn finish(self) -> TokenStream {
        let mut state = self.0.borrow_mut();
        state.read = true;
        state.list.iter().map(syn::Error::to_compile_error).collect()
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        if cfg!(test) && !std::thread::panicking() {
            assert!(self.0.borrow().read, "the mistakes of an expansion were never told");
        }
    }
}
