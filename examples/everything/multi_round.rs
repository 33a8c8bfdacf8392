//! Questions with keys: a stateless client finds them in an `input_required` result and calls again with the answers.
use toolwright::{component::Requirement, prelude::*};

#[derive(Elicit)]
struct Name {
    name: String,
}

#[derive(Elicit)]
struct Consent {
    ok: bool,
}

#[derive(Elicit)]
struct Color {
    color: String,
}

/// Ask for a name and greet.
#[tool(annotations(read_only))]
async fn test_input_required_result_elicitation(ctx: &Context) -> Result<String, HandlerError> {
    let Name { name } = ctx.elicit("What is your name?").key("user_name").await?.accepted()?;
    Ok(format!("Hello, {name}!"))
}

/// Ask the client's model for a capital.
#[tool(annotations(read_only))]
async fn test_input_required_result_sampling(ctx: &Context) -> Result<String, HandlerError> {
    let question = ctx.sample("What is the capital of France?").max_tokens(100).key("capital_question");
    Ok(format!("The model says: {}", question.await?.text()))
}

/// Ask for the client's folders.
#[tool(annotations(read_only))]
async fn test_input_required_result_list_roots(ctx: &Context) -> Result<String, HandlerError> {
    let roots = ctx.roots().key("client_roots").await?;
    Ok(format!("The client has {} roots", roots.len()))
}

/// Ask for consent, and remember the question meanwhile.
#[tool(annotations(read_only))]
async fn test_input_required_result_request_state(ctx: &Context) -> Result<String, HandlerError> {
    consent(ctx).await
}

/// Ask for consent, and refuse a state that was tampered with.
#[tool(annotations(read_only))]
async fn test_input_required_result_tampered_state(ctx: &Context) -> Result<String, HandlerError> {
    consent(ctx).await
}

async fn consent(ctx: &Context) -> Result<String, HandlerError> {
    let Consent { ok } = ctx.elicit("Please confirm").key("confirm").await?.accepted()?;
    Ok(format!("state-ok, confirmed: {ok}"))
}

/// Ask three questions at once.
#[tool(annotations(read_only))]
async fn test_input_required_result_multiple_inputs(ctx: &Context) -> Result<String, HandlerError> {
    let (name, greeting, roots) = tokio::try_join!(
        ctx.elicit("What is your name?").key("user_name"),
        ctx.sample("Write a short greeting").max_tokens(50).key("greeting"),
        ctx.roots().key("client_roots"),
    )?;
    let Name { name } = name.accepted()?;
    Ok(format!("{name}: {} ({} roots)", greeting.text(), roots.len()))
}

/// Ask two questions, one after the other.
#[tool(annotations(read_only))]
async fn test_input_required_result_multi_round(ctx: &Context) -> Result<String, HandlerError> {
    let Name { name } = ctx.elicit("Step 1: what is your name?").key("step1").await?.accepted()?;
    let message = format!("Step 2: what is your favorite color, {name}?");
    let Color { color } = ctx.elicit(message).key("step2").await?.accepted()?;
    Ok(format!("{name} likes {color}"))
}

/// Ask only what this client can answer.
#[tool(annotations(read_only))]
async fn test_input_required_result_capabilities(ctx: &Context) -> Result<String, HandlerError> {
    let mut answers = Vec::new();
    if ctx.supports(Requirement::Elicitation) {
        let Name { name } = ctx.elicit("What is your name?").key("user_name").await?.accepted()?;
        answers.push(name);
    }
    if ctx.supports(Requirement::Sampling) {
        answers.push(ctx.sample("Write a short greeting").max_tokens(50).key("greeting").await?.text());
    }
    Ok(format!("Answers: {}", answers.join(", ")))
}

pub(crate) fn tools() -> [Tool; 8] {
    tools![
        test_input_required_result_elicitation,
        test_input_required_result_sampling,
        test_input_required_result_list_roots,
        test_input_required_result_request_state,
        test_input_required_result_tampered_state,
        test_input_required_result_multiple_inputs,
        test_input_required_result_multi_round,
        test_input_required_result_capabilities,
    ]
}
