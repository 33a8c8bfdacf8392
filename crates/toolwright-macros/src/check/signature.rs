use quote::ToTokens;
use syn::{ReceiverKind, ReturnType, Safety, Type, spanned::Spanned};

use crate::{
    diagnostics::{Errors, Message, Subject},
    parse::{Function, Parameter, borrows_inside, contains_impl},
};

/// The most parameters that a handler can take.
const MOST: usize = 16;

/// Where a function stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Free,
    Provider,
}

/// What a function must not have to be a handler.
pub(crate) fn signature(
    function: &Function,
    parameters: &[Parameter],
    place: Place,
    subject: &Subject,
    errors: &Errors,
) {
    let signature = &function.signature;
    if !signature.generics.params.is_empty() {
        errors.at(
            &signature.generics,
            Message::new(format!("{subject} is generic, and a client cannot choose types"))
                .note("write the types out, or call the generic function from one that is not"),
        );
    } else if let Some(clause) = &signature.generics.where_clause {
        errors.at(
            clause,
            Message::new(format!("{subject} has a `where` clause, which a handler cannot have"))
                .note("remove it"),
        );
    }
    if let Safety::Unsafe(word) = &signature.safety {
        errors.at(
            word,
            Message::new(format!("{subject} is `unsafe`, and clients cannot keep its contract"))
                .note("call the unsafe function from a safe one"),
        );
    }
    if let Some(abi) = &signature.abi {
        errors.at(
            abi,
            Message::new(format!("{subject} is `extern`, and handlers are called from Rust"))
                .note("remove `extern`"),
        );
    }
    if let Some(variadic) = &signature.variadic {
        errors.at(
            variadic,
            Message::new(format!("{subject} takes `...`, and arguments have names")).note("take a `Vec`"),
        );
    }
    if !function.has_body() {
        errors.at(
            signature,
            Message::new(format!("{subject} has no body"))
                .note("put the attribute on the function that does the work"),
        );
    }
    if let ReturnType::Type(_, ty) = &signature.output
        && contains_impl(ty)
    {
        errors.at(
            ty,
            Message::new(format!("{subject} returns `impl Trait`, which tells clients nothing"))
                .note("name the type"),
        );
    }
    if parameters.len() > MOST {
        errors.at(
            &parameters[MOST].pattern,
            Message::new(format!("{subject} takes more than {MOST} parameters"))
                .note("put them into a struct with `#[model]` and take `Args<ThatStruct>`"),
        );
    }
    receiver(function, place, subject, errors);
    for parameter in parameters {
        check(parameter, subject, errors);
    }
    for input in &signature.inputs {
        let attributes = match input {
            syn::FnArg::Receiver(receiver) => &receiver.attrs,
            syn::FnArg::Typed(typed) => &typed.attrs,
        };
        if let Some(cfg) = attributes
            .iter()
            .find(|attribute| attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr"))
        {
            errors.at(
                cfg,
                Message::new(format!(
                    "a parameter of {subject} has a `cfg`, and its schema cannot change with it"
                ))
                .note("write two functions, and put the `cfg` on them"),
            );
        }
    }
}

fn receiver(function: &Function, place: Place, subject: &Subject, errors: &Errors) {
    let Some(receiver) = function.receiver() else { return };
    if place == Place::Free {
        errors.at(
            receiver,
            Message::new(format!("{subject} takes `self` outside of a provider"))
                .note("put `#[provider]` on the impl block"),
        );
        return;
    }
    let shared = match &receiver.kind {
        ReceiverKind::Reference(_, None, None) => true,
        ReceiverKind::Typed(_, ty) => {
            matches!(&**ty, Type::Reference(reference) if reference.mutability.is_none()
            && reference.lifetime.is_none()
            && reference.elem.to_token_stream().to_string() == "Self")
        }
        _ => false,
    };
    if !shared {
        errors.at(
            receiver,
            Message::new(format!("{subject} needs `&self`, because many calls share one provider"))
                .note("keep what changes behind a `Mutex` or an atomic"),
        );
    }
}

fn check(parameter: &Parameter, subject: &Subject, errors: &Errors) {
    let label = parameter.label();
    if contains_impl(&parameter.written) {
        errors.at(
            &parameter.written,
            Message::new(format!(
                "parameter {label} of {subject} is `impl Trait`, and a client cannot choose types"
            ))
            .note("name the type"),
        );
        return;
    }
    if let Type::Reference(reference) = &parameter.written {
        if let Some(word) = &reference.mutability {
            errors.at(
                word,
                Message::new(format!(
                    "parameter {label} of {subject} is `&mut`, and nobody sees what is changed in it"
                ))
                .note("take it by value or by `&`"),
            );
            return;
        }
        if let Some(lifetime) = reference.lifetime.as_ref().filter(|lifetime| lifetime.ident == "static") {
            errors.at(
                lifetime,
                Message::new(format!(
                    "parameter {label} of {subject} is `&'static`, and arguments live as long as their call"
                ))
                .note("remove the lifetime, or take an owned type"),
            );
            return;
        }
    }
    if borrows_inside(&parameter.ty) {
        errors.at_span(
            parameter.ty.span(),
            Message::new(format!("parameter {label} of {subject} holds a reference inside of its type"))
                .note("take an owned type, such as `Option<String>` for `Option<&str>`"),
        );
    }
}
