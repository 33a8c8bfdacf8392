//! Lists of annotated functions.

/// The tools that `#[tool]` makes of these functions. "expected type, found function" means that one of them lacks the attribute.
///
/// # Example
/// ```
/// use toolwright::prelude::*;
///
/// mod admin {
///     use toolwright::prelude::*;
///
///     /// Cancel a booking.
///     #[tool(annotations(destructive))]
///     pub fn cancel(id: String) -> String {
///         format!("{id} is cancelled")
///     }
/// }
///
/// /// Add two numbers.
/// #[tool]
/// fn add(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// let names = tools![add, admin::cancel].map(|tool| tool.key().name);
/// assert_eq!(names, ["add", "cancel"]);
/// ```
#[macro_export]
macro_rules! tools {
    ($($function:path),* $(,)?) => {
        $crate::__list!(DefineTool Tool; $($function),*)
    };
}

/// The resources and templates that `#[resource]` makes of these functions.
///
/// # Example
/// ```
/// use toolwright::prelude::*;
///
/// #[resource("notes://today")]
/// fn today() -> &'static str {
///     "Be kind."
/// }
///
/// let [resource] = resources![today];
/// assert_eq!(resource.key().to_string(), "resource `notes://today`");
/// ```
#[macro_export]
macro_rules! resources {
    ($($function:path),* $(,)?) => {
        $crate::__list!(DefineResource Resource; $($function),*)
    };
}

/// The prompts that `#[prompt]` makes of these functions.
///
/// # Example
/// ```
/// use toolwright::prelude::*;
///
/// /// Asks for a review.
/// #[prompt]
/// fn review(text: &str) -> String {
///     format!("Review this: {text}")
/// }
///
/// let [prompt] = prompts![review];
/// assert_eq!(prompt.takes()[0].name, "text");
/// ```
#[macro_export]
macro_rules! prompts {
    ($($function:path),* $(,)?) => {
        $crate::__list!(DefinePrompt Prompt; $($function),*)
    };
}

/// The completions that `#[completion(..)]` makes of these functions.
///
/// # Example
/// ```
/// use toolwright::prelude::*;
///
/// #[resource("weather://{city}/now")]
/// fn now(city: &str) -> String {
///     format!("It rains in {city}.")
/// }
///
/// #[completion(now.city)]
/// fn cities(typed: &str) -> Vec<&'static str> {
///     ["Bonn", "Berlin"].into_iter().filter(|city| city.starts_with(typed)).collect()
/// }
///
/// let [completion] = completions![cities];
/// assert_eq!(completion.target().argument, "city");
/// ```
#[macro_export]
macro_rules! completions {
    ($($function:path),* $(,)?) => {
        $crate::__list!(DefineCompletion Completion; $($function),*)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __list {
    ($define:ident $component:ident; $($function:path),*) => {{
        let components: [$crate::$component; const { <[&str]>::len(&[$(::core::stringify!($function)),*]) }] =
            [$(<$function as $crate::__private::$define>::define()),*];
        components
    }};
}
