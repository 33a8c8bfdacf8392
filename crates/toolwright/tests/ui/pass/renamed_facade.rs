//! The framework may have another name.
#![deny(warnings)]
#![allow(unreachable_pub)]

mod shared {
    pub use toolwright as tw;
}

// Nothing of this name is left at the crate root of the expansions.
mod elsewhere {
    use crate::shared::tw::{self, Context, HandlerError};

    #[tw::model(crate = "crate::shared::tw")]
    pub struct Place {
        #[arg(length(1..))]
        name: String,
    }

    #[derive(tw::Elicit)]
    #[elicit(crate = "crate::shared::tw")]
    pub struct Seats {
        pub row: char,
    }

    #[tw::tool(crate = "crate::shared::tw")]
    pub async fn forecast(_: &Context, place: Place, #[arg(default = 1)] days: u8) -> Result<String, HandlerError> {
        Ok(format!("{}{days}", place.name))
    }

    #[tw::resource("weather://{city}", crate = crate::shared::tw)]
    pub fn weather(city: &str) -> String {
        city.to_owned()
    }

    #[tw::completion(weather.city, crate = crate::shared::tw)]
    pub fn cities(typed: &str) -> Vec<String> {
        vec![typed.to_owned()]
    }

    pub struct Shop;

    #[tw::provider(crate = "crate::shared::tw")]
    impl Shop {
        #[tool]
        fn sell(&self, item: String) -> String {
            item
        }
    }
}

fn main() {
    let [tool] = shared::tw::tools![elsewhere::forecast];
    assert!(tool.schema().as_str().contains("place"));
    let _ = shared::tw::resources![elsewhere::weather];
    let _ = shared::tw::completions![elsewhere::cities];
    let _ = shared::tw::__private::DefineProvider::components(elsewhere::Shop);
    let _ = elsewhere::Seats { row: 'a' }.row;
}
