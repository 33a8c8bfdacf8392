//! Prompts, and the completion of an argument.
use toolwright::{core::model::PromptMessage, prelude::*, respond::user};

use super::content::pixel;

/// A prompt without arguments.
#[prompt]
fn test_simple_prompt() -> &'static str {
    "This is a simple prompt for testing."
}

/// A prompt with two arguments.
#[prompt]
fn test_prompt_with_arguments(
    /** The first one. */
    arg1: &str,
    /** The second one. */
    arg2: &str,
) -> String {
    format!("Prompt with arguments: arg1='{arg1}', arg2='{arg2}'")
}

#[completion(test_prompt_with_arguments.arg1)]
fn first_arguments(typed: &str) -> Vec<&'static str> {
    ["test", "testing", "tested"].into_iter().filter(|known| known.starts_with(typed)).collect()
}

/// A prompt that holds a resource.
#[prompt]
fn test_prompt_with_embedded_resource(
    /** URI of the resource. */
    #[arg(rename = "resourceUri")]
    uri: String,
) -> [PromptMessage; 2] {
    let file = File::text(uri, "Embedded resource content for testing.").mime("text/plain");
    [user(file), user("Please process the embedded resource above.")]
}

/// A prompt that holds an image.
#[prompt]
fn test_prompt_with_image() -> [PromptMessage; 2] {
    [user(pixel()), user("Please analyze the image above.")]
}

#[derive(Elicit)]
struct UserContext {
    context: String,
}

/// A prompt that asks the user first.
#[prompt]
async fn test_input_required_result_prompt(ctx: &Context) -> Result<String, HandlerError> {
    let UserContext { context } =
        ctx.elicit("What context should the prompt use?").key("user_context").await?.accepted()?;
    Ok(format!("Use this context: {context}"))
}

pub(crate) fn prompts() -> [Prompt; 5] {
    prompts![
        test_simple_prompt,
        test_prompt_with_arguments,
        test_prompt_with_embedded_resource,
        test_prompt_with_image,
        test_input_required_result_prompt,
    ]
}

pub(crate) fn completions() -> [Completion; 1] {
    completions![first_arguments]
}
