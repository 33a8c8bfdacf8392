use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, ImplItem, ItemImpl, Meta};

use super::{
    component::Component,
    kinds,
    relocate::{ends, relocate},
};
use crate::{
    attr::{CratePath, Options},
    check::Place,
    diagnostics::{Errors, Kind, Message},
    parse::Function,
};

/// Expands `#[provider]`: the impl block without our attributes, and what makes components of its methods.
pub(crate) fn provider(options: TokenStream, item: TokenStream) -> TokenStream {
    let errors = Errors::new();
    let krate = Options::read_crate("#[provider]", options, &errors);
    let mut block = match syn::parse2::<ItemImpl>(item.clone()) {
        Ok(block) => block,
        Err(error) => {
            match syn::parse2::<syn::Item>(item.clone()) {
                Ok(_) => errors.at_span(
                    Span::call_site(),
                    Message::new("`#[provider]` goes on an impl block")
                        .note("put `#[tool]`, `#[resource]` and `#[prompt]` on its methods"),
                ),
                Err(_) => errors.push(error),
            }
            let errors = errors.finish();
            return quote!(#item #errors);
        }
    };
    if let Some((path, _)) = &block.trait_ {
        errors.at(
            path,
            Message::new("`#[provider]` cannot stand on the impl of a trait")
                .note("write an `impl` of the type itself"),
        );
    }
    let components: Vec<_> =
        block.items.iter_mut().filter_map(|item| component(item, &krate, &errors)).collect();
    if components.is_empty() && errors.is_empty() {
        errors.at(
            &block.self_ty,
            Message::new("this provider has no components")
                .note("put `#[tool]`, `#[resource]`, `#[prompt]` or `#[completion]` on its methods"),
        );
    }
    unique(&components, &errors);
    let bodies: Vec<_> = components.iter().map(|component| push(component, &components, &errors)).collect();
    let definition = definition(&block, &krate, &components, &bodies, errors.is_empty());
    let errors = errors.finish();
    quote!(#block #definition #errors)
}

/// Which of our attributes one is, by the last word of its path.
pub(super) fn kind(attribute: &Attribute) -> Option<Kind> {
    let last = attribute.path().segments.last()?;
    Kind::ALL.into_iter().find(|kind| last.ident == kind.word())
}

/// Takes our attribute off a method and reads both.
fn component(item: &mut ImplItem, krate: &CratePath, errors: &Errors) -> Option<Component> {
    let ImplItem::Fn(method) = item else { return None };
    let position = method.attrs.iter().position(|attribute| kind(attribute).is_some())?;
    let attribute = method.attrs.remove(position);
    let kind = kind(&attribute)?;
    let options = match &attribute.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(_) => {
            errors.at(
                &attribute,
                Message::new(format!("`#[{}]` takes its options in parentheses", kind.word())),
            );
            return None;
        }
    };
    let mut function = match syn::parse2::<Function>(method.to_token_stream()) {
        Ok(function) => function,
        Err(error) => {
            errors.push(error);
            return None;
        }
    };
    twice(&mut function, kind, errors);
    let mut component = Component::read(kind, options, function, Place::Provider, errors);
    component.options.krate.inherit(krate);
    *item = ImplItem::Verbatim(component.function.to_token_stream());
    Some(component)
}

/// Reports a second attribute of ours, and takes it off.
pub(super) fn twice(function: &mut Function, first: Kind, errors: &Errors) {
    let name = function.name();
    function.attributes.retain(|attribute| {
        let Some(second) = kind(attribute) else { return true };
        errors.at(
            attribute.path(),
            Message::new(format!("`{name}` is a {} already", first.word())).note(format!(
                "write another function for the {}, and call the one from the other",
                second.word()
            )),
        );
        false
    });
}

/// Names are unique in their kind.
fn unique(components: &[Component], errors: &Errors) {
    for (index, component) in components.iter().enumerate() {
        if !matches!(component.kind, Kind::Tool | Kind::Prompt) {
            continue;
        }
        let name = component.name();
        let version = component.options.version.as_ref().map(syn::LitStr::value);
        let same = components[..index].iter().any(|other| {
            other.kind == component.kind
                && other.name() == name
                && other.options.version.as_ref().map(syn::LitStr::value) == version
        });
        if same {
            let span =
                component.options.name.as_ref().map_or(component.function.ident().span(), syn::LitStr::span);
            errors.at_span(
                span,
                Message::new(format!("this provider has two {}s named `{name}`", component.kind.word()))
                    .note("give one of them another `name`, or each a `version`"),
            );
        }
    }
}

/// The list of `Components` that a component belongs to, and its expression.
fn push(component: &Component, all: &[Component], errors: &Errors) -> TokenStream {
    let list = Ident::new(&format!("{}s", component.kind.word()), Span::call_site());
    let completes = component.target.as_ref().map(|_| completes(component, all, errors));
    let head = kinds::head(component, completes);
    let (ident, this) = (component.function.ident(), this());
    let expression = component.expression(head, quote!(Self::#ident), Some(&this));
    let cfgs = component.function.cfgs();
    let set = components();
    quote!(#(#cfgs)* #set.#list.push(#expression);)
}

/// What a completion of this provider completes: one of its prompts or templates.
fn completes(component: &Component, all: &[Component], errors: &Errors) -> TokenStream {
    let private = component.private();
    let Some(target) = &component.target else { return TokenStream::new() };
    let sibling =
        target.function.get_ident().and_then(|name| all.iter().find(|other| other.function.ident() == name));
    let Some(sibling) = sibling.filter(|sibling| is_completable(sibling)) else {
        let known: Vec<_> = all
            .iter()
            .filter(|other| is_completable(other))
            .map(|other| format!("`{}`", other.function.name()))
            .collect();
        let note = match known.is_empty() {
            true => "completions are for prompts and resource templates, and it has none".to_owned(),
            false => {
                format!("completions are for prompts and resource templates; it has {}", known.join(", "))
            }
        };
        errors.at(
            &target.function,
            Message::new("this provider has nothing of that name to complete").note(note),
        );
        return TokenStream::new();
    };
    let name = target.name();
    let (arguments, make): (Vec<String>, _) = match &sibling.address {
        Some(address) => {
            let text = &address.text;
            (address.variables.clone(), quote!(resource(#text, #name)))
        }
        None => {
            let names = sibling.parameters.iter().filter_map(|parameter| parameter.name.as_ref());
            let prompt = sibling.name();
            (names.map(|name| name.text.clone()).collect(), quote!(prompt(#prompt, #name)))
        }
    };
    let certain =
        sibling.address.is_some() || sibling.parameters.iter().all(|parameter| parameter.name.is_some());
    if certain && !arguments.contains(&name) {
        let known: Vec<_> = arguments.iter().map(|name| format!("`{name}`")).collect();
        errors.at(
            &target.argument,
            Message::new(format!("`{}` has no argument `{name}` to complete", sibling.function.name()))
                .note(format!("it has {}", known.join(", "))),
        );
    }
    quote!(#private::Completion::#make)
}

fn is_completable(component: &Component) -> bool {
    match component.kind {
        Kind::Prompt => true,
        Kind::Resource => component.address.as_ref().is_some_and(|address| address.is_template()),
        Kind::Tool | Kind::Completion => false,
    }
}

fn this() -> Ident {
    Ident::new("this", Span::mixed_site())
}

fn components() -> Ident {
    Ident::new("components", Span::mixed_site())
}

fn definition(
    block: &ItemImpl,
    krate: &CratePath,
    components: &[Component],
    bodies: &[TokenStream],
    sound: bool,
) -> TokenStream {
    let private = krate.private();
    let (generics, ty) = (&block.generics, &block.self_ty);
    let (parameters, _, clause) = generics.split_for_impl();
    let (first, last) = ends(ty);
    let bound = (
        relocate(quote!(Self: ::core::marker::Send + ::core::marker), first),
        relocate(quote!(::Sync), last),
    );
    let bound = {
        let (head, tail) = bound;
        quote!(#head #tail + 'static)
    };
    let cfgs = block.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let (this, set) = (this(), self::components());
    let body = match sound {
        true => quote! {
            use #private::Outcome as _;
            let #this = #private::Arc::new(self);
            let mut #set = <#private::Components as ::core::default::Default>::default();
            #(#bodies)*
            #set
        },
        false => quote!(::core::panic!()),
    };
    let concrete = generics.params.is_empty();
    let assertions = components
        .iter()
        .filter(|component| sound && concrete && !mentions_self(component))
        .map(Component::assertions);
    quote! {
        #(#cfgs)*
        #[allow(deprecated, unused_mut, unused_qualifications, unused_variables)]
        const _: () = {
            #(#assertions)*
            impl #parameters #private::DefineProvider for #ty #clause {
                fn components(self) -> #private::Components where #bound {
                    #body
                }
            }
        };
    }
}

/// Whether a constant outside of the impl block could not name the parameters' types.
fn mentions_self(component: &Component) -> bool {
    fn inside(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            proc_macro2::TokenTree::Ident(word) => word == "Self",
            proc_macro2::TokenTree::Group(group) => inside(group.stream()),
            _ => false,
        })
    }
    component.parameters.iter().any(|parameter| inside(parameter.ty.to_token_stream()))
}
