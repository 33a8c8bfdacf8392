//! Mistakes of the author fail in `build()`, all at once and by name.
use serde_json::json;
use toolwright_core::{
    Raw,
    era::Revision,
    model::{GetPromptResult, Meta, PromptArgument, ReadResourceResult},
};
use toolwright_server::{
    Completion, Context, Error, Prompt, Resource, Server, ServerBuilder, Tool, extract::State,
};

use crate::each::says;

struct Db;

fn resource(address: &str) -> Resource {
    Resource::new(address).raw_handler(|_, _| async { Ok(ReadResourceResult::new([])) })
}

fn prompt(name: &str) -> Prompt {
    Prompt::new(name).raw_handler(|_, _| async { Ok(GetPromptResult::default()) })
}

fn completion(completion: Completion) -> Completion {
    completion.handler(|_, _, _| async { Ok(Vec::new()) })
}

/// What is wrong, a line for each mistake.
fn mistakes(builder: ServerBuilder) -> String {
    match builder.build() {
        // Validation, where it is on, has more to say about schemas.
        Err(Error::Build(mut lines)) => {
            lines.retain(|line| !line.contains("schema cannot be used"));
            lines.join("\n").replace(concat!(module_path!(), "::"), "")
        }
        other => panic!("it was built, or failed otherwise: {other:?}"),
    }
}

fn demo() -> ServerBuilder {
    Server::builder("demo")
}

#[test]
fn two_components_of_one_name_are_a_mistake_unless_their_versions_differ() {
    let server = demo()
        .tools([
            says("add", "x"),
            says("add", "y"),
            says("sub", "x").version("1"),
            says("sub", "x").version("1"),
        ])
        .resources([resource("x:/a"), resource("x:/a"), resource("x:/{id}"), resource("x:/{id}")])
        .prompts([prompt("review"), prompt("review")]);
    insta::assert_snapshot!(mistakes(server));
    let fine = demo()
        .tools([says("add", "x"), says("add", "y").version("1"), says("add", "z").version("2")])
        .prompt(prompt("add"));
    assert!(fine.build().is_ok());
}

#[test]
fn names_of_tools_have_an_alphabet_and_a_length() {
    let (longest, too_long) = ("x".repeat(128), "x".repeat(129));
    assert!(demo().tools([says(&longest, "x"), says("A-z_0.9", "x")]).build().is_ok());
    let text =
        mistakes(demo().tools(["", "no spaces", "ünder", "a/b", &too_long].map(|name| says(name, "x"))));
    insta::assert_snapshot!(text.replace(&too_long, "(129 x)"));
}

#[test]
fn uris_and_templates_are_checked() {
    let addresses =
        ["", "no-scheme", "x:/with space", "x:/{", "x:/{}", "x:/{id", "x:/{a}{a}", "x:/{?}", "{x"];
    insta::assert_snapshot!(mistakes(demo().resources(addresses.map(resource))));
}

#[test]
fn schemas_are_objects() {
    let server = demo().tools([
        says("list", "x").input_schema(Raw::from(json!([]))),
        says("text", "x").input_schema(Raw::from(json!("object"))),
        says("untyped", "x").input_schema(Raw::from(json!({ "properties": {} }))),
        says("array", "x").input_schema(Raw::from(json!({ "type": "array" }))),
        says("output", "x").output_schema(Raw::from(json!(true))),
    ]);
    insta::assert_snapshot!(mistakes(server));
    let fine = says("array", "x").output_schema(Raw::from(json!({ "type": "array" })));
    assert!(demo().tool(fine).build().is_ok(), "results may be anything");
}

#[test]
fn what_handlers_need_must_be_there() {
    let needy = || Tool::new("needy").handler(|_: State<Db>| async { "x" });
    insta::assert_snapshot!(mistakes(demo().tool(needy())));
    assert!(demo().tool(needy()).state(Db).build().is_ok());
    assert!(demo().tool(needy()).lifespan(async || Ok(Db), async |_: std::sync::Arc<Db>| {}).build().is_ok());
}

#[test]
fn components_have_handlers() {
    let server = demo()
        .tool(Tool::new("add"))
        .resources([Resource::new("x:/a"), Resource::new("x:/{id}")])
        .prompts([Prompt::new("review"), prompt("typed").argument(PromptArgument::new("a"))])
        .completion(Completion::prompt("typed", "a"));
    insta::assert_snapshot!(mistakes(server));
}

#[test]
fn completions_complete_something() {
    let typed = prompt("typed").argument(PromptArgument::new("city"));
    let server =
        demo().prompt(typed).resources([resource("x:/{id}").name("item"), resource("x:/fixed")]).completions(
            [
                Completion::prompt("no_such", "city"),
                Completion::prompt("typed", "town"),
                Completion::prompt("typed", "city"),
                Completion::prompt("typed", "city"),
                Completion::resource("no_such", "id"),
                Completion::resource("item", "key"),
                Completion::resource("x:/{id}", "id"),
                Completion::resource("item", "id"),
                Completion::resource("x:/fixed", "id"),
            ]
            .map(completion),
        );
    insta::assert_snapshot!(mistakes(server));
}

#[test]
fn prompts_have_names_and_take_each_argument_once() {
    let twice = prompt("twice").argument(PromptArgument::new("a")).argument(PromptArgument::new("a"));
    insta::assert_snapshot!(mistakes(demo().prompts([prompt(""), twice])));
}

#[test]
fn meta_keys_have_a_grammar() {
    let with = |name: &str, key: &str| says(name, "x").meta(Meta::new().member(key, 1));
    let server = demo().tools([with("grammar", "a b"), with("fine", "com.example/x")]);
    insta::assert_snapshot!(mistakes(server));
}

#[test]
fn a_type_of_state_exists_once() {
    let server =
        demo().state(Db).state(7_u8).state(Db).lifespan(async || Ok(8_u8), async |_: std::sync::Arc<u8>| {});
    insta::assert_snapshot!(mistakes(server));
}

#[test]
fn the_server_itself_needs_a_name_and_a_revision() {
    insta::assert_snapshot!(mistakes(Server::builder("").protocols(std::iter::empty::<Revision>())));
}

#[test]
fn all_mistakes_are_found_at_once() {
    let server = Server::builder("").tool(Tool::new("no handler")).resource(resource("x:/{"));
    assert_eq!(mistakes(server).lines().count(), 4);
    let error = demo().tool(Tool::new("add")).build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the server cannot be built:\ntool `add`: it has no handler; give it one with `.handler(..)`"
    );
}

#[tokio::test]
async fn building_runs_nothing() {
    let server = demo()
        .tool(Tool::new("hello").handler(|_: Context| async { "hi" }))
        .lifespan(async || -> Result<u8, _> { panic!("started too early") }, async |_: std::sync::Arc<u8>| {})
        .build();
    assert!(server.is_ok());
}
