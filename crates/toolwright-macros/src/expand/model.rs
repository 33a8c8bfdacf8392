use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, Data, DeriveInput, Field, Fields, Ident, Lit, LitStr, ext::IdentExt};

use crate::{
    attr::{Arg, Bounds, CratePath, FIELD_KEYS, Options, literal},
    check,
    diagnostics::{Errors, Message},
};

const DERIVED: [&str; 3] = ["Serialize", "Deserialize", "JsonSchema"];

/// Expands `#[model]`: derives of serde and schemars, found through the framework.
pub(crate) fn model(options: TokenStream, item: TokenStream) -> TokenStream {
    let errors = Errors::new();
    let krate = Options::read_crate("#[model]", options, &errors);
    let mut input = match syn::parse2::<DeriveInput>(item.clone()) {
        Ok(input) => input,
        Err(error) => {
            match syn::parse2::<syn::Item>(item.clone()) {
                Ok(_) => errors.at_span(
                    Span::call_site(),
                    Message::new("`#[model]` goes on a struct or an enum")
                        .note("for a function write `#[tool]`"),
                ),
                Err(_) => errors.push(error),
            }
            let errors = errors.finish();
            return quote!(#item #errors);
        }
    };
    if let Data::Union(data) = &input.data {
        errors.at(
            data.union_token,
            Message::new("`#[model]` goes on a struct or an enum")
                .note("JSON cannot tell the members of a union apart"),
        );
        let errors = errors.finish();
        return quote!(#input #errors);
    }
    for attribute in &input.attrs {
        derived_twice(attribute, &errors);
    }
    let original = input.clone();
    let keep = input.attrs.iter().any(|attribute| derives(attribute).iter().any(|derive| derive == "Elicit"));
    let mut fields = Fielder {
        private: krate.private(),
        ident: input.ident.clone(),
        keep,
        defaults: Vec::new(),
        checks: Vec::new(),
        errors: &errors,
    };
    match &mut input.data {
        Data::Struct(data) => fields.fields(&mut data.fields, None),
        Data::Enum(data) => {
            for variant in &mut data.variants {
                fields.fields(&mut variant.fields, Some(&variant.ident));
            }
        }
        Data::Union(_) => unreachable!("unions were refused"),
    }
    let (defaults, checks) = (fields.defaults, fields.checks);
    if !checks.is_empty() && !input.generics.params.is_empty() {
        errors.at(
            &input.generics,
            Message::new(format!(
                "`{}` is generic, and a generic model cannot limit its fields",
                input.ident
            ))
            .note("put the limits on a type of their own, or remove the parameters"),
        );
    }
    if !errors.is_empty() {
        return at_fault(&krate, original, keep, errors);
    }
    let expansion = expansion(&krate, &input, &defaults, &checks);
    let errors = errors.finish();
    quote!(#expansion #errors)
}

/// The item with the derives it lacks and without our options, so that one mistake is told once.
fn at_fault(krate: &CratePath, mut input: DeriveInput, keep: bool, errors: Errors) -> TokenStream {
    let own: Vec<Ident> = input.attrs.iter().flat_map(derives).collect();
    let lacking: Vec<_> = DERIVED.into_iter().filter(|derive| own.iter().all(|own| own != derive)).collect();
    let strip = |fields: &mut Fields| {
        for field in fields.iter_mut().filter(|_| !keep) {
            field.attrs.retain(|attribute| !attribute.path().is_ident("arg"));
        }
    };
    match &mut input.data {
        Data::Struct(data) => strip(&mut data.fields),
        Data::Enum(data) => data.variants.iter_mut().for_each(|variant| strip(&mut variant.fields)),
        Data::Union(_) => {}
    }
    let (derives, errors) = (derive_attributes(krate, &lacking), errors.finish());
    quote!(#derives #input #errors)
}

/// The names that a `#[derive(..)]` lists.
fn derives(attribute: &Attribute) -> Vec<Ident> {
    if !attribute.path().is_ident("derive") {
        return Vec::new();
    }
    let mut found = Vec::new();
    // A list that cannot be read is the compiler's to report.
    let _ = attribute.parse_nested_meta(|meta| {
        found.extend(meta.path.segments.last().map(|last| last.ident.clone()));
        Ok(())
    });
    found
}

fn derived_twice(attribute: &Attribute, errors: &Errors) {
    for derive in derives(attribute).iter().filter(|derive| DERIVED.iter().any(|ours| *derive == ours)) {
        errors.at(
            derive,
            Message::new(format!("`#[model]` derives `{derive}` already"))
                .note("remove it from `#[derive(..)]`"),
        );
    }
}

fn derive_attributes(krate: &CratePath, which: &[&str]) -> TokenStream {
    let private = krate.private();
    let derives = which.iter().map(|derive| match *derive {
        "JsonSchema" => quote!(#private::schemars::JsonSchema),
        other => {
            let derive = format_ident!("{other}");
            quote!(#private::serde::#derive)
        }
    });
    let (serde, schemars) = (krate.private_text("serde"), krate.private_text("schemars"));
    let schemars = which.contains(&"JsonSchema").then(|| quote!(#[schemars(crate = #schemars)]));
    quote!(#[derive(#(#derives),*)] #[serde(crate = #serde)] #schemars)
}

fn expansion(
    krate: &CratePath,
    input: &DeriveInput,
    defaults: &[TokenStream],
    checks: &[TokenStream],
) -> TokenStream {
    let ident = &input.ident;
    let (parameters, arguments, clause) = input.generics.split_for_impl();
    let defaults = (!defaults.is_empty()).then(|| {
        quote! {
            #[doc(hidden)]
            #[allow(dead_code)]
            impl #parameters #ident #arguments #clause {
                #(#defaults)*
            }
        }
    });
    if checks.is_empty() {
        let derives = derive_attributes(krate, &DERIVED);
        return quote!(#derives #input #defaults);
    }
    let private = krate.private();
    let derives = derive_attributes(krate, &["Serialize", "JsonSchema"]);
    let (remote, remote_ident) = (remote(krate, input), remote_ident(input));
    quote! {
        #derives
        #input
        #defaults
        const _: () = {
            #remote
            impl<'de> #private::serde::Deserialize<'de> for #ident {
                fn deserialize<D: #private::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::core::result::Result<Self, D::Error> {
                    let value = #remote_ident::deserialize(deserializer)?;
                    match &value {
                        #(#checks)*
                        #[allow(unreachable_patterns)]
                        _ => {}
                    }
                    ::core::result::Result::Ok(value)
                }
            }
        };
    }
}

/// The name of the copy, which no field's type is likely to have.
fn remote_ident(input: &DeriveInput) -> Ident {
    format_ident!("__{}Remote", input.ident.unraw())
}

/// A copy of the type, whose derived `deserialize` makes the type itself; what limits say is checked after that.
fn remote(krate: &CratePath, input: &DeriveInput) -> TokenStream {
    let mut remote = input.clone();
    let ours = |attribute: &Attribute| attribute.path().is_ident("serde");
    let strip = |attributes: &mut Vec<Attribute>| attributes.retain(ours);
    strip(&mut remote.attrs);
    let fields: Vec<&mut Fields> = match &mut remote.data {
        Data::Struct(data) => vec![&mut data.fields],
        Data::Enum(data) => data
            .variants
            .iter_mut()
            .map(|variant| {
                strip(&mut variant.attrs);
                variant.discriminant = None;
                &mut variant.fields
            })
            .collect(),
        Data::Union(_) => Vec::new(),
    };
    for field in fields.into_iter().flat_map(Fields::iter_mut) {
        strip(&mut field.attrs);
    }
    let name = input.ident.to_string();
    // Errors of serde name the type.
    let renamed =
        remote.attrs.iter().any(|attribute| attribute.to_token_stream().to_string().contains("rename ="));
    let rename = (!renamed).then(|| {
        let name = input.ident.unraw().to_string();
        quote!(#[serde(rename = #name)])
    });
    remote.ident = remote_ident(input);
    remote.vis = syn::Visibility::Inherited;
    let derive = derive_attributes(krate, &["Deserialize"]);
    quote!(#derive #[serde(remote = #name)] #rename #[allow(dead_code)] #remote)
}

/// Goes through fields: turns `#[arg]` into attributes of serde and schemars, and collects the code beside.
struct Fielder<'a> {
    private: TokenStream,
    ident: Ident,
    /// Whether `#[arg]` stays, for `derive(Elicit)`.
    keep: bool,
    defaults: Vec<TokenStream>,
    checks: Vec<TokenStream>,
    errors: &'a Errors,
}

impl Fielder<'_> {
    fn fields(&mut self, fields: &mut Fields, variant: Option<&Ident>) {
        let mut checks = Vec::new();
        for (index, field) in fields.iter_mut().enumerate() {
            let arg = Arg::read(&field.attrs, &FIELD_KEYS, self.errors);
            if !self.keep {
                field.attrs.retain(|attribute| !attribute.path().is_ident("arg"));
            }
            if !arg.given {
                continue;
            }
            check::constraints(&arg, self.errors);
            let position =
                field.ident.as_ref().map_or_else(|| index.to_string(), |ident| ident.unraw().to_string());
            self.attributes(field, &arg, &position, variant);
            let member = match &field.ident {
                Some(ident) => ident.to_token_stream(),
                None => syn::Index::from(index).to_token_stream(),
            };
            let local = format_ident!("field{index}", span = Span::mixed_site());
            if let Some(check) = check_field(&self.private, &arg, &position, &local) {
                checks.push((quote!(#member: #local), check));
            }
        }
        if checks.is_empty() {
            return;
        }
        let path = match variant {
            Some(variant) => quote!(Self::#variant),
            None => quote!(Self),
        };
        let (bindings, bodies): (Vec<_>, Vec<_>) = checks.into_iter().unzip();
        self.checks.push(quote!(#path { #(#bindings,)* .. } => { #(#bodies)* }));
    }

    fn attributes(&mut self, field: &mut Field, arg: &Arg, position: &str, variant: Option<&Ident>) {
        if let Some(rename) = &arg.rename {
            field.attrs.push(syn::parse_quote!(#[serde(rename = #rename)]));
        }
        if let Some(default) = &arg.default {
            match &default.value {
                None => field.attrs.push(syn::parse_quote!(#[serde(default)])),
                Some(value) => {
                    let place = variant.map_or_else(String::new, |variant| format!("{}_", variant.unraw()));
                    let function = format_ident!("__default_{place}{position}");
                    let path = LitStr::new(&format!("{}::{function}", self.ident), default.key.span());
                    field.attrs.push(syn::parse_quote!(#[serde(default = #path)]));
                    let ty = &field.ty;
                    let value = match literal(value) {
                        Some(Lit::Str(_)) => quote!(::core::convert::From::from(#value)),
                        _ => value.to_token_stream(),
                    };
                    self.defaults.push(quote!(fn #function() -> #ty { #value }));
                }
            }
        }
        if arg.range.as_ref().is_some_and(|bounds| bounds.range.end.is_some() && !bounds.inclusive()) {
            let private = &self.private;
            field.attrs.push(syn::parse_quote!(#[schemars(transform = #private::without_maximum)]));
        }
        let extended = extended(arg);
        if !extended.is_empty() {
            field.attrs.push(syn::parse_quote!(#[schemars(extend(#(#extended),*))]));
        }
        if let Some(bounds) = &arg.length {
            let length = length(bounds);
            field.attrs.push(syn::parse_quote!(#[schemars(length(#length))]));
        }
        for (key, text) in [("title", &arg.title), ("description", &arg.description)] {
            if let Some(text) = text {
                let key = format_ident!("{key}");
                field.attrs.push(syn::parse_quote!(#[schemars(#key = #text)]));
            }
        }
    }
}

/// Keywords of the field's schema.
fn extended(arg: &Arg) -> Vec<TokenStream> {
    let mut keywords = Vec::new();
    if let Some(bounds) = &arg.range {
        if let Some(start) = &bounds.range.start {
            keywords.push(quote!("minimum" = #start));
        }
        if let Some(end) = &bounds.range.end {
            let keyword = if bounds.inclusive() { "maximum" } else { "exclusiveMaximum" };
            keywords.push(quote!(#keyword = #end));
        }
    }
    if let Some((_, values)) = &arg.one_of {
        keywords.push(quote!("enum" = [#(#values),*]));
    }
    if let Some(pattern) = &arg.pattern {
        keywords.push(quote!("pattern" = #pattern));
    }
    if let Some(example) = &arg.example {
        keywords.push(quote!("examples" = [#example]));
    }
    keywords
}

fn length(bounds: &Bounds) -> TokenStream {
    let min = bounds.range.start.as_ref().map(|start| quote!(min = #start));
    let max = bounds.range.end.as_ref().map(|end| match bounds.inclusive() {
        true => quote!(max = #end),
        false => quote!(max = (#end) - 1),
    });
    let parts = [min, max].into_iter().flatten();
    quote!(#(#parts),*)
}

/// Code that refuses a value which the field's limits refuse.
fn check_field(private: &TokenStream, arg: &Arg, name: &str, local: &Ident) -> Option<TokenStream> {
    let name = arg.rename.as_ref().map_or_else(|| name.to_owned(), LitStr::value);
    let mut code = TokenStream::new();
    let mut call = |function: &str, key: &Ident, limit: TokenStream| {
        let function = Ident::new(function, key.span());
        code.extend(quote!(#private::limits::#function(#local, #limit, #name)?;));
    };
    if let Some(Bounds { key, range }) = &arg.range {
        call("range", key, quote!(#range));
    }
    if let Some(Bounds { key, range }) = &arg.length {
        call("length", key, quote!(#range));
    }
    if let Some((key, values)) = &arg.one_of {
        call("one_of", key, quote!([#(#values),*]));
    }
    (!code.is_empty()).then_some(code)
}
