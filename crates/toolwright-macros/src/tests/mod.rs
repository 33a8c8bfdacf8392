//! What attributes expand to, as a user would see it.
use proc_macro2::TokenStream;
use quote::quote;

use crate::expand;

fn pretty(expansion: TokenStream) -> String {
    let file: syn::File = syn::parse2(expansion).expect("an expansion is a list of items");
    prettyplease::unparse(&file)
}

#[test]
fn a_small_tool() {
    insta::assert_snapshot!(pretty(expand::tool(
        quote!(),
        quote! {
            /// Add two numbers.
            #[doc(alias = "plus")]
            fn add(a: i64, b: i64) -> i64 { a + b }
        }
    )));
}

#[test]
fn a_large_tool() {
    insta::assert_snapshot!(pretty(expand::tool(
        quote!(
            annotations(destructive),
            timeout = "30s",
            tags("booking"),
            requires(elicitation),
            meta("example.org/x" = [1])
        ),
        quote! {
            /// Book seats for a show.
            pub async fn book(
                ctx: &Context,
                db: State<Db>,
                /// Show id.
                show: &str,
                #[arg(default = 1, range(1..=8))] seats: u8,
                #[extract] Tenant(tenant): Tenant,
            ) -> Result<Booking, HandlerError> {
                body
            }
        }
    )));
}

#[test]
fn a_template() {
    insta::assert_snapshot!(pretty(expand::resource(
        quote!("shows://{show}", mime = "text/markdown"),
        quote! {
            async fn program(db: State<Db>, show: &str) -> String { body }
        }
    )));
}

#[test]
fn a_completion() {
    insta::assert_snapshot!(pretty(expand::completion(
        quote!(program.show, crate = "::tw"),
        quote! {
            fn shows(typed: &str) -> Vec<String> { body }
        }
    )));
}

#[test]
fn a_provider() {
    insta::assert_snapshot!(pretty(expand::provider(
        quote!(),
        quote! {
            impl Weather {
                #[tool]
                async fn forecast(&self, city: String) -> Forecast { body }
                #[prompt(blocking)]
                fn ask(&self, city: &str) -> String { body }
                fn other(&self) {}
            }
        }
    )));
}

#[test]
fn a_model_with_limits() {
    insta::assert_snapshot!(pretty(expand::model(
        quote!(),
        quote! {
            /// A place.
            #[derive(Debug)]
            pub struct Place {
                /// Its name.
                #[arg(length(1..=80))]
                name: String,
                #[arg(default = 3)]
                zoom: u8,
            }
        }
    )));
}

#[test]
fn a_question() {
    insta::assert_snapshot!(pretty(expand::elicit(quote! {
        struct Seats {
            /// Row, A to Z.
            row: char,
            #[arg(default = false)]
            aisle: bool,
        }
    })));
}

/// All mistakes are told at once, beside the item as it was written.
#[test]
fn mistakes() {
    insta::assert_snapshot!(pretty(expand::tool(
        quote!(tiemout = "30s", version = 1),
        quote! {
            fn add<T>(#[arg(range(9..1))] a: i64, b: &mut T) -> i64 { a }
        }
    )));
}

#[test]
fn an_item_that_is_no_function_is_given_back() {
    let item = quote!(
        struct Add {
            a: i64,
        }
    );
    let expansion = expand::tool(quote!(), item.clone()).to_string();
    assert!(expansion.starts_with(&item.to_string()));
    assert!(expansion.contains("`#[tool]` goes on a function"));
}
