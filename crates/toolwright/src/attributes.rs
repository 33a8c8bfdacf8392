//! The attributes, with their documentation.

/// Makes a tool of a function.
///
/// The function stays as it is, so that it can be called and tested directly; [`tools!`](crate::tools) finds the tool by the
/// function's path. Parameters are the input schema, doc comments are the descriptions, the return type is the output schema.
///
/// ```
/// use toolwright::prelude::*;
///
/// struct Db;
///
/// /// Book seats for a show.
/// #[tool(annotations(destructive), timeout = "30s", tags("booking"))]
/// async fn book(
///     db: State<Db>,
///     /// Show id, for example `hamlet-2026-12-01`.
///     show: &str,
///     /// How many seats.
///     #[arg(default = 1, range(1..=8))]
///     seats: u8,
///     note: Option<String>,
/// ) -> Result<String, HandlerError> {
///     if show.is_empty() {
///         return Err("which show?".into());
///     }
///     let _ = (db, note);
///     Ok(format!("{seats} for {show}"))
/// }
///
/// let [tool] = tools![book];
/// assert_eq!(tool.common().description.as_deref(), Some("Book seats for a show."));
/// assert!(tool.schema().as_str().contains(r#""seats":{"type":"integer","minimum":1,"maximum":8,"default":1"#));
/// ```
///
/// # Parameters
/// A parameter is an *argument* if its type is `Deserialize + JsonSchema` ([`macro@model`] derives both), and an *extractor* if it
/// implements [`FromCall`](crate::extract::FromCall), like [`Context`](crate::Context) and [`State`](crate::extract::State). The
/// compiler finds out which; for a type that is both, write `#[arg]` or `#[extract]` before the parameter. Both may be borrowed:
/// `&Context`, `&str`, `&[T]`, `&T`. An `Option` may be left out. [`Args<T>`](crate::arguments::Args) takes all arguments as one
/// struct.
///
/// | `#[arg(..)]` | |
/// |---|---|
/// | `default`, `default = ..` | may be left out |
/// | `range(1..=8)` | bounds of a number |
/// | `length(1..=80)` | bounds of the length of a string, list or map |
/// | `enum("a", "b")`, or `one_of` | the only values; for more write an enum with `#[model]` |
/// | `pattern = ".."` | a regular expression, in the schema; held to with the feature `validation` |
/// | `rename`, `title`, `description`, `example` | what clients see |
/// | `header = "Region"` | mirrored in the HTTP header `Mcp-Param-Region` |
///
/// # Options
/// | option | |
/// |---|---|
/// | `name`, `title`, `description` | instead of the function's name and docs |
/// | `annotations(..)` | `read_only`, `destructive`, `idempotent`, `open_world`, each also `= false`; `title` |
/// | `icons("https://..")`, `tags(..)`, `version = ".."` | |
/// | `meta("example.com/team" = "blue")` | `_meta` of the definition, values like JSON |
/// | `timeout = "30s"` | longest run; `ms`, `s`, `m`, `h` |
/// | `scopes(..)` | what a caller's token has to allow; **kept only, nothing checks it yet**: [`access`](crate::Tool::access) does |
/// | `requires(..)` | of the client: `elicitation`, `elicitation_url`, `sampling`, `sampling_tools`, `roots` |
/// | `blocking` | runs a function that is not `async` on a thread where it may block |
/// | `crate = "::name"` | where the framework is, if it was renamed |
#[doc(inline)]
pub use toolwright_macros::tool;

/// Makes a resource, or a resource template, of a function.
///
/// Variables of the template are parameters of the same name; all other parameters are extractors, or one
/// [`Args<T>`](crate::arguments::Args) with all variables. [`resources!`](crate::resources) finds it.
///
/// ```
/// use toolwright::prelude::*;
///
/// #[resource("notes://{id}{?page}", mime = "text/markdown", cache(ttl = "60s"))]
/// async fn note(id: u32, page: Option<u32>) -> Option<String> {
///     (id < 10).then(|| format!("# Note {id}, page {}", page.unwrap_or(1)))
/// }
///
/// let [template] = resources![note];
/// assert_eq!(template.key().to_string(), "template `notes://{id}{?page}`");
/// ```
///
/// Options beside those of [`macro@tool`] (without `annotations`): `mime`, `size` in bytes, `audience(user, assistant)`,
/// `priority = 0.5`, `cache(ttl = "60s", scope = "public")`. What is read under `scopes(..)`, or by a handler that takes the caller
/// from the call, is private whatever its scope says.
#[doc(inline)]
pub use toolwright_macros::resource;

/// Makes a prompt of a function.
///
/// Its arguments are typed: what clients send as strings is read as numbers, booleans and enums, and as JSON for anything larger.
/// [`prompts!`](crate::prompts) finds it.
///
/// ```
/// use toolwright::prelude::*;
///
/// /// Asks for a review.
/// #[prompt]
/// fn review(
///     /// The text to review.
///     text: &str,
///     #[arg(default = 3)] remarks: u8,
/// ) -> String {
///     format!("Make {remarks} remarks about:\n{text}")
/// }
///
/// let [prompt] = prompts![review];
/// assert_eq!(prompt.takes()[1].required, Some(false));
/// ```
///
/// Options are those of [`macro@tool`] without `annotations`.
#[doc(inline)]
pub use toolwright_macros::prompt;

/// Makes a function suggest values for an argument of a prompt or of a resource template.
///
/// The first argument is what was typed so far. Further ones are arguments of the same name that were chosen before.
/// [`completions!`](crate::completions) finds it.
///
/// ```
/// use toolwright::prelude::*;
///
/// #[resource("weather://{country}/{city}")]
/// fn weather(country: &str, city: &str) -> String {
///     format!("It rains in {city}, {country}.")
/// }
///
/// #[completion(weather.city)]
/// async fn cities(typed: &str, country: Option<String>) -> Vec<&'static str> {
///     let all: &[_] = if country.as_deref() == Some("de") { &["Bonn", "Berlin"] } else { &["Paris"] };
///     all.iter().copied().filter(|city| city.starts_with(typed)).collect()
/// }
///
/// let [completion] = completions![cities];
/// assert_eq!(completion.target().argument, "city");
/// ```
#[doc(inline)]
pub use toolwright_macros::completion;

/// Makes components of the methods of an impl block, which share one value.
///
/// Methods carry the same attributes as functions and take `&self`. A type has one such block; hand the value to `.provider(..)`.
///
/// ```
/// use toolwright::prelude::*;
///
/// struct Weather {
///     unit: &'static str,
/// }
///
/// #[provider]
/// impl Weather {
///     /// Forecast for a city.
///     #[tool(annotations(read_only))]
///     async fn forecast(&self, city: String) -> String {
///         format!("20 {} in {city}", self.unit)
///     }
///
///     #[resource("weather://{city}/now")]
///     fn now(&self, city: &str) -> String {
///         format!("It rains in {city}.")
///     }
///
///     #[completion(now.city)]
///     fn cities(&self, typed: &str) -> Vec<&'static str> {
///         ["Bonn", "Berlin"].into_iter().filter(|city| city.starts_with(typed)).collect()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> toolwright::Result<()> {
/// let server = Server::builder("weather").provider(Weather { unit: "°C" }).build()?;
/// # #[cfg(feature = "client")] {
/// let client = Client::connect(server).await?;
/// assert_eq!(client.call("forecast", json!({ "city": "Bonn" })).await?.text(), "20 °C in Bonn");
/// # }
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use toolwright_macros::provider;

/// Makes a struct or enum an argument and a result: derives `Serialize`, `Deserialize` and `JsonSchema`.
///
/// Your own crate needs neither `serde` nor `schemars`; attributes of both work as ever. `#[arg(..)]` on a field does what it does
/// on a parameter (without `header`), and what it limits is checked wherever the type is read.
///
/// ```
/// use toolwright::prelude::*;
///
/// /// A place on earth.
/// #[model]
/// #[serde(rename_all = "camelCase")]
/// struct Place {
///     /// Its name.
///     #[arg(length(1..=80))]
///     name: String,
///     #[arg(range(-90.0..=90.0))]
///     latitude: f64,
///     #[arg(default = 3)]
///     zoom_level: u8,
/// }
///
/// let place: Place = serde_json::from_value(json!({ "name": "Bonn", "latitude": 50.7 }))?;
/// assert_eq!(place.zoom_level, 3);
/// assert!(serde_json::from_value::<Place>(json!({ "name": "Bonn", "latitude": 91 })).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[doc(inline)]
pub use toolwright_macros::model;

/// Makes a struct a form that users fill in, or an enum a choice they make.
///
/// A form is flat: fields are strings, `char`, numbers, `bool`, enums with this derive, lists of those enums, and `Option`s of
/// these. A nested struct does not compile. `#[arg(..)]` on a field knows `default`, `range`, `length`, `title`, `description`,
/// `rename` and `format` (`email`, `uri`, `date`, `date-time`); on a variant `title` and `rename`.
///
/// ```
/// use toolwright::{elicit::Elicit, prelude::*};
///
/// #[derive(Elicit, Debug, PartialEq)]
/// enum Row {
///     #[arg(title = "In front")]
///     Front,
///     Back,
/// }
///
/// /// Seats that a guest prefers.
/// #[derive(Elicit)]
/// struct Seats {
///     /// Which row?
///     row: Row,
///     #[arg(default = false)]
///     aisle: bool,
/// }
///
/// let answer = json!({ "row": "Back" }).as_object().cloned().unwrap_or_default();
/// let seats = Seats::from_content(answer)?; // `ctx.elicit::<Seats>("Which seats?").await?` asks for it.
/// assert_eq!((seats.row, seats.aisle), (Row::Back, false));
/// # Ok::<(), HandlerError>(())
/// ```
#[doc(inline)]
pub use toolwright_macros::Elicit;
