use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ReturnType;

use super::{
    definition::setters,
    parameters::{Ask, kind, locals, may_be_whole, passed, slots},
    relocate::{call_at, ends, relocate},
};
use crate::{
    attr::{Address, Options, Target, address, target},
    check::{self, Place},
    diagnostics::{Errors, Kind, Message, Subject},
    parse::{Function, Parameter},
};

/// A function with one of our attributes, read and checked.
pub(super) struct Component {
    pub(super) kind: Kind,
    pub(super) subject: Subject,
    pub(super) function: Function,
    pub(super) options: Options,
    pub(super) parameters: Vec<Parameter>,
    pub(super) address: Option<Address>,
    pub(super) target: Option<Target>,
    /// Variables that only `Args` could take.
    open: Vec<String>,
}

impl Component {
    /// Reads attribute and function, and takes from the function what is ours.
    pub(super) fn read(
        kind: Kind,
        tokens: TokenStream,
        mut function: Function,
        place: Place,
        errors: &Errors,
    ) -> Self {
        let subject = function.subject(kind);
        let (address, target, tokens) = match kind {
            Kind::Resource => {
                let (address, rest) = address(tokens, errors);
                (address, None, rest)
            }
            Kind::Completion => {
                let (target, rest) = target(tokens, errors);
                (None, target, rest)
            }
            Kind::Tool | Kind::Prompt => (None, None, tokens),
        };
        let options = Options::read(kind, tokens, errors);
        let parameters = function.take_parameters(&subject, errors);
        check::signature(&function, &parameters, place, &subject, errors);
        check::arguments(&parameters, &subject, errors);
        check::contradictory_blocking(&function, &options, &subject, errors);
        for parameter in &parameters {
            check::constraints(&parameter.arg, errors);
            if let Some(header) = parameter.arg.header.as_ref().filter(|_| kind != Kind::Tool) {
                errors.at(
                    header,
                    Message::new(format!("{subject} cannot have an argument with a header"))
                        .note("only arguments of tools are mirrored in HTTP headers"),
                );
            }
        }
        if matches!(kind, Kind::Tool | Kind::Prompt) {
            check::component_name(&function, &options, kind, errors);
        }
        if let (Some(address), Some(size)) = (&address, &options.size)
            && address.is_template()
        {
            errors.at(
                size,
                Message::new(format!("{subject} has a template, and templates have no `size`"))
                    .note("remove it"),
            );
        }
        let open = match &address {
            Some(address) => check::template(address, &parameters, &subject, errors),
            None => Vec::new(),
        };
        Self { kind, subject, function, options, parameters, address, target, open }
    }

    /// The name that clients see.
    pub(super) fn name(&self) -> String {
        self.options.name.as_ref().map_or_else(|| self.function.name(), syn::LitStr::value)
    }

    pub(super) fn private(&self) -> TokenStream {
        self.options.krate.private()
    }

    /// An expression that is the component. `head` is where it begins, `shared` the provider that its methods share.
    pub(super) fn expression(
        &self,
        head: TokenStream,
        call: TokenStream,
        shared: Option<&Ident>,
    ) -> TokenStream {
        let private = self.private();
        let call_is_method = self.function.receiver().is_some();
        let (locals, passed) = (locals(&self.parameters), passed(&self.parameters));
        let (share, pattern, arguments) = match shared.filter(|_| call_is_method) {
            Some(this) => {
                (quote!(.shared(&#this)), quote!((#this, (#(#locals,)*))), quote!(&#this, #(#passed),*))
            }
            None => (TokenStream::new(), quote!((#(#locals,)*)), quote!(#(#passed),*)),
        };
        let returned = match &self.function.signature.output {
            ReturnType::Type(_, ty) => ends(ty),
            ReturnType::Default => (Span::call_site(), Span::call_site()),
        };
        let (returns, outcome) =
            (relocate(quote!(#private::Returned), returned.0), relocate(quote!(outcome()), returned.1));
        let (run, body) = match (self.function.is_async(), self.options.blocking.is_some()) {
            (true, _) => (quote!(future), quote!(async move { #returns(#call(#arguments).await).#outcome })),
            (false, true) => (quote!(blocking), quote!(#returns(#call(#arguments)).#outcome)),
            (false, false) => (quote!(sync), quote!(#returns(#call(#arguments)).#outcome)),
        };
        let run = relocate(run, returned.0);
        let docs = self.function.docs();
        let setters = setters(&private, self.kind, &self.options, docs.as_ref());
        let checks = self.parameters.iter().map(|parameter| kind(&private, parameter, self.ask(parameter)));
        quote!({ #(#checks;)* #head #share.#run(|#pattern| #body) #setters })
    }

    /// The tuple of slots.
    pub(super) fn slots(&self) -> TokenStream {
        slots(&self.private(), &self.parameters)
    }

    fn ask(&self, parameter: &Parameter) -> Ask {
        let Some(address) = &self.address else { return Ask::Any };
        match parameter.name.as_ref().is_some_and(|name| address.variables.contains(&name.text)) {
            true => Ask::Any,
            false => Ask::OutsideTemplate,
        }
    }

    /// Questions about types that a constant answers: is there one `Args` at most, and does it stand alone?
    pub(super) fn assertions(&self) -> TokenStream {
        let private = self.private();
        let roles = self.parameters.iter().map(|parameter| kind(&private, parameter, self.ask(parameter)));
        let roles = quote!(&[#(#roles),*]);
        let mut assertions = TokenStream::new();
        let mut wholes = self.parameters.iter().filter(|parameter| may_be_whole(&parameter.ty));
        if let Some(last) = wholes.next_back().filter(|_| self.parameters.len() > 1) {
            let word = self.kind.word();
            let two = format!("{} takes two argument structs; a {word} has one", self.subject);
            let beside =
                format!("{} takes `Args` beside plain arguments; `Args` is all of them", self.subject);
            let [two, beside] = [two, beside].map(|text| {
                Message::new(text).note("join them in one struct, or take plain parameters").into_text()
            });
            let arguments = quote!(#roles, #two, #beside);
            let check = call_at(ends(&last.ty), quote!(#private::args_stand_alone), arguments);
            assertions.extend(quote!(const _: () = #check;));
        }
        if let (Some(variable), Some(address)) = (self.open.first(), &self.address) {
            let text = check::missing_parameter(variable, &self.subject).into_text();
            let place = address.text.span();
            let check = call_at((place, place), quote!(#private::args_take_variables), quote!(#roles, #text));
            assertions.extend(quote!(const _: () = #check;));
        }
        assertions
    }
}
