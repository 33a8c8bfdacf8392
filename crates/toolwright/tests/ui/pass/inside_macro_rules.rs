//! Attributes work on what other macros write.
#![deny(warnings)]
use toolwright::prelude::*;

macro_rules! tools_of {
    ($($name:ident($($argument:ident: $type:ty = $default:expr),*) -> $returns:ty, $title:literal, $low:literal..=$high:literal;)*) => {
        $(
            /// Made by a macro.
            #[tool(title = $title, version = $title)]
            fn $name(context: &Context, $(#[arg(default = $default, range($low..=$high))] $argument: $type),*) -> $returns {
                let _ = context;
                let local = 0;
                local $(+ $argument)*
            }
        )*
    };
}

tools_of! {
    one(a: i64 = 1) -> i64, "One", 0..=9;
    two(a: i64 = 1, b: i64 = 2) -> i64, "Two", 0..=9;
}

macro_rules! borrowed {
    ($type:ty) => {
        #[tool]
        fn three(text: $type) -> String {
            text.to_string()
        }

        #[derive(Elicit)]
        struct Question {
            #[arg(default = true)]
            sure: bool,
        }
    };
}

borrowed!(&str);

fn main() {
    let [one, two, three] = tools![one, two, three];
    assert_eq!(one.common().title.as_deref(), Some("One"));
    assert!(two.schema().as_str().contains(r#""b":{"type":"integer","minimum":0,"maximum":9,"default":2}"#));
    assert!(three.schema().as_str().contains(r#""text":{"type":"string"}"#));
    let _ = Question { sure: false }.sure;
}
