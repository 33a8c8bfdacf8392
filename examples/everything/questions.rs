//! Questions of a tool to the user, and to the client's model.
use toolwright::{
    prelude::{serde_json::Value, *},
    question::Elicited,
};

/// Ask the client's model.
#[tool(annotations(read_only))]
async fn test_sampling(ctx: &Context, prompt: String) -> Result<String, HandlerError> {
    let answer = ctx.sample(prompt).max_tokens(100).await?;
    Ok(format!("LLM response: {}", answer.text()))
}

#[model]
#[derive(Debug, Elicit)]
struct User {
    /// Name of the account.
    username: String,
    /// Address for mail.
    email: String,
}

/// Ask the user who they are.
#[tool(annotations(read_only))]
async fn test_elicitation(ctx: &Context, message: String) -> Result<String, HandlerError> {
    Ok(match ctx.elicit::<User>(message).await? {
        Elicited::Accepted(user) => format!("User response: {}", json!(user)),
        other => format!("User response: {other:?}"),
    })
}

#[model]
#[derive(Debug, Elicit)]
enum Status {
    #[arg(rename = "active")]
    Active,
    #[arg(rename = "inactive")]
    Inactive,
    #[arg(rename = "pending")]
    Pending,
}

#[model]
#[derive(Debug, Elicit)]
struct Profile {
    #[arg(default = "John Doe")]
    name: String,
    #[arg(default = 30)]
    age: i64,
    #[arg(default = 95.5)]
    score: f64,
    #[arg(default = Status::Active)]
    status: Status,
    #[arg(default = true)]
    verified: bool,
}

/// Ask the user with a form that is filled in already.
#[tool(annotations(read_only))]
async fn test_elicitation_sep1034_defaults(ctx: &Context) -> Result<String, HandlerError> {
    let profile: Elicited<Profile> = ctx.elicit("Please check your profile").await?;
    Ok(completed(profile.map(|profile| json!(profile))))
}

/// Ask the user with every kind of choice that a form can have.
#[tool(annotations(read_only))]
async fn test_elicitation_sep1330_enums(ctx: &Context) -> Result<String, HandlerError> {
    let titled = json!([{ "const": "a", "title": "Option A" }, { "const": "b", "title": "Option B" }]);
    let form = json!({
        "type": "object",
        "properties": {
            "untitledSingle": { "type": "string", "enum": ["a", "b"] },
            "titledSingle": { "type": "string", "oneOf": titled },
            "legacyEnum": { "type": "string", "enum": ["a", "b"], "enumNames": ["Option A", "Option B"] },
            "untitledMulti": { "type": "array", "items": { "type": "string", "enum": ["a", "b"] } },
            "titledMulti": { "type": "array", "items": { "anyOf": titled } },
        },
    });
    Ok(completed(ctx.elicit_form("Please choose", form).await?.map(Value::Object)))
}

fn completed(answer: Elicited<Value>) -> String {
    let (action, content) = match answer {
        Elicited::Accepted(content) => ("accept", content),
        Elicited::Declined => ("decline", Value::Null),
        _ => ("cancel", Value::Null),
    };
    format!("Elicitation completed: action={action}, content={content}")
}

/// Refuse to run for clients without sampling.
#[tool(annotations(read_only), requires(sampling))]
async fn test_missing_capability() -> &'static str {
    "The client has sampling"
}

/// Ask the user, and say so meanwhile.
#[tool(annotations(read_only))]
async fn test_streaming_elicitation(ctx: &Context) -> Result<String, HandlerError> {
    ctx.progress(1, 2);
    let go_on = ctx.confirm("Go on?").await?;
    Ok(format!("Confirmed: {go_on}"))
}

pub(crate) fn tools() -> [Tool; 6] {
    tools![
        test_sampling,
        test_elicitation,
        test_elicitation_sep1034_defaults,
        test_elicitation_sep1330_enums,
        test_missing_capability,
        test_streaming_elicitation,
    ]
}
