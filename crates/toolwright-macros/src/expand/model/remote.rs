use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, Data, DeriveInput, Fields, Ident, ext::IdentExt};

use super::derive_attributes;
use crate::attr::CratePath;

/// The name of the copy, which no field's type is likely to have.
pub(super) fn remote_ident(input: &DeriveInput) -> Ident {
    format_ident!("__{}Remote", input.ident.unraw())
}

/// A copy of the type, whose derived `deserialize` makes the type itself; what limits say is checked after that.
pub(super) fn remote(krate: &CratePath, input: &DeriveInput) -> TokenStream {
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
